/// A module as a pool makes instances of it: with its imports and limits. Slots remember which template they were last used for.
public final class InstanceTemplate: Sendable {
    /// How long what an instance was given for its imports lasts.
    public enum ImportLifetime: Sendable, Hashable {
        /// For one lease: whatever host functions remember ends with it. Each lease makes the instance anew in its slot.
        case lease
        /// As long as the slot is kept for this template, for many tenants one after the other: what the host functions remember of one, they
        /// remember when the next one calls. Leases are quicker.
        case slot
    }

    public let module: Module
    public let limits: InstanceLimits
    public let importLifetime: ImportLifetime
    let image: Image?
    private let imports: @Sendable (Store) throws -> Imports

    /// Whether an instance can be reset for the next tenant.
    let isReusable: Bool

    /// Data of this size and more, in bytes, is mapped from an image where a pool uses images.
    static let imageMinimum = 64 * 1024

    /// - Parameters:
    ///   - limits: what each instance may use. The pool's slots bound the memory too.
    ///   - importLifetime: says nothing of modules without imports, whose instances are always reset.
    ///   - imports: makes what an instance is given for its imports, in its store.
    /// - Throws: `BulkheadError.system` if there is no memory for an image.
    public init(
        _ module: Module, limits: InstanceLimits = InstanceLimits(), importLifetime: ImportLifetime = .lease,
        imports: @escaping @Sendable (Store) throws -> Imports = { _ in Imports() }
    ) throws {
        self.module = module
        self.limits = limits
        self.importLifetime = importLifetime
        self.imports = imports
        isReusable = importLifetime == .slot || module.descriptor.pointee.import_count == 0
        image = module.dataSize >= Self.imageMinimum ? try Image(module) : nil
    }

    func makeImports(_ store: Store) throws -> Imports {
        module.descriptor.pointee.import_count == 0 ? Imports() : try imports(store)
    }
}
