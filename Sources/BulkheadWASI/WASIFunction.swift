import WasmModule

/// A function that a guest imports from `wasi_snapshot_preview1`.
public struct WASIFunction: Sendable {
    public typealias Body =
        @Sendable (_ context: WASIContext, _ memory: GuestMemory, _ values: UnsafeMutablePointer<UInt64>)
        throws(WASIExit) -> Void

    public static let module = "wasi_snapshot_preview1"

    public let name: String
    public let type: FunctionType
    /// `values` holds the parameters, one to a slot and an `i32` in a slot's low half, and takes the result in its first
    /// slot: it has room for as many as there are parameters, and for one at least.
    public let body: Body
}

extension WASIFunction {
    /// All of preview 1, in the specification's order.
    public static let all: [WASIFunction] = process + files + paths + events + sockets

    private init(
        _ name: String, _ parameters: [ValueType],
        _ operation: @escaping @Sendable (WASIContext, GuestMemory, Slots) throws(Errno) -> Void
    ) {
        self.name = name
        type = FunctionType(parameters: parameters, results: [.i32])
        body = { context, memory, values throws(WASIExit) in
            var result = Errno.success
            do throws(Errno) {
                try operation(context, memory, Slots(values: values))
            } catch {
                result = error
            }
            values[0] = UInt64(result.rawValue)
        }
    }

    /// The parameters of a call.
    private struct Slots {
        let values: UnsafeMutablePointer<UInt64>

        func i32(_ index: Int) -> UInt32 { UInt32(truncatingIfNeeded: values[index]) }
        func i64(_ index: Int) -> UInt64 { values[index] }
    }
}

// MARK: - Arguments, variables, clocks

extension WASIFunction {
    private static let process: [WASIFunction] = [
        WASIFunction("args_get", [.i32, .i32]) { context, memory, a throws(Errno) in
            try context.argsGet(memory, argv: a.i32(0), buffer: a.i32(1))
        },
        WASIFunction("args_sizes_get", [.i32, .i32]) { context, memory, a throws(Errno) in
            try context.argsSizesGet(memory, count: a.i32(0), size: a.i32(1))
        },
        WASIFunction("environ_get", [.i32, .i32]) { context, memory, a throws(Errno) in
            try context.environGet(memory, environ: a.i32(0), buffer: a.i32(1))
        },
        WASIFunction("environ_sizes_get", [.i32, .i32]) { context, memory, a throws(Errno) in
            try context.environSizesGet(memory, count: a.i32(0), size: a.i32(1))
        },
        WASIFunction("clock_res_get", [.i32, .i32]) { context, memory, a throws(Errno) in
            try context.clockResGet(memory, id: a.i32(0), resolution: a.i32(1))
        },
        WASIFunction("clock_time_get", [.i32, .i64, .i32]) { context, memory, a throws(Errno) in
            try context.clockTimeGet(memory, id: a.i32(0), time: a.i32(2))
        },
    ]
}

// MARK: - Descriptors

