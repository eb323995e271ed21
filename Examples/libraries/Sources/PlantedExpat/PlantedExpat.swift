import BulkheadSandbox
import Foundation

/// Expat with a hole in it (`recipes/PlantedExpat-attributes.patch`), to show what a hole amounts to. For the tests; not a product.
public enum PlantedExpat {
    /// The library under the bindings of another: those of Expat, which has the same functions.
    public static func image<Library: SandboxLibrary>(
        for library: Library.Type, isDirect: Bool
    ) throws -> SandboxImage<Library> {
        let ending = isDirect ? "direct.so" : "so"
        guard let path = Bundle.module.path(forResource: "\(LibPlantedExpat.interface.name).\(ending)", ofType: nil)
        else { throw SandboxError.interface("the library is not in the bundle") }
        return isDirect ? try SandboxImage(direct: path) : try SandboxImage(artifact: path)
    }
}
