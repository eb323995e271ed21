import CBulkhead
import CPrelude
import Glibc
import Toolchain
import WasmModule

/// A compiled module, ready to be instantiated in any number of stores, on any thread. Made by an `Engine`.
public final class Module: Sendable {
    let artifact: Artifact
    /// In the artifact's constant data.
    nonisolated(unsafe) let descriptor: UnsafePointer<bulkhead_module>
    /// `nil` where the data is quickly copied.
    private let image: ImageOnDemand?

    init(artifact: Artifact, descriptor: UnsafePointer<bulkhead_module>) {
        self.artifact = artifact
        self.descriptor = descriptor
        let data = UnsafeBufferPointer(start: descriptor.pointee.data, count: Int(descriptor.pointee.data_count))
        dataSize = data.reduce(0) { $0 + Int($1.count) }
        image = dataSize >= ImageOnDemand.minimum ? ImageOnDemand() : nil
    }

    /// Bytes of the data segments.
    let dataSize: Int

    public var name: String { String(cString: descriptor.pointee.name) }

    /// Whether instantiation runs a function of the module's. Spec: 2.5.9.
    public var hasStartFunction: Bool { descriptor.pointee.start != .max }

    public struct Import: Hashable, Sendable {
        public let module: String
        public let name: String
        public let type: ExternalType
    }

    public var imports: [Import] {
        (0..<Int(descriptor.pointee.import_count)).map { position in
            let raw = descriptor.pointee.imports[position]
            return Import(
                module: String(bytes: raw.module, count: raw.module_length),
                name: String(bytes: raw.name, count: raw.name_length), type: type(of: raw))
        }
    }

    public struct Export: Hashable, Sendable {
        public let name: String
        public let kind: Kind

        /// What can be said of an export without an instance.
        public enum Kind: Hashable, Sendable {
            case function(FunctionType)
            case table
            case memory
            case global
        }
    }

    /// In the module's order.
    public var exports: [Export] {
        let importedFunctions = imports.compactMap { entry -> FunctionType? in
            if case .function(let type) = entry.type { type } else { nil }
        }
        return (0..<Int(descriptor.pointee.export_count)).map { position in
            let raw = descriptor.pointee.exports[position]
            let kind: Export.Kind =
                switch raw.kind {
                case 0: .function(functionType(Int(raw.index), importedFunctions))
                case 1: .table
                case 2: .memory
                default: .global
                }
            return Export(name: String(bytes: raw.name, count: raw.name_length), kind: kind)
        }
    }

    private func functionType(_ index: Int, _ imported: [FunctionType]) -> FunctionType {
        if index < imported.count { return imported[index] }
        let defined = descriptor.pointee.functions[index - imported.count]
        let signature = descriptor.pointee.types[Int(defined.type)]
        return signature.map(Signature.parse) ?? FunctionType(parameters: [], results: [])
    }

    private func type(of raw: bulkhead_import) -> ExternalType {
        let limits = Limits(minimum: raw.minimum, maximum: raw.has_maximum != 0 ? raw.maximum : nil)
        switch raw.kind {
        case 0:
            let signature = descriptor.pointee.types[Int(raw.type)]
            return .function(signature.map(Signature.parse) ?? FunctionType(parameters: [], results: []))
        case 1: return .table(TableType(element: ReferenceType(rawValue: UInt8(raw.type)) ?? .funcref, limits: limits))
        case 2: return .memory(MemoryType(limits: limits))
        default:
            return .global(
                GlobalType(
                    value: ValueType(rawValue: UInt8(raw.type)) ?? .i32,
                    mutability: raw.minimum != 0 ? .variable : .constant))
        }
    }

    /// Links the imports, makes memories, tables and globals, fills them, and runs the start function. Spec: 4.5.4.
    ///
    /// - Parameter limits: what the instance may use. They hold for the start function too.
    /// - Throws: `BulkheadError` where an import is missing or doesn't fit, or the module begins with more than its limits;
    ///   `Trap` where a segment lies out of bounds or the start function traps; whatever a host function threw.
    public func instantiate(
        store: Store, imports: Imports = Imports(), limits: InstanceLimits = InstanceLimits()
    ) throws -> Instance {
        let given = try link(store: store, imports: imports)
        var error = bulkhead_error()
        var limits = limits.raw
        let image = image?.next(self)
        if let image { store.retain(image) }
        let instance = bulkhead_instantiate_with_image(
            store.pointer, artifact.pointer, descriptor, given, given.count, &limits, image?.pointer, store.trap,
            &error)
        guard let instance else { throw instantiationError(error, store) }
        return Instance(store: store, pointer: instance)
    }

