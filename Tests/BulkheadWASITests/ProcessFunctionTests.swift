import BulkheadWASI
import Foundation
import Testing

struct ProcessFunctionTests {
    @Test func argumentsAreCopied() throws {
        var configuration = WASIConfiguration()
        configuration.arguments = ["program", "", "zwölf"]
        let guest = try Guest(configuration)
        #expect(try guest.call("args_sizes_get", 0, 4) == .success)
        #expect(guest.load(UInt32.self, at: 0) == 3)
        #expect(guest.load(UInt32.self, at: 4) == 8 + 1 + 7)

        #expect(try guest.call("args_get", 100, 200) == .success)
        #expect((0..<3).map { guest.load(UInt32.self, at: 100 + $0 * 4) } == [200, 208, 209])
        #expect(guest.bytes(at: 200, count: 16) == Array("program\0\0zwölf\0".utf8))
    }

    @Test func variablesAreCopiedInOrder() throws {
        var configuration = WASIConfiguration()
        configuration.environment = ["PATH": "/bin=x", "A": ""]
        let guest = try Guest(configuration)
        #expect(try guest.call("environ_sizes_get", 0, 4) == .success)
        #expect(guest.load(UInt32.self, at: 0) == 2)
        #expect(guest.load(UInt32.self, at: 4) == 15)
        #expect(try guest.call("environ_get", 100, 200) == .success)
        #expect(guest.load(UInt32.self, at: 104) == 203)
        #expect(guest.bytes(at: 200, count: 15) == Array("A=\0PATH=/bin=x\0".utf8))
    }

    @Test func withoutArgumentsThereIsNothing() throws {
        let guest = try Guest()
        guest.store(UInt64.max, at: 0)
        #expect(try guest.call("args_sizes_get", 0, 4) == .success)
        #expect(guest.load(UInt64.self, at: 0) == 0)
        // Even at the very end of memory.
        #expect(try guest.call("args_get", guest.size, guest.size) == .success)
        #expect(try guest.call("environ_get", guest.size, guest.size + 1) == .fault)
    }

    @Test func argumentsThatDoNotFitChangeNothing() throws {
        var configuration = WASIConfiguration()
        configuration.arguments = ["program"]
        let guest = try Guest(configuration)
        #expect(try guest.call("args_get", guest.size - 3, 0) == .fault)
        #expect(guest.bytes(at: 0, count: 8) == [UInt8](repeating: 0, count: 8))
        #expect(try guest.call("args_get", 0, guest.size - 7) == .fault)
        #expect(guest.load(UInt32.self, at: 0) == 0)
    }

    @Test(arguments: [["a\0b"], ["\0"]])
    func nulInAnArgumentIsRefused(arguments: [String]) {
        var configuration = WASIConfiguration()
        configuration.arguments = arguments
        #expect(throws: WASISetupError.self) { try WASIContext(configuration) }
    }

    @Test(arguments: [["": "x"], ["A=B": "x"], ["A": "\0"], ["A\0": ""]])
    func badVariablesAreRefused(environment: [String: String]) {
        var configuration = WASIConfiguration()
        configuration.environment = environment
        #expect(throws: WASISetupError.self) { try WASIContext(configuration) }
    }

    // MARK: - Clocks

    @Test func clocksTick() throws {
        let guest = try Guest()
        for id in 0..<4 {
            #expect(try guest.call("clock_res_get", id, 0) == .success)
            let resolution = guest.load(UInt64.self, at: 0)
            #expect(resolution > 0 && resolution < 1_000_000_000)
            #expect(try guest.call("clock_time_get", id, 0, 0) == .success)
            let first = guest.load(UInt64.self, at: 0)
            #expect(try guest.call("clock_time_get", id, UInt64.max, 0) == .success)
            #expect(guest.load(UInt64.self, at: 0) >= first)
        }
        #expect(try guest.call("clock_time_get", 0, 0, 0) == .success)
        let seconds = Double(guest.load(UInt64.self, at: 0)) / 1e9
        #expect(abs(seconds - Date().timeIntervalSince1970) < 10)
        for id in [4, UInt32.max] {
            #expect(try guest.call("clock_res_get", id, 0) == .inval)
            #expect(try guest.call("clock_time_get", id, 0, 0) == .inval)
        }
    }

    @Test func clocksCanBeReplaced() throws {
        var configuration = WASIConfiguration()
        configuration.clocks.now = { $0 == .realtime ? 42 : nil }
        configuration.clocks.resolution = { _ in 0 }
        let guest = try Guest(configuration)
        #expect(try guest.call("clock_time_get", 0, 0, 0) == .success)
        #expect(guest.load(UInt64.self, at: 0) == 42)
        #expect(try guest.call("clock_time_get", 1, 0, 0) == .inval)
        // A clock without a resolution would make guests divide by it.
        #expect(try guest.call("clock_res_get", 0, 0) == .success)
        #expect(guest.load(UInt64.self, at: 0) == 1)
    }

    // MARK: - Random bytes

    @Test func randomBytesFillTheBufferAndNoMore() throws {
        let guest = try Guest()
        #expect(try guest.call("random_get", 100, 1000) == .success)
        #expect(guest.bytes(at: 0, count: 100).allSatisfy { $0 == 0 })
        #expect(guest.bytes(at: 1100, count: 100).allSatisfy { $0 == 0 })
        #expect(Set(guest.bytes(at: 100, count: 1000)).count > 100)
        #expect(try guest.call("random_get", 0, guest.size) == .success)
        #expect(try guest.call("random_get", guest.size, 0) == .success)
        #expect(try guest.call("random_get", 1, guest.size) == .fault)
        #expect(try guest.call("random_get", UInt32.max, UInt32.max) == .fault)
    }

    @Test func randomnessCanBeReplaced() throws {
        var configuration = WASIConfiguration()
        configuration.random = { buffer in
            buffer.initializeMemory(as: UInt8.self, repeating: 7)
            return true
        }
        let guest = try Guest(configuration)
        #expect(try guest.call("random_get", 0, 4) == .success)
        #expect(guest.load(UInt64.self, at: 0) == 0x0707_0707)
        configuration.random = { _ in false }
        #expect(try Guest(configuration).call("random_get", 0, 4) == .io)
    }

    // MARK: - The process

    @Test(arguments: [0, 1, 255, UInt32.max])
    func exitThrowsItsCode(code: UInt32) throws {
        let guest = try Guest()
        #expect(throws: WASIExit(code: code)) { try guest.call("proc_exit", code) }
        // A slot's high half is not part of an i32.
        #expect(throws: WASIExit(code: code)) { try guest.call("proc_exit", UInt64(code) | 7 << 32) }
    }

    @Test func signalsEndTheInstanceAndNotTheHost() throws {
        let guest = try Guest()
        for ignored in [0, 13, 16, 17, 22, 27] { #expect(try guest.call("proc_raise", ignored) == .success) }
        for stopping in 18...21 { #expect(try guest.call("proc_raise", stopping) == .notsup) }
        for unknown: UInt32 in [31, 255, .max] { #expect(try guest.call("proc_raise", unknown) == .inval) }
        for ending: UInt32 in [1, 2, 6, 9, 11, 15, 30] {
            #expect(throws: WASIExit(code: 128 + ending)) { try guest.call("proc_raise", ending) }
        }
    }

    @Test func yielding() throws {
        #expect(try Guest().call("sched_yield") == .success)
    }
}
