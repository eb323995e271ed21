import Bulkhead

extension Imports {
    /// Defines WASI preview 1 for instances of `store`: all functions of `wasi_snapshot_preview1`, over `context`.
    ///
    /// A call reads and writes memory 0 of the instance that makes it. `proc_exit` comes out of the call that led to it as
    /// `WASIExit`.
    ///
    /// ```swift
    /// var imports = Imports()
    /// try imports.defineWASI(WASIContext(configuration), store: store)
    /// ```
    /// - Throws: `BulkheadError.system` if memory is short.
    public mutating func defineWASI(_ context: WASIContext, store: Store) throws {
        for function in WASIFunction.all {
            let external = try Function(wasi: function, context: context, store: store)
            define(.function(external), module: WASIFunction.module, name: function.name)
        }
    }
}

extension Function {
    /// One function of WASI's, over `context`, for instances that are to have no more than some.
    ///
    /// - Throws: `BulkheadError.system` if memory is short.
    public init(wasi function: WASIFunction, context: WASIContext, store: Store) throws {
        try self.init(store: store, type: function.type) { caller, slots in
            try function.call(context, caller, slots)
        }
    }
}

extension WASIFunction {
    /// Carries out a call of a guest's, over its memory 0; for host functions that do part of the work themselves.
    package func call(_ context: WASIContext, _ caller: Caller, _ slots: UnsafeMutablePointer<UInt64>) throws {
        try body(context, GuestMemory(of: caller, slots), slots)
    }
}

extension GuestMemory {
    /// Memory 0 of the instance that calls. Where there is none, one of no bytes: every access to it is out of range, wherever it
    /// seems to lie.
    package init(of caller: Caller, _ slots: UnsafeMutablePointer<UInt64>) {
        let bytes = caller.instance?.memory?.unsafeBytes
        self.init(base: bytes?.baseAddress ?? UnsafeMutableRawPointer(slots), count: bytes?.count ?? 0)
    }
}
