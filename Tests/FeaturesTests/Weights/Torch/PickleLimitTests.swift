import Foundation
import Testing

@testable import Features

/// Pickles that would take all memory, all time or the stack end with an error.
struct PickleLimitTests {
    private func read(_ bytes: [UInt8], steps: Int = PickleMachine.maximumSteps) throws -> PickleValue {
        try TestData.withFolder { folder in
            try Data(bytes).write(to: URL(filePath: folder + "/pickle"))
            let file = try ReadOnlyFile(path: folder + "/pickle")
            var machine = PickleMachine(input: PickleInput(file: file, range: 0..<file.size), steps: steps)
            return try machine.run()
        }
    }

    private static func many(_ byte: UInt8, _ count: Int) -> [UInt8] { [UInt8](repeating: byte, count: count) }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
        let says: String
    }

    @Test(arguments: [
        // Counts that the file does not have.
        Case(testDescription: "text of 4 GB", bytes: [0x58, 0xFF, 0xFF, 0xFF, 0xFF], says: "4294967295 bytes"),
        Case(testDescription: "text of 2^64", bytes: [0x8D] + many(0xFF, 8), says: "9223372036854775807 bytes"),
        Case(testDescription: "bytes of 2^63", bytes: [0x8E] + many(0, 7) + [0x80], says: "9223372036854775807 bytes"),
        Case(testDescription: "bytes of 4 GB", bytes: [0x42] + many(0xFF, 4), says: "4294967295 bytes"),
        Case(testDescription: "integer of 4 GB", bytes: [0x8B] + many(0xFF, 4), says: "4294967295 bytes"),
        Case(testDescription: "integer of 255 bytes", bytes: [0x8A, 0xFF, 0], says: "255 bytes"),
        Case(testDescription: "one byte short", bytes: [0x58, 2, 0, 0, 0, 0x61], says: "ends in the middle"),
        Case(testDescription: "half a number", bytes: [0x4A, 0], says: "ends in the middle"),
        Case(testDescription: "no end", bytes: [0x80, 2, 0x4E], says: "ends in the middle"),
        Case(testDescription: "nothing", bytes: [], says: "ends in the middle"),
        // Too many of everything.
        Case(testDescription: "objects", bytes: many(0x29, 1) + many(0x85, 500_001), says: "500000 objects"),
        Case(testDescription: "values", bytes: many(0x4E, (1 << 20) + 1), says: "1048576 values"),
        Case(testDescription: "marks", bytes: many(0x28, (1 << 20) + 1), says: "1048576 open marks"),
        Case(testDescription: "name without end", bytes: [0x63] + many(0x61, 2000), says: "longer than 1024"),
        Case(testDescription: "name not UTF-8", bytes: [0x63, 0xFF, 0x0A, 0x0A], says: "not UTF-8"),
        // Values that are not there, or behind a mark.
        Case(testDescription: "end without value", bytes: [0x2E], says: "lacks its value"),
        Case(testDescription: "value behind a mark", bytes: [0x4E, 0x28, 0x2E], says: "lacks its value"),
        Case(testDescription: "tuple without mark", bytes: [0x4E, 0x74], says: "lacks its mark"),
        Case(testDescription: "append to a number", bytes: [0x4E, 0x4E, 0x61], says: "lacks its object"),
        Case(testDescription: "state of a number", bytes: [0x4E, 0x4E, 0x62], says: "lacks its object"),
        Case(testDescription: "odd number of items", bytes: [0x7D, 0x28, 0x4E, 0x75], says: "a key has no value"),
        Case(testDescription: "memo is empty", bytes: [0x68, 7], says: "value 7 was never put"),
        Case(testDescription: "nothing for the memo", bytes: [0x71, 0], says: "lacks its value"),
        Case(testDescription: "class without name", bytes: [0x4E, 0x4E, 0x93], says: "a class has no name"),
        // Instructions of other protocols.
        Case(testDescription: "protocol 0", bytes: Array("(dp0\n.".utf8), says: "instruction 0x64"),
        Case(testDescription: "protocol 6", bytes: [0x80, 6, 0x4E, 0x2E], says: "protocol 6"),
        Case(testDescription: "extension", bytes: [0x82, 1, 0x2E], says: "instruction 0x82"),
    ])
    func `A pickle that claims too much is refused`(_ item: Case) throws {
        let error = try #require(throws: WeightsError.self) { try read(item.bytes) }
        #expect(error.description.contains(item.says), "\(error)")
        #expect(error.description.contains("pickle: pickle at byte "))
    }

    @Test
    func `The number of instructions is limited`() throws {
        let loop = Array([Self.many(0x4E, 1), Self.many(0x30, 1)].joined())
        let bytes = Array(repeatElement(loop, count: 500).joined()) + [0x4E, 0x2E]
        #expect(try read(bytes) == .none)
        let error = try #require(throws: WeightsError.self) { try read(bytes, steps: 1000) }
        #expect(error.description.contains("more than 1000 instructions"))
    }

    @Test(
        arguments: [
            // Bytes of an integer, and its value: two's complement, least byte first.
            ([0x8A, 0], PickleValue.int(0)), ([0x8A, 1, 0xFF], .int(-1)), ([0x8A, 2, 0xFF, 0], .int(255)),
            ([0x8A, 8, 0, 0, 0, 0, 0, 0, 0, 0x80], .int(Int.min)), ([0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0x80, 0], .opaque),
            ([0x4A, 0xFE, 0xFF, 0xFF, 0xFF], .int(-2)), ([0x4D, 0xFF, 0xFF], .int(65_535)), ([0x4B, 0xFF], .int(255)),
            ([0x47, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0], .float(1.5)), ([0x88], .bool(true)), ([0x89], .bool(false)),
            ([0x8C, 1, 0x61], .text("a")), ([0x55, 1, 0x61], .text("a")), ([0x54, 1, 0, 0, 0, 0x61], .text("a")),
            ([0x8D, 1, 0, 0, 0, 0, 0, 0, 0, 0x61], .text("a")), ([0x8C, 1, 0xFF], .opaque), ([0x43, 1, 0x61], .opaque),
            ([0x95, 0, 0, 0, 0, 0, 0, 0, 0, 0x4E], .none),
        ] as [([UInt8], PickleValue)])
    func `Constants have their values`(code: [UInt8], value: PickleValue) throws {
        #expect(try read([0x80, 4] + code + [0x2E]) == value)
    }

    @Test(arguments: [
        // A list of lists of lists, a tuple of tuples; a list that contains itself; forty lists that each contain the
        // one before twice.
        Case(testDescription: "lists", bytes: many(0x5D, 100_000) + many(0x61, 99_999), says: "nested deeper"),
        Case(testDescription: "tuples", bytes: [0x29] + many(0x85, 400_000), says: "nested deeper"),
        Case(testDescription: "itself", bytes: [0x5D, 0x71, 0, 0x68, 0, 0x61], says: "nested deeper"),
        Case(
            testDescription: "doubling",
            bytes: [0x5D, 0x71, 0]
                + (UInt8(0)..<40).flatMap { [0x30, 0x5D, 0x28, 0x68, $0, 0x68, $0, 0x65, 0x71, $0 + 1] as [UInt8] },
            says: "contain each other"),
        Case(
            testDescription: "one large list many times",
            bytes: [0x5D, 0x28] + many(0x4E, 100_000) + [0x65, 0x71, 0, 0x30, 0x5D, 0x28]
                + (0..<100_000).flatMap { _ in [0x68, 0] as [UInt8] } + [0x65],
            says: "contain each other"),
        Case(
            testDescription: "long names",
            bytes: (0..<3).flatMap { _ in [0x7D] + TestPickle.text(String(repeating: "a", count: 900)) } + [0x5D]
                + many(0x73, 3), says: "a name of over 1000 bytes"),
    ])
    func `A checkpoint whose nesting does not end is refused`(_ item: Case) throws {
        try TestData.withFolder { folder in
            let path = folder + "/deep.pth"
            try Data(TestArchive(pickle: TestPickle.file(item.bytes)).bytes).write(to: URL(filePath: path))
            let error = try #require(throws: WeightsError.self) { try TorchFile(path: path) }
            #expect(error.description.contains(item.says), "\(error)")
        }
    }

    @Test
    func `Any two instructions are read or refused`() throws {
        // Each with something for it to take, and nothing.
        let stacks: [[UInt8]] = [[], [0x7D, 0x28, 0x5D, 0x4E], [0x8C, 1, 0x61, 0x8C, 1, 0x62], [0x29, 0x29, 0x7D]]
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        for stack in stacks {
            for first in UInt8.min ... .max where PickleOpcode(rawValue: first) != nil {
                for second in UInt8.min ... .max where PickleOpcode(rawValue: second) != nil {
                    let start = bytes.count
                    bytes += stack + [first] + Self.many(0, 9) + stack + [second] + Self.many(0x0A, 9) + [0x2E]
                    bytes += stack + [first, second, 0x2E]
                    ranges.append(start..<bytes.count - stack.count - 3)
                    ranges.append(bytes.count - stack.count - 3..<bytes.count)
                }
            }
        }
        try TestData.withFolder { folder in
            try Data(bytes).write(to: URL(filePath: folder + "/pickles"))
            let file = try ReadOnlyFile(path: folder + "/pickles")
            var read = 0
            for range in ranges {
                var input = PickleInput(file: file, range: range)
                if (try? Pickle(from: &input)) != nil { read += 1 }
            }
            #expect(read > 100)
        }
    }
}
