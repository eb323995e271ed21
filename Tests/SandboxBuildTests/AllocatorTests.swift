import Bulkhead
import Testing
import Toolchain

@testable import SandboxBuild

/// The allocator of libraries without a C library, compiled to WebAssembly and run by the runtime.
@Suite("The freestanding allocator")
final class AllocatorTests {
    private let project: Project
    private let store: Store
    private let memory: Memory
    private let malloc: (UInt32) throws -> UInt32
    private let calloc: (UInt32, UInt32) throws -> UInt32
    private let realloc: (UInt32, UInt32) throws -> UInt32
    private let free: (UInt32) throws -> Void
    private let grow: (UInt32) throws -> UInt32

    init() throws {
        project = try Project([
            "sandbox.json": """
            {"library": "Heap", "libc": false, "sources": ["a.c"], "exports": ["calloc", "realloc", "grow"],
             "stackSize": "64K", "maximumMemory": "32M"}
            """,
            "a.c": """
            #include <stdlib.h>
            #include <string.h>
            unsigned grow(unsigned pages) { return (unsigned)__builtin_wasm_memory_grow(0, pages); }
            """,
        ])
        try project.build()
        store = try Store()
        let instance = try project.instantiate("Heap", store: store)
        memory = try #require(instance.memory)
        func function(_ name: String) throws -> Function { try #require(instance.exports[function: name]) }
        malloc = try function("malloc").typed(as: ((UInt32) -> UInt32).self)
        calloc = try function("calloc").typed(as: ((UInt32, UInt32) -> UInt32).self)
        realloc = try function("realloc").typed(as: ((UInt32, UInt32) -> UInt32).self)
        free = try function("free").typed(as: ((UInt32) -> Void).self)
        grow = try function("grow").typed(as: ((UInt32) -> UInt32).self)
    }

    /// A block that is in use, and what it must hold.
    private struct Block {
        var address: UInt32
        var size: UInt32
        var byte: UInt8
    }

    private func fill(_ block: Block) throws {
        try memory.write([UInt8](repeating: block.byte, count: Int(block.size)), at: Int(block.address))
    }

    private func holds(_ block: Block, first count: UInt32? = nil) throws -> Bool {
        try memory.read(at: Int(block.address), count: Int(count ?? block.size)).allSatisfy { $0 == block.byte }
    }

    /// Sizes as programs have them: mostly small, some large.
    private func size(_ random: inout SystemRandomNumberGenerator) -> UInt32 {
        switch UInt8.random(in: 0..<20, using: &random) {
        case 0: 0
        case 1...12: .random(in: 1...200, using: &random)
        case 13...17: .random(in: 200...5000, using: &random)
        default: .random(in: 5000...200_000, using: &random)
        }
    }

    @Test("thirty thousand random steps: blocks are aligned, never overlap, and keep what is in them")
    func hammer() throws {
        var random = SystemRandomNumberGenerator()
        var blocks: [Block] = []
        var failures = 0
        for step in 0..<30_000 {
            let byte = UInt8(truncatingIfNeeded: step)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                let block = Block(address: 0, size: size(&random), byte: byte)
                let address = try malloc(block.size)
                guard address != 0 else {
                    failures += 1
                    continue
                }
                blocks.append(Block(address: address, size: block.size, byte: byte))
                try fill(blocks[blocks.count - 1])
            case 4:
                let size = size(&random) / 8
                let address = try calloc(8, size)
                guard address != 0 else { continue }
                #expect(try holds(Block(address: address, size: size * 8, byte: 0)))
                blocks.append(Block(address: address, size: size * 8, byte: byte))
                try fill(blocks[blocks.count - 1])
            case 5 where !blocks.isEmpty:
                let place = Int.random(in: 0..<blocks.count, using: &random)
                var block = blocks[place]
                let new = size(&random)
                let address = try realloc(block.address, new)
                guard address != 0 else { continue }
                block.address = address
                #expect(try holds(block, first: min(new, block.size)))
                blocks[place] = Block(address: address, size: new, byte: byte)
                try fill(blocks[place])
            case _ where !blocks.isEmpty:
                let block = blocks.swapRemove(Int.random(in: 0..<blocks.count, using: &random))
                #expect(try holds(block))
                try free(block.address)
            default: break
            }
            if step % 5000 == 0 { try check(blocks) }
        }
        try check(blocks)
        for block in blocks {
            #expect(try holds(block))
            try free(block.address)
        }
        // All free chunks are one again: memory did not grow for ever, and the largest block fits.
        #expect(try malloc(UInt32(memory.count) - 200_000) != 0)
        #expect(failures < 100)
    }

