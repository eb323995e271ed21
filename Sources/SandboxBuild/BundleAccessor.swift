/// Swift that finds a library's compiled code among the resources of the target it is part of.
struct BundleAccessor {
    let manifest: SandboxManifest
    /// Names of the files, with their endings.
    let library: String
    let direct: String?

    var swift: String {
        let name = manifest.library
        var text = """

            // MARK: - The code, a resource of this target

            import Foundation

            extension \(name) {
                /// The library's code, loaded at the first call; what went wrong then is thrown at each.
                public static func image() throws -> SandboxImage<\(name)> { try loadedImage.get() }

                private static let loadedImage = Result { try SandboxImage<\(name)>(artifact: resource("\(library)")) }

            """
        if let direct {
            text += """

                    /// The library for direct mode, in which nothing is sandboxed; for porting and comparing.
                    public static func directImage() throws -> SandboxImage<\(name)> { try loadedDirectImage.get() }

                    private static let loadedDirectImage = Result { try SandboxImage<\(name)>(direct: resource("\(direct)")) }

                """
        }
        text += """

                private static func resource(_ name: String) throws -> String {
                    guard let path = Bundle.module.path(forResource: name, ofType: nil) else {
                        throw SandboxError.interface(
                            "there is no \\(name) in \\(Bundle.module.bundlePath), where the build puts it; copy the bundle with the program")
                    }
                    return path
                }
            }

            """
        return text
    }
}
