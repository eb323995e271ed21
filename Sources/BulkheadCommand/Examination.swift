import Bulkhead
import CBulkhead
import CodeGeneration
import Glibc
import Toolchain

/// Looks at the machine for `doctor`. Nothing is changed, but that the cache's directory is made if it isn't there.
struct Examination {
    /// What `--cc` names.
    let compilerName: String?

    var findings: [Finding] {
        let found = Result { try Compiler.find(named: compilerName) }
        return [
            compiler(found), sysroot(try? found.get()), segment, keys, mappings, addressSpace, cache,
        ]
    }

    // MARK: - Tools

    private func compiler(_ found: Result<Compiler, any Error>) -> Finding {
        switch found {
        case .success(let compiler):
            Finding(
                state: .ok, subject: "C compiler", found: "\(compiler.version), \(compiler.path)",
                meaning: "Modules are compiled with it.")
        case .failure(let error):
            Finding(
                state: .missing, subject: "C compiler", found: "none",
                meaning: "Modules can't be compiled: \(error)")
        }
    }

    private func sysroot(_ compiler: Compiler?) -> Finding {
        do throws(ToolchainError) {
            let sysroot = try WASISysroot.find(compiler: compiler)
            return Finding(
                state: .ok, subject: "WASI sysroot",
                found: "\(sysroot.path) (\(sysroot.target)\(sysroot.hasCPlusPlus ? ", with C++" : ""))",
                meaning: "C sources can be built to WebAssembly here.")
        } catch {
            return Finding(
                state: .limited, subject: "WASI sysroot", found: "none",
                meaning: "C sources can't be built to WebAssembly here; running modules doesn't need it.",
                advice:
                    "apt-get install wasi-libc libclang-rt-19-dev-wasm32, or unpack a wasi-sdk and set WASI_SDK_PATH")
        }
    }

    // MARK: - Processor and kernel

    private var segment: Finding {
        guard bulkhead_has_segments() else {
            return Finding(
                state: .limited, subject: "Segment register", found: "none on this system",
                meaning: "Memory is reached through a pointer, which is somewhat slower.")
        }
        guard bulkhead_has_fsgsbase() else {
            return Finding(
                state: .limited, subject: "Segment register",
                found: "GS, to be written by system calls (AT_HWCAP2 lacks FSGSBASE)",
                meaning:
                    "Memory is reached through a pointer, which is somewhat slower; with --segue=all each entry of a sandbox costs some 350 ns more.",
                advice: "use Linux 5.9 or newer, without the boot parameter nofsgsbase")
        }
        return Finding(
            state: .ok, subject: "Segment register", found: "GS, with FSGSBASE (AT_HWCAP2)",
            meaning:
                "A sandbox is entered in nanoseconds; --segue=auto is \(Segue.auto.resolved) on this processor.")
    }

    private var keys: Finding {
        let count = bulkhead_keys_available()
        return switch count {
        case 2...:
            Finding(
                state: .ok, subject: "Protection keys", found: "\(count) free",
                meaning: "Neighbouring sandboxes can share guard regions.")
        default:
            Finding(
                state: .limited, subject: "Protection keys", found: "none",
                meaning: "Each sandbox has guard regions of its own, so that fewer fit the address space.")
        }
    }

    // MARK: - Memory

    private var mappings: Finding {
        let subject = "vm.max_map_count"
        guard let text = SystemFile.firstLine("/proc/sys/vm/max_map_count"), let count = Int(text) else {
            return Finding(
                state: .limited, subject: subject, found: "unknown",
                meaning: "How many sandboxes can be alive at once is not known.")
        }
        // A memory is one readable mapping and one guard.
        return Finding(
            state: .ok, subject: subject, found: "\(count)",
            meaning: "About \(count / 2) memories can be alive in one process.",
            advice: count < 1 << 20 ? "for more, sysctl -w vm.max_map_count=\(1 << 20)" : nil)
    }

    private var addressSpace: Finding {
        let reach = 1 << 32 + EmitterOptions.defaultGuardSize
        let subject = "Address space"
        var limit = rlimit()
        let isLimited = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 && limit.rlim_cur != rlim_t.max
        let found = isLimited ? "\(ByteSize.text(UInt64(limit.rlim_cur))) (ulimit -v)" : "not limited"
        let room = AddressSpace.largestReservation(atLeast: reach)
        guard room >= reach else {
            return Finding(
                state: .missing, subject: subject, found: found,
                meaning: "A memory takes \(ByteSize.text(reach)) of it, with its guard, and there is no room for one.",
                advice: "ulimit -v unlimited")
        }
        return Finding(
            state: .ok, subject: subject, found: "\(found), \(ByteSize.text(room)) free in one piece",
            meaning:
                "A memory takes \(ByteSize.text(reach)) of it, with its guard; there is room for about \(room / reach) in one process.",
            advice: isLimited ? "for more, ulimit -v unlimited" : nil)
    }

    /// ST_NOEXEC, which glibc's Swift module doesn't show.
    private static let noExecution: UInt = 8

    private var cache: Finding {
        do throws(ToolchainError) {
            let cache = try ArtifactCache()
            let usage = DirectoryUsage(cache.directory)
            guard access(cache.directory, W_OK) == 0 else {
                throw .cacheUnavailable(reason: "\(cache.directory) can't be written")
            }
            var system = statvfs()
            guard statvfs(cache.directory, &system) != 0 || system.f_flag & Self.noExecution == 0 else {
                throw .cacheUnavailable(reason: "no code can be run from \(cache.directory) (mounted noexec)")
            }
            return Finding(
                state: .ok, subject: "Cache",
                found:
                    "\(cache.directory), \(ByteSize.text(usage.bytes)) in \(usage.files) file\(usage.files == 1 ? "" : "s") of at most \(ByteSize.text(UInt64(cache.limit)))",
                meaning: "A module is compiled once.")
        } catch {
            return Finding(
                state: .missing, subject: "Cache", found: "none",
                meaning: "Modules can't be run without --no-cache: \(error)")
        }
    }
}

enum AddressSpace {
    /// The largest region, to the nearest `step` bytes, that the kernel would reserve now; 0 where not even that.
    static func largestReservation(atLeast step: UInt64) -> UInt64 {
        var fits: UInt64 = 0
        // The lower half of x86-64 addresses.
        var fails: UInt64 = (1 << 47) / step + 1
        while fails - fits > 1 {
            let middle = fits + (fails - fits) / 2
            if canReserve(middle * step) { fits = middle } else { fails = middle }
        }
        return fits * step
    }

    private static func canReserve(_ size: UInt64) -> Bool {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let mapping = mmap(nil, Int(size), PROT_NONE, flags, -1, 0), mapping != MAP_FAILED else { return false }
        munmap(mapping, Int(size))
        return true
    }
}

/// What the ordinary files in a directory take.
struct DirectoryUsage {
    var files = 0
    var bytes: UInt64 = 0

    init(_ path: String) {
        guard let stream = opendir(path) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            var status = stat()
            guard lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            files += 1
            bytes += UInt64(max(0, status.st_size))
        }
    }
}

enum SystemFile {
    /// Without its end, of at most 255 bytes.
    static func firstLine(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(file, &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
