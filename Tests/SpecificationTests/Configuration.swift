import Bulkhead
import Foundation
import Testing
import Toolchain
import WasmModule

/// A way of compiling that all scripts must pass in.
enum Configuration: String, CaseIterable, CustomTestStringConvertible {
    case clangWithSegment = "clang, segment"
    case clangFlat = "clang, flat"
    case clangWithSegmentForFloats = "clang, segment for floats"
    case gccWithSegment = "gcc, segment"

    var testDescription: String { rawValue }

    private var family: Compiler.Family {
        switch self {
        case .clangWithSegment, .clangFlat, .clangWithSegmentForFloats: .clang
        case .gccWithSegment: .gcc
        }
    }

    private var segue: Segue {
        switch self {
        case .clangWithSegment, .gccWithSegment: .all
        case .clangFlat: .none
        case .clangWithSegmentForFloats: .floats
        }
    }

    /// Those whose compiler is on this machine. The others are reported, once.
    static let available: [Configuration] = allCases.filter { configuration in
        if configuration.compiler != nil { return true }
        print("skipped: \(configuration.rawValue): \(configuration.family.rawValue) not found")
        return false
    }

    /// By its own name, else (clang beside `swift`) as the compiler that is found by default.
    private var compiler: Compiler? {
        if let named = try? Compiler.find(named: family.rawValue), named.family == family { return named }
        var environment = ProcessInfo.processInfo.environment
        environment["BULKHEAD_CC"] = nil
        guard let standard = try? Compiler.find(environment: environment) else { return nil }
        return standard.family == family ? standard : nil
    }

    func engine(features: Features) throws -> Engine {
        var configuration = EngineConfiguration()
        configuration.compiler = try #require(compiler, "\(family.rawValue) not found").path
        configuration.segue = segue
        configuration.features = features
        configuration.cache = .directory(Self.cache)
        return Engine(configuration: configuration)
    }

    /// One for the whole run, removed at its end.
    private static let cache: String = {
        var template = Array("\(FileManager.default.temporaryDirectory.path)/bulkhead-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { preconditionFailure("no temporary directory") }
        atexit { try? FileManager.default.removeItem(atPath: Configuration.cache) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()
}
