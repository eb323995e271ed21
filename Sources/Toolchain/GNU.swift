import Glibc

/// What glibc has and its Swift module hides, because the module is built without `_GNU_SOURCE`. Functions are looked
/// up when first used, and are `nil` where the C library is too old to have them.
enum GNU {
    /// `O_PATH`: names a file without opening it for anything, even where reading is not permitted.
    static let openPathOnly: Int32 = 0o10000000

    /// glibc 2.9.
    static let pipe2 = function("pipe2", as: (@convention(c) (UnsafeMutablePointer<Int32>, Int32) -> Int32).self)

    /// glibc 2.29.
    static let addChangeDirectory = function(
        "posix_spawn_file_actions_addchdir_np",
        as: (@convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>) -> Int32).self)

    /// glibc 2.34.
    static let addCloseFrom = function(
        "posix_spawn_file_actions_addclosefrom_np",
        as: (@convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32).self)

    private static func function<F>(_ name: String, as type: F.Type) -> F? {
        // A null handle is RTLD_DEFAULT: the libraries this process already has.
        dlsym(nil, name).map { unsafeBitCast($0, to: type) }
    }
}
