import BulkheadWASI
import Testing
import WasmModule

struct FunctionTableTests {
    /// Every function of preview 1 with its parameters, `i` for `i32` and `I` for `i64`.
    private static let signatures = [
        "args_get": "ii", "args_sizes_get": "ii", "environ_get": "ii", "environ_sizes_get": "ii",
        "clock_res_get": "ii", "clock_time_get": "iIi", "fd_advise": "iIIi", "fd_allocate": "iII", "fd_close": "i",
        "fd_datasync": "i", "fd_fdstat_get": "ii", "fd_fdstat_set_flags": "ii", "fd_fdstat_set_rights": "iII",
        "fd_filestat_get": "ii", "fd_filestat_set_size": "iI", "fd_filestat_set_times": "iIIi", "fd_pread": "iiiIi",
        "fd_prestat_get": "ii", "fd_prestat_dir_name": "iii", "fd_pwrite": "iiiIi", "fd_read": "iiii",
        "fd_readdir": "iiiIi", "fd_renumber": "ii", "fd_seek": "iIii", "fd_sync": "i", "fd_tell": "ii",
        "fd_write": "iiii", "path_create_directory": "iii", "path_filestat_get": "iiiii",
        "path_filestat_set_times": "iiiiIIi", "path_link": "iiiiiii", "path_open": "iiiiiIIii",
        "path_readlink": "iiiiii", "path_remove_directory": "iii", "path_rename": "iiiiii", "path_symlink": "iiiii",
        "path_unlink_file": "iii", "poll_oneoff": "iiii", "proc_exit": "i", "proc_raise": "i", "sched_yield": "",
        "random_get": "ii", "sock_accept": "iii", "sock_recv": "iiiiii", "sock_send": "iiiii", "sock_shutdown": "ii",
    ]

    @Test func everyFunctionIsThereWithItsType() {
        #expect(WASIFunction.all.count == 46)
        #expect(Set(WASIFunction.all.map(\.name)) == Set(Self.signatures.keys))
        for function in WASIFunction.all {
            let parameters = (Self.signatures[function.name] ?? "").map { $0 == "i" ? ValueType.i32 : .i64 }
            let results: [ValueType] = function.name == "proc_exit" ? [] : [.i32]
            #expect(function.type == FunctionType(parameters: parameters, results: results), "\(function.name)")
        }
    }

    /// The specification's numbers, at places where a missing or doubled case would shift the rest.
    @Test func errorsHaveTheirNumbers() {
        #expect(Errno.allCases.count == 77)
        let numbers: [(Errno, UInt16)] = [
            (.success, 0), (.toobig, 1), (.acces, 2), (.again, 6), (.badf, 8), (.exist, 20), (.fault, 21),
            (.ilseq, 25), (.inval, 28), (.io, 29), (.isdir, 31), (.loop, 32), (.mfile, 33), (.nametoolong, 37),
            (.noent, 44), (.nosys, 52), (.notdir, 54), (.notempty, 55), (.notsock, 57), (.notsup, 58), (.perm, 63),
            (.pipe, 64), (.rofs, 69), (.spipe, 70), (.xdev, 75), (.notcapable, 76),
        ]
        for (errno, number) in numbers { #expect(errno.rawValue == number) }
    }

    @Test func hostErrorsAreTranslated() {
        #expect(Errno(host: 2) == .noent)
        #expect(Errno(host: 11) == .again)
        #expect(Errno(host: 18) == .xdev)
        #expect(Errno(host: 40) == .loop)
        #expect(Errno(host: 95) == .notsup)
        #expect(Errno(host: 12345) == .io)
        // Every number that Linux has must have an answer.
        for code: Int32 in -1...200 { #expect((Errno(host: code) == .success) == (code == 0)) }
    }
}
