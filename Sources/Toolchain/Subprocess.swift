import Glibc

/// A program to be run to its end, without a shell: its output is kept, its input is empty, and it gets no file of
/// this process but those three.
public struct Subprocess: Sendable, Hashable {
    /// A path, not searched for on PATH.
    public var program: String
    /// Without the program's own name.
    public var arguments: [String]
    public var environment: [String: String]
    /// `nil` for this process's own.
    public var workingDirectory: String?
    /// In bytes, for each of the two streams; what comes after is counted and dropped.
    public var outputLimit = 1 << 20
    /// When it is killed, with all that it started, if it still runs. A program with a deadline is in a process group of its
    /// own, so a terminal's interrupt doesn't reach it.
    public var deadline: ContinuousClock.Instant?

    public init(
        _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
        workingDirectory: String? = nil
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }

    public enum Termination: Sendable, Hashable {
        /// 0...255; 0 means success.
        case exited(Int32)
        /// Killed by this signal.
        case signalled(Int32)
    }

    /// The beginning of what a program wrote.
    public struct Output: Sendable, Hashable {
        public internal(set) var bytes: [UInt8] = []
        /// How many bytes came after `bytes` and were not kept.
        public internal(set) var dropped = 0

        /// With replacement characters for what is not UTF-8.
        public var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    public struct Outcome: Sendable, Hashable {
        public let termination: Termination
        public let standardOutput: Output
        public let standardError: Output
    }

    /// As one would type it into a shell.
    public var commandLine: String {
        ([program] + arguments).map(Shell.quote).joined(separator: " ")
    }

    /// Waits for the program's end. May be called from any thread; blocks the calling one.
    public func run() throws(ToolchainError) -> Outcome {
        let outcomes = Self.run([self], atOnce: 1)
        guard let outcome = outcomes.first else {
            throw .processFailed(program: program, operation: "run", code: ECHILD)
        }
        return try outcome.get()
    }

    /// Runs all programs, at most `atOnce` at a time, and waits for them. One result for each, in the same order.
    /// - Parameter onEnd: called with the place and the result of each program that has ended. `false` means that no more are to
    ///   be started; the result of those that were not is a failure with `ECANCELED`.
    public static func run(
        _ programs: [Subprocess], atOnce: Int,
        onEnd: (_ index: Int, _ result: Result<Outcome, ToolchainError>) -> Bool = { _, _ in true }
    ) -> [Result<Outcome, ToolchainError>] {
        var results: [Result<Outcome, ToolchainError>?] = Array(repeating: nil, count: programs.count)
        var running: [Child] = []
        var waiting = programs.indices.makeIterator()
        var next = waiting.next()

        while next != nil || !running.isEmpty {
            while let index = next, running.count < max(1, atOnce) {
                do throws(ToolchainError) {
                    running.append(Child(index: index, programs[index], try programs[index].spawn()))
                    next = waiting.next()
                } catch {
                    results[index] = .failure(error)
                    next = onEnd(index, .failure(error)) ? waiting.next() : nil
                }
            }
            if running.isEmpty { break }
            let quiet = Child.readAny(of: running)
            for child in running { child.killIfOverdue() }
            running.removeAll { child in
                // Usually the end of both streams is the end of the program. A helper that the program left behind may
                // hold them open for ever, so when nothing has come for a while, ask.
                guard quiet || child.isDrained, let end = child.reap() else {
                    return false
                }
                results[child.index] = end
                if !onEnd(child.index, end) { next = nil }
                return true
            }
        }
        return zip(programs, results).map { program, result in
            result ?? .failure(.processFailed(program: program.program, operation: "run", code: ECANCELED))
        }
    }
}

extension Subprocess.Termination: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exited(let status): "exited with status \(status)"
        case .signalled(let signal): "was killed by signal \(signal)"
        }
    }
}

// MARK: - Starting

/// A started process and the reading ends of its streams.
private struct Started {
    let identifier: pid_t
    let standardOutput: Int32
    let standardError: Int32
}

extension Subprocess {
    fileprivate func spawn() throws(ToolchainError) -> Started {
        let words = [program] + arguments + environment.flatMap { [$0.key, $0.value] }
        guard words.allSatisfy({ !$0.utf8.contains(0) }), environment.keys.allSatisfy({ !$0.utf8.contains(0x3D) })
        else {
            throw .invalidArgument(
                "an argument or environment variable for \(program) contains a zero byte or an = in its name")
        }
        let output = try Pipe(for: program)
        let error = try Pipe(for: program)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.writing.raw, 1)
        posix_spawn_file_actions_adddup2(&actions, error.writing.raw, 2)
        // Whatever this process, or a library in it, opened without O_CLOEXEC.
        _ = GNU.addCloseFrom?(&actions, 3)
        if let workingDirectory, GNU.addChangeDirectory?(&actions, workingDirectory) != 0 {
            throw .processFailed(program: program, operation: "chdir", code: ENOSYS)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A server may block signals in this thread and ignore SIGPIPE; the program should not inherit that.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let group = deadline == nil ? 0 : POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))

        var identifier: pid_t = 0
        let code = withCStrings([program] + arguments) { arguments in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&identifier, program, &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw failure(code) }
        return Started(
            identifier: identifier, standardOutput: output.releaseReading(), standardError: error.releaseReading())
    }

    private func failure(_ code: Int32) -> ToolchainError {
        switch code {
        case ENOENT where FileSystem.status(program) == nil, ENOTDIR: .programNotFound(path: program)
        case EACCES, ENOEXEC, EISDIR: .programNotExecutable(path: program)
        default: .processFailed(program: program, operation: "posix_spawn", code: code)
        }
    }
}

