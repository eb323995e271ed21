import CBulkhead
import Glibc

/// One reservation of addresses with slots in it.
final class Slab: Sendable {
    let layout: SlabLayout
    nonisolated(unsafe) let pointer: OpaquePointer

    init(_ layout: SlabLayout) throws(BulkheadError) {
        var raw = bulkhead_slab_layout(
            slots: UInt64(layout.slots), stripes: UInt64(layout.stripes), stride: layout.stride, front: layout.front,
            maximum_memory: layout.maximumMemory, size: layout.size)
        var error = bulkhead_error()
        guard let pointer = bulkhead_slab_new(&raw, &error) else { throw BulkheadError(error) }
        self.layout = layout
        self.pointer = pointer
    }

    deinit { bulkhead_slab_free(pointer) }

    /// Empties a slot and leaves it accessible. False if it has to be closed instead.
    func clean(_ slot: Int) -> Bool { bulkhead_slab_clean(pointer, UInt64(slot)) }

    /// Makes a slot inaccessible and empty. False if the system refused.
    func close(_ slot: Int) -> Bool { bulkhead_slab_close(pointer, UInt64(slot)) }

    /// Reserves all slots of a request, in as few slabs as the addresses that are free allow: a program lies in the midst of them.
    static func reserve(_ request: SlabLayout.Request) throws -> [Slab] {
        // Says what is wrong with the request as a whole.
        _ = try SlabLayout(request)
        var slabs: [Slab] = []
        var missing = request.slots
        var attempt = missing
        while missing > 0 {
            var part = request
            part.slots = min(attempt, missing)
            do {
                slabs.append(try Slab(SlabLayout(part)))
                missing -= part.slots
            } catch {
                guard attempt > 1 else { throw error }
                attempt -= max(1, attempt / 16)
            }
        }
        return slabs
    }
}

/// The kernel's limit on a process's mappings, of which each slot in use takes some.
enum MappingBudget {
    /// A slot's context and memory, and the inaccessible rest; an image divides the memory in three.
    static func mappings(perSlot usesImages: Bool) -> Int { usesImages ? 4 : 2 }

    static func check(slots: Int, usesImages: Bool) throws(BulkheadError) {
        guard let limit = read("/proc/sys/vm/max_map_count").flatMap({ Int($0.trimmingNewline) }) else { return }
        let present = read("/proc/self/maps")?.utf8.count { $0 == UInt8(ascii: "\n") } ?? 0
        let (forSlots, overflow) = slots.multipliedReportingOverflow(by: mappings(perSlot: usesImages))
        // Some for whatever else the process will do.
        let wanted = forSlots.addingReportingOverflow(present + 1024)
        guard !overflow, !wanted.overflow, wanted.partialValue <= limit else {
            throw .limit(
                """
                \(slots) slots take up to \(forSlots) mappings beside the \(present) that the process has, and the kernel allows \(limit). Ask for \
                fewer slots\(usesImages ? ", do without images" : ""), or raise it: sysctl -w vm.max_map_count=\(wanted.partialValue)
                """)
        }
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    fileprivate var trimmingNewline: Substring { self[..<(lastIndex(of: "\n") ?? endIndex)] }
}
