import Foundation
import Testing

@testable import Features

/// What NumPy and JAX write reads right (scripts/make-golden-npz.py).
struct NpzFileTests {
    static func fixture(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/\(name)").standardized
            .path(percentEncoded: false)
    }

    /// What the script fills every array with.
    private static func ramp(_ count: Int) -> [Float] { (0..<count).map { Float($0) / 4 - 1 } }

    private static let kernel = "Transformer/encoderblock_0/MultiHeadDotProductAttention_1/query/kernel"

    @Test(arguments: ["stored.npz", "deflated.npz"])
    func `Every type reads as NumPy wrote it`(name: String) throws {
        let file = try NpzFile(path: Self.fixture(name))
        let expected: [(name: String, type: TensorType, shape: [Int])] = [
            ("single", .float32, [3, 5]), ("half", .float16, [7]), ("double", .float64, [2, 3]),
            ("brain", .bfloat16, [2, 1, 3]), ("number", .float32, []), ("nothing", .float32, [0, 4]),
            (Self.kernel, .float32, [2, 3, 4]),
        ]
        for (name, type, shape) in expected {
            let entry = try #require(file.entries[name])
            #expect(entry.name == name && entry.type == type && entry.shape == shape)
            #expect(entry.count == shape.reduce(1, *))
            #expect(try file.floats(name) == Self.ramp(entry.count), "\(name)")
        }
        #expect(file.entries.count == expected.count + 1 && file.metadata.isEmpty)
        #expect(try file.integers("step") == [-1, 0])
        #expect(throws: WeightsError.type(path: file.path, tensor: "step", found: .int64)) { try file.floats("step") }
        #expect(throws: WeightsError.type(path: file.path, tensor: "single", found: .float32)) {
            try file.integers("single")
        }
        #expect(throws: WeightsError.missing(path: file.path, tensor: "single.npy", expectedShape: [])) {
            try file.floats("single.npy")
        }
    }

    @Test
    func `All versions of the array format read, and archives written to a pipe`() throws {
        let file = try NpzFile(path: Self.fixture("versions.npz"))
        #expect(file.entries.keys.sorted() == ["version1", "version2", "version3"])
        for (name, entry) in file.entries {
            #expect(entry.shape == [4, 3])
            #expect(try file.floats(name) == Self.ramp(12), "\(name)")
        }
    }

    @Test
    func `An array larger than a block reads whole, compressed or not`() throws {
        let values = (0..<70_001).map { Float($0 % 977) }
        let content = NpzBuilder.floats(values, shape: "(70001,)")
        var deflated = NpzBuilder.Member("deflated.npy", NpzBuilder.deflated(content))
        deflated.method = 8
        deflated.content = content
        let found = try NpzBuilder(members: [NpzBuilder.Member("stored.npy", content), deflated]).read()
        #expect(found == ["stored": values, "deflated": values])
    }

    @Test
    func `A comment, the 64-bit end record and no arrays at all are fine`() throws {
        let member = NpzBuilder.Member("a.npy", NpzBuilder.floats([1, 2], shape: "(2,)"))
        #expect(
            try NpzBuilder(members: [member], comment: Array("PK\u{5}\u{6}, a comment".utf8)).read() == ["a": [1, 2]])
        #expect(try NpzBuilder(members: [member], isWide: true).read() == ["a": [1, 2]])
        #expect(try NpzBuilder(members: []).read() == [:])
    }

    @Test
    func `Sizes and places of 64 bits are read from the extra field`() throws {
        let data = NpzBuilder.floats([1, 2], shape: "(2,)")
        var member = NpzBuilder.Member("a.npy", data)
        member.size = 0xFFFF_FFFF
        member.localSize = data.count
        member.headerStart = 0xFFFF_FFFF
        // A field of another kind comes first, as a time stamp would.
        member.centralExtra =
            [0x55, 0x54, 1, 0, 0, 1, 0, 16, 0] + NpzBuilder.number(data.count, 8) + NpzBuilder.number(0, 8)
        #expect(try NpzBuilder(members: [member]).read() == ["a": [1, 2]])
        member.centralExtra.removeLast(8)
        #expect(throws: WeightsError.self) { try NpzBuilder(members: [member]).read() }
    }

    @Test
    func `A name is a key and no path`() throws {
        let data = NpzBuilder.floats([7], shape: "(1,)")
        var accented = NpzBuilder.Member("é.npy", data)
        accented.flags = 1 << 11
        let found = try NpzBuilder(members: [NpzBuilder.Member("../../etc/passwd.npy", data), accented]).read()
        #expect(found == ["../../etc/passwd": [7], "é": [7]])
    }

    @Test(arguments: [
        // Axes by their order, against numpy.transpose's definition.
        [0, 1, 2, 3], [3, 2, 1, 0], [3, 2, 0, 1], [1, 0, 3, 2], [0, 2, 1, 3],
    ])
    func `Axes move as numpy.transpose moves them`(axes: [Int]) {
        let shape = [2, 3, 4, 5]
        let values = (0..<120).map { Float($0) }
        let sides = axes.map { shape[$0] }
        var expected = [Float](repeating: -1, count: 120)
        for a in 0..<2 {
            for b in 0..<3 {
                for c in 0..<4 {
                    for d in 0..<5 {
                        let source = [a, b, c, d]
                        let target = zip(axes, sides).reduce(0) { $0 * $1.1 + source[$1.0] }
                        expected[target] = values[((a * 3 + b) * 4 + c) * 5 + d]
                    }
                }
            }
        }
        #expect(AxisOrder.permute(values, shape: shape, axes: axes) == expected)
    }

    @Test
    func `Axes of nothing, of one number and of vectors stay`() {
        #expect(AxisOrder.permute([], shape: [0, 3], axes: [1, 0]) == [])
        #expect(AxisOrder.permute([5], shape: [], axes: []) == [5])
        #expect(AxisOrder.permute([5, 6], shape: [2], axes: [0]) == [5, 6])
    }
}