/// A pipe whose reading end does not block. Both ends are above the three standard streams: a process started with
/// those closed would otherwise get them here, and `dup2` in the child would overwrite one with the other.
private struct Pipe: ~Copyable {
    private var reading: Int32
    let writing: FileDescriptor

    init(for program: String) throws(ToolchainError) {
        var ends: [Int32] = [-1, -1]
        guard let pipe2 = GNU.pipe2, pipe2(&ends, O_CLOEXEC) == 0 else {
            throw .processFailed(program: program, operation: "pipe2", code: errno)
        }
        for index in 0..<2 where ends[index] < 3 {
            let low = ends[index]
            ends[index] = fcntl(low, F_DUPFD_CLOEXEC, 3)
            let code = errno
            close(low)
            guard ends[index] >= 0 else {
                close(ends[1 - index])
                throw .processFailed(program: program, operation: "fcntl", code: code)
            }
        }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        reading = ends[0]
        writing = FileDescriptor(owning: ends[1])
    }

    /// The caller closes what it gets.
    consuming func releaseReading() -> Int32 {
        let raw = reading
        reading = -1
        return raw
    }

    deinit {
        if reading >= 0 { close(reading) }
    }
}

/// Calls `body` with a null-terminated array of C strings.
private func withCStrings<R>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
) -> R {
    var pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    return body(pointers)
}

// MARK: - Reading and reaping

/// A running program.
private final class Child {
    let index: Int
    private let program: Subprocess
    private let identifier: pid_t
    private var isOverdue = false
    private var descriptors: [Int32]
    private var outputs = [Subprocess.Output(), Subprocess.Output()]

    init(index: Int, _ program: Subprocess, _ started: Started) {
        self.index = index
        self.program = program
        identifier = started.identifier
        descriptors = [started.standardOutput, started.standardError]
    }

    /// Both streams have ended.
    var isDrained: Bool { descriptors.allSatisfy { $0 < 0 } }

    /// Waits a moment for output of any child and takes it in. True when nothing came.
    static func readAny(of children: [Child]) -> Bool {
        // A negative descriptor is one that poll passes over.
        var requests = children.flatMap { child in
            child.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        }
        let patience: Int32 = children.contains { $0.isDrained } ? 1 : 100
        guard poll(&requests, nfds_t(requests.count), patience) > 0 else { return true }
        for (place, request) in requests.enumerated() where request.revents != 0 {
            children[place / 2].read(place % 2)
        }
        return false
    }

    /// Takes in what there is, up to 64 KiB. Returns whether there may be more.
    @discardableResult
    private func read(_ stream: Int) -> Bool {
        let descriptor = descriptors[stream]
        guard descriptor >= 0 else { return false }
        return withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 {
                let kept = min(count, max(0, program.outputLimit - outputs[stream].bytes.count))
                outputs[stream].bytes.append(contentsOf: buffer.prefix(kept))
                outputs[stream].dropped &+= count - kept
                return true
            }
            if count < 0, errno == EINTR || errno == EAGAIN { return false }
            close(descriptor)
            descriptors[stream] = -1
            return false
        }
    }

    func killIfOverdue() {
        guard !isOverdue, let deadline = program.deadline, deadline <= .now else { return }
        isOverdue = true
        kill(-identifier, SIGKILL)
    }

    /// The outcome if the program has ended, else `nil`.
    func reap() -> Result<Subprocess.Outcome, ToolchainError>? {
        var status: Int32 = 0
        var reaped: pid_t
        repeat { reaped = waitpid(identifier, &status, WNOHANG) } while reaped < 0 && errno == EINTR
        if reaped == 0 { return nil }
        guard reaped == identifier else {
            // SIGCHLD is ignored in this process, or something else in it waits for every child.
            return .failure(.processFailed(program: program.program, operation: "waitpid", code: errno))
        }
        if isOverdue { return .failure(.timeLimitExceeded(commandLine: program.commandLine)) }
        for stream in 0..<2 {
            // What the program left in the pipe; a helper that goes on writing does not keep us here.
            var reads = 0
            while reads < 16, read(stream) { reads += 1 }
        }
        let signal = status & 0x7F
        let termination: Subprocess.Termination = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
        return .success(
            Subprocess.Outcome(termination: termination, standardOutput: outputs[0], standardError: outputs[1]))
    }

    deinit {
        for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
    }
}
