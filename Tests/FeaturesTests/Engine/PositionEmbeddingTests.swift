import Foundation
import Testing

@testable import Features

/// Position embeddings stretched to other sizes, against PyTorch (scripts/make-golden-positions.py).
struct PositionEmbeddingTests {
    private struct Golden: Decodable {
        var side: Int
        var rows: Int
        var columns: Int
        var channels: Int
        var grid: [Float]
        var expected: [Float]
    }

    @Test
    func `Interpolation agrees with PyTorch's bicubic`() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/positions.json")
        let cases = try JSONDecoder().decode([Golden].self, from: Data(contentsOf: path))
        #expect(cases.count == 5)
        for golden in cases {
            let found = PositionEmbedding.interpolate(
                golden.grid, side: golden.side, channels: golden.channels, rows: golden.rows, columns: golden.columns)
            #expect(found.count == golden.expected.count)
            for (a, b) in zip(found, golden.expected) { #expect(abs(a - b) < 2e-6) }
        }
    }

    @Test
    func `The learned size keeps its bits`() {
        let grid = (0..<48).map { Float($0) / 7 }
        #expect(PositionEmbedding.interpolate(grid, side: 4, channels: 3, rows: 4, columns: 4) == grid)
    }
}
