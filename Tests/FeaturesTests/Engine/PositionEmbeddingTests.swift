import CKernels
import Foundation
import Testing

@testable import Features

/// Positions against the libraries that models' authors use (scripts/make-golden-positions.py).
struct PositionEmbeddingTests {
    private struct Golden: Decodable {
        struct Stretched: Decodable {
            var side: Int
            var rows: Int
            var columns: Int
            var channels: Int
            var grid: [Float]
            var expected: [String: [Float]]
        }
        struct SineCosine: Decodable {
            var rows: Int
            var columns: Int
            var channels: Int
            var expected: [Float]
        }
        struct Rotary: Decodable {
            var model: String
            var rows: Int
            var columns: Int
            var head: Int
            var side: Int
            var queries: [Float]
            var expected: [Float]
        }
        struct RelativeBias: Decodable {
            var side: Int
            var heads: Int
            var classToken: Bool
            var table: [Double]
            var expected: [Double]
        }
        struct RelativeResize: Decodable {
            var side: Int
            var rows: Int
            var columns: Int
            var heads: Int
            var table: [Float]
            var expected: [Float]
        }
        var interpolation: [Stretched]
        var sineCosine: [SineCosine]
        var rotary: [Rotary]
        var relativeBias: [RelativeBias]
        var relativeResize: [RelativeResize]

        static func read() throws -> Golden {
            let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../Fixtures/positions.json")
            return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: path))
        }
    }

    @Test(arguments: Interpolation.allCases)
    func `Tables are stretched as PyTorch does`(_ rule: Interpolation) throws {
        let cases = try Golden.read().interpolation
        #expect(cases.count == 5)
        for golden in cases {
            let found = PositionEmbedding.interpolate(
                golden.grid, side: golden.side, channels: golden.channels, rows: golden.rows, columns: golden.columns,
                rule: rule)
            let expected = try #require(golden.expected[rule.rawValue])
            #expect(found.count == expected.count)
            for (a, b) in zip(found, expected) { #expect(abs(a - b) < 2e-6) }
        }
    }

    @Test(arguments: Interpolation.allCases)
    func `The learned size keeps its bits`(_ rule: Interpolation) {
        let grid = (0..<48).map { Float($0) / 7 }
        #expect(PositionEmbedding.interpolate(grid, side: 4, channels: 3, rows: 4, columns: 4, rule: rule) == grid)
    }

    @Test
    func `Sines and cosines are MAE's`() throws {
        for golden in try Golden.read().sineCosine {
            let found = PositionEmbedding.sineCosine(
                rows: golden.rows, columns: golden.columns, channels: golden.channels)
            #expect(found.count == golden.expected.count)
            for (a, b) in zip(found, golden.expected) { #expect(abs(a - b) < 1e-6) }
        }
    }

    // The turns together with the kernel that applies them, and the twin's rotation.
    @Test
    func `Rotary positions are those of DINOv3 and EVA-02`() throws {
        let cases = try Golden.read().rotary
        #expect(cases.count == 4)
        for golden in cases {
            let rotary =
                golden.model == "dinov3"
                ? RotaryPositions()
                : RotaryPositions(theta: 10000, coordinates: .steps(side: golden.side), pairing: .neighbours)
            let turns = RotaryTurns.make(
                rotary, periods: nil, head: golden.head, rows: golden.rows, columns: golden.columns)
            let plain = PlainPositions(
                model: TinyCheckpoint.description(), rows: golden.rows, columns: golden.columns)
            for patch in 0..<golden.rows * golden.columns {
                let range = patch * golden.head..<(patch + 1) * golden.head
                var query = Array(golden.queries[range])
                unsafe Kernels.best.functions.rotate_f32(
                    &query, 1, Int32(golden.head), Array(turns[2 * range.lowerBound..<2 * range.upperBound]),
                    rotary.pairing == .neighbours ? 1 : 0)
                let twin = plain.rotate(
                    golden.queries[range].map(Double.init), rotary, periods: nil, patch: patch)
                for (index, expected) in golden.expected[range].enumerated() {
                    #expect(abs(query[index] - expected) < 2e-6)
                    #expect(abs(Float(twin[index]) - expected) < 2e-6)
                }
            }
        }
    }

    @Test
    func `Relative biases are looked up as timm does`() throws {
        for golden in try Golden.read().relativeBias {
            var structure = ModelStructure()
            structure.classToken = golden.classToken
            structure.relativeBias = .shared
            let model = TinyCheckpoint.description(
                width: 20 * golden.heads, heads: golden.heads, side: 5 * golden.side, structure: structure)
            let bias = PlainPositions(model: model, rows: golden.side, columns: golden.side).bias(table: golden.table)
            let tokens = model.prefixTokens + golden.side * golden.side
            #expect(golden.expected.count == golden.heads * tokens * tokens)
            for (index, expected) in golden.expected.enumerated() {
                #expect(bias(index / tokens / tokens, index / tokens % tokens, index % tokens) == expected)
            }
        }
    }

    @Test
    func `Tables of relative biases are stretched by a spline over growing distances`() throws {
        for golden in try Golden.read().relativeResize {
            let found = RelativePositions.resize(
                golden.table, side: golden.side, heads: golden.heads, rows: golden.rows, columns: golden.columns)
            let (height, width) = (2 * golden.rows - 1, 2 * golden.columns - 1)
            #expect(golden.expected.count == height * width * golden.heads && found.count == golden.expected.count)
            for (index, expected) in golden.expected.enumerated() {
                let (place, head) = index.quotientAndRemainder(dividingBy: golden.heads)
                // The engine's tables run the other way: by the key's place minus the query's.
                #expect(abs(found[(head + 1) * height * width - 1 - place] - expected) < 1e-5)
            }
        }
    }

    // Fewer knots than a cubic spline needs.
    @Test(arguments: [1, 2])
    func `Tables of tiny models are stretched by straight lines`(side: Int) {
        let source = 2 * side - 1
        let table = (0..<source * source).map(Float.init)
        let found = RelativePositions.resize(table, side: side, heads: 1, rows: 3, columns: 2)
        #expect(found.count == 15 && found.allSatisfy { $0 >= 0 && $0 <= Float(source * source) })
        #expect(found[7] == Float(source * source / 2))
    }
}