    private func check(_ blocks: [Block]) throws {
        let sorted = blocks.sorted { $0.address < $1.address }
        for (block, next) in zip(sorted, sorted.dropFirst()) {
            #expect(block.address % 16 == 0 && next.address % 16 == 0)
            #expect(UInt64(block.address) + UInt64(max(block.size, 1)) <= UInt64(next.address))
        }
        #expect(sorted.allSatisfy { $0.address >= 65536 }, "the stack lies there")
    }

    @Test("sizes that don't fit, or wrap round, give null")
    func overflow() throws {
        for size: UInt32 in [
            .max, .max - 7, .max - 8, .max - 15, .max - 16, .max - 23, .max - 65535, 0xFFF0_0001, 1 << 31,
        ] {
            #expect(try malloc(size) == 0)
        }
        for (count, size) in [
            (65536, 65536), (UInt32.max, UInt32.max), (2, 1 << 31), (1 << 31, 2), (UInt32.max, 2), (3, 0x5555_5556),
            (0x1001, 0xFFFF_F001),
        ] as [(UInt32, UInt32)] {
            #expect(try calloc(count, size) == 0)
        }
        let block = Block(address: try malloc(100), size: 100, byte: 7)
        try fill(block)
        for size: UInt32 in [.max, .max - 8, 1 << 31, 64 << 20] { #expect(try realloc(block.address, size) == 0) }
        // The old block is as it was.
        #expect(try holds(block))
        try free(block.address)
        try free(0)
        #expect(try realloc(0, 16) != 0)
        #expect(try malloc(0) != malloc(0))
    }

    @Test("all of memory can be had, and had again")
    func exhaustion() throws {
        for _ in 0..<3 {
            var blocks: [UInt32] = []
            while case let block = try malloc(100_000), block != 0 { blocks.append(block) }
            #expect(memory.count == 32 << 20)
            #expect(blocks.count > 32 * 10 - 4)
            // Every other one first, so that neighbours are joined from both sides.
            for offset in 0..<2 {
                for place in stride(from: offset, to: blocks.count, by: 2) { try free(blocks[place]) }
            }
            let large = try malloc(31 << 20)
            #expect(large != 0)
            try free(large)
        }
    }

    @Test("memory that the library takes for itself stays its own")
    func foreignGrowth() throws {
        let first = try malloc(1000)
        let pages = try grow(1)
        let taken = Block(address: pages * 65536, size: 65536, byte: 0xA5)
        try fill(taken)
        var blocks = [first]
        for _ in 0..<50 { blocks.append(try malloc(20_000)) }
        for block in blocks.dropFirst() {
            try memory.write([UInt8](repeating: 1, count: 20_000), at: Int(block))
            #expect(block + 20_000 <= taken.address || block >= taken.address + taken.size)
        }
        for block in blocks { try free(block) }
        #expect(try holds(taken))
    }

    @Test("a pointer that was freed already, or never allocated, is a trap")
    func misuse() throws {
        let block = try malloc(64)
        _ = try malloc(64)
        try free(block)
        #expect { try self.free(block) } throws: { ($0 as? Trap)?.kind == .unreachable }
        for pointer in [block + 16, block + 1, 8, 16, 0x7FFF_FFF0] as [UInt32] {
            #expect { try self.free(pointer) } throws: { $0 is Trap }
        }
        #expect { try self.realloc(block, 10) } throws: { $0 is Trap }
    }
}

extension Array {
    /// Takes out an element and puts the last one in its place.
    fileprivate mutating func swapRemove(_ index: Int) -> Element {
        swapAt(index, count - 1)
        return removeLast()
    }
}
