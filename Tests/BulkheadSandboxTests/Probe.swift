import Bulkhead
import BulkheadSandbox
import Foundation
import Toolchain

/// The same code whatever the machine, so that what was compiled here serves in a virtual one.
let testEngine: Engine = {
    var configuration = EngineConfiguration()
    configuration.segue = .all
    return Engine(configuration: configuration)
}()

/// A small library in C, compiled to WebAssembly when the tests run, and bindings for it written by hand.
enum Probe: SandboxLibrary {
    static let interface = SandboxInterface(
        name: "Probe",
        functions: """
            add ii>i
            scale Ff>F
            fill iii>
            sum ii>i
            call_later i>
            call_now ii>i
            repeat ii>i
            crash ii>
            spin >
            recurse i>i
            make_pair iii>
            greet >i
            grow i>i
            log_line i>
            clock >I
            absent >i
            call_in_malloc i>
            freed_count >i
            variables >i
            write_to ii>i
            """)

    static let source = """
        #include <stddef.h>
        #include <stdint.h>
        typedef int (*transform)(void *data, int value);
        struct pair { short first; int second; };
        int add(int a, int b) { return a + b; }
        double scale(double a, float b) { return a * b; }
        void fill(unsigned char *p, int count, int byte) { while (count--) *p++ = byte; }
        unsigned sum(const unsigned char *p, int count) { unsigned s = 0; while (count--) s += *p++; return s; }
        static transform later;
        void call_later(transform f) { later = f; }
        int call_now(void *data, int value) { return later(data, value); }
        int repeat(transform f, int count) { int v = 0; for (int i = 0; i < count; i++) v = f(0, v); return v; }
        void crash(volatile int *where, int value) { *where = value; }
        void spin(void) { for (;;) __asm__ volatile(""); }
        int recurse(int n) { volatile int a = n; return a ? recurse(a - 1) + 1 : 0; }
        void make_pair(struct pair *result, int first, int second) { result->first = first; result->second = second; }
        const char *greet(void) { return "hello from inside"; }
        int grow(int pages) { return __builtin_wasm_memory_grow(0, pages); }
        __attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write")))
        int fd_write(int fd, const void *vectors, int count, int *written);
        int write_to(int fd, const char *text) {
            int length = 0, written;
            while (text[length]) length++;
            struct { const char *start; int count; } vector = {text, length};
            return fd_write(fd, &vector, 1, &written);
        }
        void log_line(const char *text) { write_to(2, text); }
        __attribute__((import_module("wasi_snapshot_preview1"), import_name("clock_time_get")))
        int clock_time_get(int clock, long long precision, long long *time);
        long long clock(void) { long long time; clock_time_get(0, 0, &time); return time; }
        __attribute__((import_module("wasi_snapshot_preview1"), import_name("environ_sizes_get")))
        int environ_sizes_get(int *count, int *size);
        int variables(void) { int count = 7, size = 7; return environ_sizes_get(&count, &size) * 100 + count + size; }
        extern unsigned char __heap_base;
        static unsigned char *top = &__heap_base;
        static transform hostile;
        void call_in_malloc(transform f) { hostile = f; }
        void *malloc(size_t size) {
            transform f = hostile;
            hostile = 0;
            if (f) f(0, 5);
            size = (size + 15) & ~15;
            size_t end = (size_t)__builtin_wasm_memory_size(0) << 16;
            if (size > end || (size_t)top > end - size) {
                if (__builtin_wasm_memory_grow(0, (size >> 16) + 1) == (size_t)-1) return 0;
            }
            unsigned char *p = top;
            top += size;
            return p;
        }
        int freed;
        void free(void *p) { if (p) freed++; }
        int freed_count(void) { return freed; }
        """

    /// `int (*)(void *, int)`.
    enum Transform: SandboxFunctionType {
        typealias Library = Probe
        typealias Body = (inout Sandbox<Probe>, SandboxRawPointer?, Tainted<Int32>) throws -> Int32
        static let name = "transform"
        static let signature = "ii>i"

        static func call(
            _ body: Body, _ sandbox: inout Sandbox<Probe>, _ slots: UnsafeMutablePointer<UInt64>
        ) throws {
            slots[0] = try body(
                &sandbox, SandboxRawPointer(slot: slots[0], sandbox.machine), Tainted(slot: slots[1])
            ).slot
        }
    }

    struct Pair: SandboxRecord, Equatable {
        var first: Int16 = 0
        var second: Int32 = 0

        static let layout = PerMachine(Layout(size: 8, alignment: 4))

        static func load(_ bytes: UnsafeRawPointer, _ machine: Machine) -> Pair {
            Pair(first: .load(bytes, machine), second: .load(bytes + 4, machine))
        }

        static func store(_ value: Pair, _ bytes: UnsafeMutableRawPointer, _ machine: Machine) {
            Int16.store(value.first, bytes, machine)
            Int32.store(value.second, bytes + 4, machine)
        }
    }

    static let image = Result { try SandboxImage<Probe>(module: module.get()) }

    static let module = Result { try testEngine.compile(wasm.get(), name: "probe") }

