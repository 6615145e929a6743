import Geometry
import Testing

@Suite struct IoUTests {
    /// Expected values worked out by hand.
    @Test(arguments: [
        // The same box.
        (Box(x: 0, y: 0, width: 10, height: 10), Box(x: 0, y: 0, width: 10, height: 10), 1.0),
        // Half covered: 50 shared of 150.
        (Box(x: 0, y: 0, width: 10, height: 10), Box(x: 5, y: 0, width: 10, height: 10), 1.0 / 3),
        // Touching edges share nothing.
        (Box(x: 0, y: 0, width: 10, height: 10), Box(x: 10, y: 0, width: 10, height: 10), 0.0),
        // A box inside another: 4 of 100.
        (Box(x: 0, y: 0, width: 10, height: 10), Box(x: 1, y: 1, width: 2, height: 2), 0.04),
        // Zero area has no overlap, not even with itself.
        (Box(x: 3, y: 3, width: 0, height: 5), Box(x: 3, y: 3, width: 0, height: 5), 0.0),
    ])
    func intersectionOverUnion(_ left: Box, _ right: Box, _ expected: Double) {
        #expect(abs(left.intersectionOverUnion(with: right) - expected) < 1e-15)
        #expect(left.intersectionOverUnion(with: right) == right.intersectionOverUnion(with: left))
    }
}

@Suite struct FeatureVectorsTests {
    @Test func selectionKeepsOrderAndShape() {
        let vectors = FeatureVectors(count: 3, dimension: 2, values: [1, 2, 3, 4, 5, 6])
        #expect(vectors.selecting([2, 0]) == FeatureVectors(count: 2, dimension: 2, values: [5, 6, 1, 2]))
        #expect(vectors.selecting([]).count == 0)
    }

    @Test func reshapeKeepsTheSampleCountRight() {
        var image = RGBImage(width: 4, height: 2)
        image.reshape(width: 2, height: 2)
        #expect(image.pixels.count == 12)
        image.reshape(width: 5, height: 3)
        #expect(image.pixels.count == 45)
    }
}
