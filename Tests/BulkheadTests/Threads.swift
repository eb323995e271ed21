import Glibc
import Testing

/// Runs `body` on a new thread with a stack of `stackSize` bytes, and waits for it.
func onThread(stackSize: Int, _ body: @escaping () throws -> Void) throws {
    try onThreads(1, stackSize: stackSize) { _ in try body() }
}

/// Runs `body` on several new threads at once, and waits for them. Throws the first error that one of them throws.
func onThreads(_ count: Int, stackSize: Int, _ body: @escaping (Int) throws -> Void) throws {
    final class Work {
        let number: Int
        let body: (Int) throws -> Void
        var result: Result<Void, any Error> = .success(())

        init(_ number: Int, _ body: @escaping (Int) throws -> Void) {
            self.number = number
            self.body = body
        }
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    try #require(pthread_attr_setstacksize(&attributes, stackSize) == 0)
    var threads: [(pthread_t, Work)] = []
    for number in 0..<count {
        let work = Work(number, body)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                work.result = Result { try work.body(work.number) }
                return nil
            }, Unmanaged.passRetained(work).toOpaque())
        try #require(status == 0)
        threads.append((thread, work))
    }
    for (thread, _) in threads { pthread_join(thread, nil) }
    for (_, work) in threads { try work.result.get() }
}

/// The lines of /proc/self/maps.
func mappingCount() throws -> Int {
    let file = try #require(fopen("/proc/self/maps", "r"))
    defer { fclose(file) }
    var count = 0
    while true {
        let character = fgetc(file)
        if character == EOF { return count }
        if character == 10 { count += 1 }
    }
}