    static let wasm = Result {
        let directory = FileManager.default.temporaryDirectory.appending(path: "probe-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try KeptFiles.provide(["probe.wasm"], in: directory) { try compile(in: directory) }
        return [UInt8](try Data(contentsOf: URL(filePath: "\(directory)/probe.wasm")))
    }

    private static func compile(in directory: String) throws {
        let clang = try Compiler.find(named: "clang")
        try source.write(toFile: "\(directory)/probe.c", atomically: true, encoding: .utf8)
        let outcome = try Subprocess(
            clang.path,
            [
                "--target=wasm32", "-nostdlib", "-O1", "-fno-builtin", "-Wl,--no-entry", "-Wl,--export-all",
                "-Wl,--export-table", "-Wl,--growable-table", "-Wl,--max-memory=16777216", "-o",
                "\(directory)/probe.wasm", "\(directory)/probe.c",
            ], environment: ProcessInfo.processInfo.environment
        ).run()
        guard outcome.termination == .exited(0) else {
            throw SandboxError.interface("clang: \(outcome.standardError.text)")
        }
    }

    static func sandbox(
        limits: SandboxLimits = SandboxLimits(), capabilities: SandboxCapabilities = .none
    ) throws -> Sandbox<Probe> {
        try Sandbox(image.get(), limits: limits, capabilities: capabilities)
    }
}

extension SandboxPointer where Pointee == Probe.Pair {
    var first: SandboxPointer<Int16> { field(PerMachine(0)) }
    var second: SandboxPointer<Int32> { field(PerMachine(4)) }
}

extension Sandbox where Library == Probe {
    mutating func add(_ a: some SandboxArgument<Int32>, _ b: some SandboxArgument<Int32>) throws -> Tainted<Int32> {
        Tainted(
            slot: try call(0, slots: 2) {
                $0[0] = a.slot
                $0[1] = b.slot
            })
    }

    mutating func add(_ a: Int32, _ b: Int32) throws -> Tainted<Int32> {
        Tainted(
            slot: try call(0, slots: 2) {
                $0[0] = a.slot
                $0[1] = b.slot
            })
    }

    mutating func scale(_ a: Double, _ b: Float) throws -> Tainted<Double> {
        Tainted(
            slot: try call(1, slots: 2) {
                $0[0] = a.slot
                $0[1] = b.slot
            })
    }

    mutating func fill(_ pointer: SandboxPointer<UInt8>?, _ count: Int32, _ byte: Int32) throws {
        _ = try call(2, slots: 3) {
            $0[0] = pointer.slot()
            $0[1] = count.slot
            $0[2] = byte.slot
        }
    }

    mutating func sum(_ pointer: SandboxPointer<UInt8>?, _ count: Int32) throws -> Tainted<UInt32> {
        Tainted(
            slot: try call(3, slots: 2) {
                $0[0] = pointer.slot()
                $0[1] = count.slot
            })
    }

    mutating func callLater(_ function: SandboxFunctionPointer<Probe.Transform>?) throws {
        _ = try call(4, slots: 1) { $0[0] = function.slot() }
    }

    mutating func callNow(_ data: SandboxRawPointer?, _ value: Int32) throws -> Tainted<Int32> {
        Tainted(
            slot: try call(5, slots: 2) {
                $0[0] = data.slot()
                $0[1] = value.slot
            })
    }

    mutating func `repeat`(
        _ function: SandboxFunctionPointer<Probe.Transform>?, _ count: Int32
    ) throws -> Tainted<Int32> {
        Tainted(
            slot: try call(6, slots: 2) {
                $0[0] = function.slot()
                $0[1] = count.slot
            })
    }

    mutating func crash(_ place: SandboxPointer<Int32>?, _ value: Int32) throws {
        _ = try call(7, slots: 2) {
            $0[0] = place.slot()
            $0[1] = value.slot
        }
    }

    mutating func spin() throws { _ = try call(8, slots: 0) { _ in } }

    mutating func recurse(_ depth: Int32) throws -> Tainted<Int32> {
        Tainted(slot: try call(9, slots: 1) { $0[0] = depth.slot })
    }

    /// A record by value, as bindings return one.
    mutating func makePair(_ first: Int32, _ second: Int32) throws -> Tainted<Probe.Pair> {
        try withScratch(size: 8) { sandbox, scratch in
            _ = try sandbox.call(10, slots: 3) {
                $0[0] = scratch.slot
                $0[1] = first.slot
                $0[2] = second.slot
            }
            return try sandbox.load(scratch.cast(to: Probe.Pair.self))
        }
    }

    mutating func greet() throws -> SandboxPointer<CChar>? {
        SandboxPointer(slot: try call(11, slots: 0) { _ in }, machine)
    }

    mutating func grow(_ pages: Int32) throws -> Tainted<Int32> {
        Tainted(slot: try call(12, slots: 1) { $0[0] = pages.slot })
    }

    mutating func logLine(_ text: SandboxPointer<CChar>?) throws {
        _ = try call(13, slots: 1) { $0[0] = text.slot() }
    }

    mutating func clock() throws -> Tainted<Int64> { Tainted(slot: try call(14, slots: 0) { _ in }) }

    /// The next `malloc` calls the function first.
    mutating func callInMalloc(_ function: SandboxFunctionPointer<Probe.Transform>?) throws {
        _ = try call(16, slots: 1) { $0[0] = function.slot() }
    }

    /// How many blocks were freed.
    mutating func freedCount() throws -> Tainted<Int32> { Tainted(slot: try call(17, slots: 0) { _ in }) }

    /// How many environment variables there are and bytes they take.
    mutating func variables() throws -> Tainted<Int32> { Tainted(slot: try call(18, slots: 0) { _ in }) }

    /// WASI's error number.
    mutating func writeTo(_ descriptor: Int32, _ text: SandboxPointer<CChar>?) throws -> Tainted<Int32> {
        Tainted(
            slot: try call(19, slots: 2) {
                $0[0] = descriptor.slot
                $0[1] = text.slot()
            })
    }

    mutating func absent() throws -> Tainted<Int32> { Tainted(slot: try call(15, slots: 0) { _ in }) }
}
