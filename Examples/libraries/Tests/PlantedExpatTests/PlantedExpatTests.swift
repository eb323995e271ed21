import BulkheadSandbox
import Expat
import Foundation
import PlantedExpat
import Testing

/// The same two documents, and the same Expat with the same hole: what they do to the host without a sandbox, and with one.
@Suite struct PlantedExpatTests {
    /// An attribute that is longer than the array it is copied to by a few bytes.
    private static let fewBytes = "<a x='0123456789abcdef--------########!!!!'/>"

    /// An attribute that overwrites the pointer behind the array, and another that is then written where it points to.
    private static let wild = "<a x='0123456789abcdef\(String(repeating: "A", count: 6))' y='owned'/>"

    // MARK: - Without a sandbox

    @Test func withoutASandboxAFewBytesAreTheHosts() async {
        await #expect(processExitsWith: .exitCode(3)) {
            let neighbours = Neighbours()
            Self.read(Self.fewBytes, try PlantedExpat.image(for: LibExpat.self, isDirect: true))
            exit(neighbours.areIntact ? 0 : 3)
        }
    }

    @Test func withoutASandboxAWildWriteIsTheHosts() async {
        await #expect(processExitsWith: .exitCode(4)) {
            let page = try Page(at: 0x4141_4141_4000)
            Self.read(Self.wild, try PlantedExpat.image(for: LibExpat.self, isDirect: true))
            // The attacker's words at the attacker's address.
            exit(page.bytes[0x141..<0x147].elementsEqual(Array("owned\0".utf8)) ? 4 : 0)
        }
    }

    // MARK: - In a sandbox

    @Test func inASandboxAFewBytesAreTheSandboxs() throws {
        let neighbours = Neighbours()
        Self.read(Self.fewBytes, try PlantedExpat.image(for: LibExpat.self, isDirect: false))
        #expect(neighbours.areIntact)
        try expectThatTheNextDocumentIsRead()
    }

    @Test func inASandboxAWildWriteGoesNowhere() throws {
        // At the whole address, and at what the sandbox's 32 bits have of it.
        let pages = [try Page(at: 0x4141_4141_4000), try Page(at: 0x4141_4000)]
        let error = Self.read(Self.wild, try PlantedExpat.image(for: LibExpat.self, isDirect: false))
        guard case .stopped(let reason) = error as? XMLError else {
            Issue.record("the sandbox took it: \(String(describing: error))")
            return
        }
        #expect(reason.contains("out of bounds"))
        #expect(pages.allSatisfy { $0.isIntact })
        try expectThatTheNextDocumentIsRead()
    }

    private func expectThatTheNextDocumentIsRead() throws {
        let reader = try XMLReader(image: PlantedExpat.image(for: LibExpat.self, isDirect: false))
        #expect(try reader.events(of: Array("<a b='c'>d</a>".utf8)).count == 3)
    }

    @discardableResult
    private static func read(_ document: String, _ image: SandboxImage<LibExpat>) -> (any Error)? {
        do {
            _ = try XMLReader(image: image, poolSize: 0).events(of: Array(document.utf8))
            return nil
        } catch {
            return error
        }
    }
}

/// Memory of the host's around places that the next small allocations get.
private final class Neighbours {
    private static let size = 24
    private var kept: [UnsafeMutableRawPointer] = []

    init() {
        var others: [UnsafeMutableRawPointer] = []
        for position in 0..<4000 {
            guard let memory = malloc(Self.size) else { continue }
            memset(memory, 0x5A, Self.size)
            if position % 2 == 0 { kept.append(memory) } else { others.append(memory) }
        }
        for memory in others { free(memory) }
    }

    var areIntact: Bool {
        kept.allSatisfy { UnsafeRawBufferPointer(start: $0, count: Self.size).allSatisfy { $0 == 0x5A } }
    }
}

/// A page of the host's at an address that an attacker knows.
private final class Page {
    let bytes: UnsafeMutableRawBufferPointer

    struct NotFree: Error {}

    init(at address: UInt) throws {
        let place = UnsafeMutableRawPointer(bitPattern: address)
        // MAP_FIXED_NOREPLACE, which is a macro that Swift doesn't see.
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | 0x100000
        let memory = mmap(place, 4096, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let memory, memory == place else { throw NotFree() }
        bytes = UnsafeMutableRawBufferPointer(start: memory, count: 4096)
        bytes.initializeMemory(as: UInt8.self, repeating: 0x5A)
    }

    deinit { munmap(bytes.baseAddress, bytes.count) }

    var isIntact: Bool { bytes.allSatisfy { $0 == 0x5A } }
}