extension WASIFunction {
    private static let files: [WASIFunction] = [
        WASIFunction("fd_advise", [.i32, .i64, .i64, .i32]) { context, _, a throws(Errno) in
            try context.fdAdvise(fd: a.i32(0), offset: a.i64(1), length: a.i64(2), advice: a.i32(3))
        },
        WASIFunction("fd_allocate", [.i32, .i64, .i64]) { context, _, a throws(Errno) in
            try context.fdAllocate(fd: a.i32(0), offset: a.i64(1), length: a.i64(2))
        },
        WASIFunction("fd_close", [.i32]) { context, _, a throws(Errno) in
            try context.fdClose(fd: a.i32(0))
        },
        WASIFunction("fd_datasync", [.i32]) { context, _, a throws(Errno) in
            try context.fdDatasync(fd: a.i32(0))
        },
        WASIFunction("fd_fdstat_get", [.i32, .i32]) { context, memory, a throws(Errno) in
            try context.fdFdstatGet(memory, fd: a.i32(0), result: a.i32(1))
        },
        WASIFunction("fd_fdstat_set_flags", [.i32, .i32]) { context, _, a throws(Errno) in
            try context.fdFdstatSetFlags(fd: a.i32(0), flags: a.i32(1))
        },
        WASIFunction("fd_fdstat_set_rights", [.i32, .i64, .i64]) { context, _, a throws(Errno) in
            try context.fdFdstatSetRights(fd: a.i32(0), base: a.i64(1), inheriting: a.i64(2))
        },
        WASIFunction("fd_filestat_get", [.i32, .i32]) { context, memory, a throws(Errno) in
            try context.fdFilestatGet(memory, fd: a.i32(0), result: a.i32(1))
        },
        WASIFunction("fd_filestat_set_size", [.i32, .i64]) { context, _, a throws(Errno) in
            try context.fdFilestatSetSize(fd: a.i32(0), size: a.i64(1))
        },
        WASIFunction("fd_filestat_set_times", [.i32, .i64, .i64, .i32]) { context, _, a throws(Errno) in
            try context.fdFilestatSetTimes(fd: a.i32(0), accessed: a.i64(1), modified: a.i64(2), flags: a.i32(3))
        },
        WASIFunction("fd_pread", [.i32, .i32, .i32, .i64, .i32]) { context, memory, a throws(Errno) in
            try context.fdPread(
                memory, fd: a.i32(0), iovs: a.i32(1), count: a.i32(2), offset: a.i64(3), result: a.i32(4))
        },
        WASIFunction("fd_prestat_get", [.i32, .i32]) { context, memory, a throws(Errno) in
            try context.fdPrestatGet(memory, fd: a.i32(0), result: a.i32(1))
        },
        WASIFunction("fd_prestat_dir_name", [.i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.fdPrestatDirName(memory, fd: a.i32(0), path: a.i32(1), count: a.i32(2))
        },
        WASIFunction("fd_pwrite", [.i32, .i32, .i32, .i64, .i32]) { context, memory, a throws(Errno) in
            try context.fdPwrite(
                memory, fd: a.i32(0), iovs: a.i32(1), count: a.i32(2), offset: a.i64(3), result: a.i32(4))
        },
        WASIFunction("fd_read", [.i32, .i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.fdRead(memory, fd: a.i32(0), iovs: a.i32(1), count: a.i32(2), result: a.i32(3))
        },
        WASIFunction("fd_readdir", [.i32, .i32, .i32, .i64, .i32]) { context, memory, a throws(Errno) in
            try context.fdReaddir(
                memory, fd: a.i32(0), buffer: a.i32(1), count: a.i32(2), cookie: a.i64(3), result: a.i32(4))
        },
        WASIFunction("fd_renumber", [.i32, .i32]) { context, _, a throws(Errno) in
            try context.fdRenumber(from: a.i32(0), to: a.i32(1))
        },
        WASIFunction("fd_seek", [.i32, .i64, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.fdSeek(
                memory, fd: a.i32(0), offset: Int64(bitPattern: a.i64(1)), whence: a.i32(2), result: a.i32(3))
        },
        WASIFunction("fd_sync", [.i32]) { context, _, a throws(Errno) in
            try context.fdSync(fd: a.i32(0))
        },
        WASIFunction("fd_tell", [.i32, .i32]) { context, memory, a throws(Errno) in
            try context.fdTell(memory, fd: a.i32(0), result: a.i32(1))
        },
        WASIFunction("fd_write", [.i32, .i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.fdWrite(memory, fd: a.i32(0), iovs: a.i32(1), count: a.i32(2), result: a.i32(3))
        },
    ]
}

// MARK: - Paths

extension WASIFunction {
    private static let paths: [WASIFunction] = [
        WASIFunction("path_create_directory", [.i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.pathCreateDirectory(memory, fd: a.i32(0), path: a.i32(1), count: a.i32(2))
        },
        WASIFunction("path_filestat_get", [.i32, .i32, .i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.pathFilestatGet(
                memory, fd: a.i32(0), lookup: a.i32(1), path: a.i32(2), count: a.i32(3), result: a.i32(4))
        },
        WASIFunction(
            "path_filestat_set_times", [.i32, .i32, .i32, .i32, .i64, .i64, .i32]
        ) { context, memory, a throws(Errno) in
            try context.pathFilestatSetTimes(
                memory, fd: a.i32(0), lookup: a.i32(1), path: a.i32(2), count: a.i32(3), accessed: a.i64(4),
                modified: a.i64(5), flags: a.i32(6))
        },
        WASIFunction("path_link", [.i32, .i32, .i32, .i32, .i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.pathLink(
                memory, fd: a.i32(0), lookup: a.i32(1), path: a.i32(2), count: a.i32(3), newFD: a.i32(4),
                newPath: a.i32(5), newCount: a.i32(6))
        },
        WASIFunction(
            "path_open", [.i32, .i32, .i32, .i32, .i32, .i64, .i64, .i32, .i32]
        ) { context, memory, a throws(Errno) in
            try context.pathOpen(
                memory, fd: a.i32(0), lookup: a.i32(1), path: a.i32(2), count: a.i32(3), flags: a.i32(4),
                base: a.i64(5), inheriting: a.i64(6), descriptorFlags: a.i32(7), result: a.i32(8))
        },
        WASIFunction("path_readlink", [.i32, .i32, .i32, .i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.pathReadlink(
                memory, fd: a.i32(0), path: a.i32(1), count: a.i32(2), buffer: a.i32(3), size: a.i32(4),
                result: a.i32(5))
        },
        WASIFunction("path_remove_directory", [.i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.pathRemoveDirectory(memory, fd: a.i32(0), path: a.i32(1), count: a.i32(2))
        },
        WASIFunction("path_rename", [.i32, .i32, .i32, .i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.pathRename(
                memory, fd: a.i32(0), path: a.i32(1), count: a.i32(2), newFD: a.i32(3), newPath: a.i32(4),
                newCount: a.i32(5))
        },
        WASIFunction("path_symlink", [.i32, .i32, .i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.pathSymlink(
                memory, target: a.i32(0), targetCount: a.i32(1), fd: a.i32(2), path: a.i32(3), count: a.i32(4))
        },
        WASIFunction("path_unlink_file", [.i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.pathUnlinkFile(memory, fd: a.i32(0), path: a.i32(1), count: a.i32(2))
        },
    ]
}

// MARK: - Waiting, ending, random bytes

extension WASIFunction {
    private static let events: [WASIFunction] = [
        WASIFunction("poll_oneoff", [.i32, .i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.pollOneoff(
                memory, subscriptions: a.i32(0), events: a.i32(1), count: a.i32(2), result: a.i32(3))
        },
        WASIFunction(
            name: "proc_exit", type: FunctionType(parameters: [.i32], results: []),
            body: { _, _, values throws(WASIExit) in
                throw WASIExit(code: Slots(values: values).i32(0))
            }),
        WASIFunction(
            name: "proc_raise", type: FunctionType(parameters: [.i32], results: [.i32]),
            body: { context, _, values throws(WASIExit) in
                values[0] = UInt64(try context.procRaise(Slots(values: values).i32(0)).rawValue)
            }),
        WASIFunction("sched_yield", []) { context, _, _ throws(Errno) in
            context.schedYield()
        },
        WASIFunction("random_get", [.i32, .i32]) { context, memory, a throws(Errno) in
            try context.randomGet(memory, buffer: a.i32(0), count: a.i32(1))
        },
    ]
}

// MARK: - Sockets

extension WASIFunction {
    private static let sockets: [WASIFunction] = [
        WASIFunction("sock_accept", [.i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.sockAccept(memory, fd: a.i32(0), flags: a.i32(1), result: a.i32(2))
        },
        WASIFunction("sock_recv", [.i32, .i32, .i32, .i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.sockRecv(
                memory, fd: a.i32(0), data: a.i32(1), count: a.i32(2), flags: a.i32(3), size: a.i32(4),
                resultFlags: a.i32(5))
        },
        WASIFunction("sock_send", [.i32, .i32, .i32, .i32, .i32]) { context, memory, a throws(Errno) in
            try context.sockSend(
                memory, fd: a.i32(0), data: a.i32(1), count: a.i32(2), flags: a.i32(3), size: a.i32(4))
        },
        WASIFunction("sock_shutdown", [.i32, .i32]) { context, _, a throws(Errno) in
            try context.sockShutdown(fd: a.i32(0), how: a.i32(1))
        },
    ]
}
