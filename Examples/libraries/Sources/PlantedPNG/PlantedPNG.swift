import BulkheadSandbox
import Foundation

/// libpng with the hole that CVE-2004-0597 was (`recipes/PlantedPNG-transparency.patch`). For tests and demonstrations.
public enum PlantedPNG {
    /// The library under the bindings of another: those of libpng, which has the same functions.
    public static func image<Library: SandboxLibrary>(
        for library: Library.Type, isDirect: Bool
    ) throws -> SandboxImage<Library> {
        let ending = isDirect ? "direct.so" : "so"
        guard let path = Bundle.module.path(forResource: "\(LibPlantedPNG.interface.name).\(ending)", ofType: nil)
        else { throw SandboxError.interface("the library is not in the bundle") }
        return isDirect ? try SandboxImage(direct: path) : try SandboxImage(artifact: path)
    }
}