    /// As ``instantiate(store:imports:limits:)``, in a closed or clean slot of a slab, and without running the start function.
    func instantiate(
        store: Store, imports: Imports, limits: InstanceLimits, in slab: Slab, slot: Int, image: Image?
    ) throws -> Instance {
        let given = try link(store: store, imports: imports)
        var error = bulkhead_error()
        var limits = limits.raw
        var placement = bulkhead_placement(slab: slab.pointer, slot: UInt64(slot), image: image?.pointer)
        let instance = bulkhead_instantiate_in_slot(
            store.pointer, artifact.pointer, descriptor, given, given.count, &limits, &placement, store.trap, &error)
        guard let instance else { throw instantiationError(error, store) }
        return Instance(store: store, pointer: instance)
    }

    /// What the runtime is given for the imports, in their order.
    private func link(store: Store, imports: Imports) throws -> [bulkhead_external] {
        store.retain(artifact)
        return try self.imports.map { wanted in
            let external = imports[wanted.module, wanted.name]
            if let external, external.store !== store { throw BulkheadError.foreignStore }
            return external?.raw ?? bulkhead_external()
        }
    }

    private func instantiationError(_ error: bulkhead_error, _ store: Store) -> any Error {
        error.kind == BULKHEAD_ERROR_TRAP ? store.takeError(store.trap.pointee.kind) : BulkheadError(error)
    }
}

/// Generated code: a loaded shared library, or part of the program.
final class Artifact: Sendable {
    /// `nil` for a part of the program.
    nonisolated(unsafe) let handle: UnsafeMutableRawPointer?
    nonisolated(unsafe) let pointer: UnsafePointer<bulkhead_artifact>
    /// Removed with the artifact, where the library isn't in a cache.
    private let directory: TemporaryDirectory?

    init(path: String, keeping directory: consuming TemporaryDirectory? = nil) throws {
        try ELFHeader.check(path)
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw BulkheadError.system("cannot load \(path): \(Self.lastError())")
        }
        guard let symbol = dlsym(handle, "bulkhead_library") else {
            dlclose(handle)
            throw BulkheadError.artifact(
                "\(path) is a shared library but not a Bulkhead artifact; make one with `bulkhead compile`")
        }
        let pointer = UnsafePointer(symbol.assumingMemoryBound(to: bulkhead_artifact.self))
        var error = bulkhead_error()
        guard bulkhead_artifact_add(pointer, &error) else {
            dlclose(handle)
            throw BulkheadError(error)
        }
        self.handle = handle
        self.pointer = pointer
        self.directory = directory
    }

    init(linked pointer: UnsafePointer<bulkhead_artifact>) throws {
        var error = bulkhead_error()
        guard bulkhead_artifact_add(pointer, &error) else { throw BulkheadError(error) }
        handle = nil
        self.pointer = pointer
        directory = nil
    }

    deinit {
        bulkhead_artifact_remove(pointer)
        if let handle { dlclose(handle) }
    }

    private static func lastError() -> String {
        dlerror().map { String(cString: $0) } ?? "unknown error"
    }

    var modules: [Module] {
        (0..<Int(pointer.pointee.module_count)).compactMap { position in
            pointer.pointee.modules[position].map { Module(artifact: self, descriptor: $0) }
        }
    }
}

/// Enough of a file's ELF header to say why it can't be loaded, before any of it runs.
enum ELFHeader {
    static func check(_ path: String) throws(BulkheadError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system("cannot open \(path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var header = [UInt8](repeating: 0, count: 64)
        guard read(file, &header, header.count) == header.count, header.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
            throw .artifact("\(path) is neither a WebAssembly module nor a compiled artifact")
        }
        #if arch(x86_64)
            let (machine, name): (UInt16, String) = (62, "x86-64")
        #elseif arch(arm64)
            let (machine, name): (UInt16, String) = (183, "AArch64")
        #else
            #error("add this machine's ELF number")
        #endif
        let found = UInt16(header[18]) | UInt16(header[19]) << 8
        guard found == machine else {
            throw .artifact(
                "\(path) was compiled for another machine (ELF machine \(found)); this one is \(name). "
                    + "Compile the module again here.")
        }
        guard header[16] != 1 || header[17] != 0 else {
            throw .artifact(
                "\(path) is an object, to be linked; make a library with `bulkhead compile --emit library`")
        }
        // The loader would fault on a file that was cut off. The table of sections is the last thing in it.
        func field(_ range: Range<Int>) -> UInt64 { range.reversed().reduce(0) { $0 << 8 | UInt64(header[$1]) } }
        let (end, overflow) = field(40..<48).addingReportingOverflow(field(58..<60) * field(60..<62))
        var status = stat()
        guard fstat(file, &status) == 0, !overflow, end <= UInt64(max(0, status.st_size)) else {
            throw .artifact("\(path) ends early. Copy it again, or compile the module again.")
        }
    }
}
