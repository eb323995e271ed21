import Foundation

/// Files that a compiler made for the tests, kept in `BULKHEAD_TEST_CACHE` where that is set, so that a virtual machine without
/// compilers can be given them. Nothing checks that what is kept is up to date: the directory is for one build of the tests.
enum KeptFiles {
    static let directory = ProcessInfo.processInfo.environment["BULKHEAD_TEST_CACHE"]

    /// Puts files with these names into `place`: those that are kept, else those that `make` makes there.
    static func provide(_ names: [String], in place: String, _ make: () throws -> Void) throws {
        guard let directory else { return try make() }
        let files = FileManager.default
        if names.allSatisfy({ files.fileExists(atPath: "\(directory)/\($0)") }) {
            for name in names { try files.copyItem(atPath: "\(directory)/\(name)", toPath: "\(place)/\(name)") }
        } else {
            try make()
            for name in names {
                try? files.removeItem(atPath: "\(directory)/\(name)")
                try files.copyItem(atPath: "\(place)/\(name)", toPath: "\(directory)/\(name)")
            }
        }
    }
}
