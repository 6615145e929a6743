import Geometry
import Testing

@Suite struct SimilarityTests {
    /// The plain definition in double precision.
    private func reference(_ similarity: Similarity, _ left: ArraySlice<Float>, _ right: ArraySlice<Float>) -> Double {
        let pairs = zip(left.map(Double.init), right.map(Double.init))
        switch similarity {
        case .l2:
            return -pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        case .cosine:
            let product = pairs.reduce(0) { $0 + $1.0 * $1.1 }
            let lengths = [left, right].map { row in row.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
            return lengths[0] > 0 && lengths[1] > 0 ? product / (lengths[0] * lengths[1]) : 0
        }
    }

    private func vectors(_ count: Int, _ dimension: Int, seed: Int) -> FeatureVectors {
        // Numbers without a pattern that the lanes of a vector could share.
        let values = (0..<count * dimension).map { Float((($0 + seed) * 7919) % 2017) / 1000 - 1 }
        return FeatureVectors(count: count, dimension: dimension, values: values)
    }

    // Rows, gallery, dimension: with and without remainders of the eight lanes and of the four gallery rows.
    @Test(
        arguments: Similarity.allCases,
        [(1, 1, 1), (3, 4, 8), (2, 5, 7), (5, 3, 768), (4, 9, 37), (0, 3, 8), (3, 0, 8)])
    func agreesWithTheDefinition(_ similarity: Similarity, _ shape: (Int, Int, Int)) {
        let queries = vectors(shape.0, shape.2, seed: 5)
        let gallery = vectors(shape.1, shape.2, seed: 900)
        let matrix = similarity.matrix(queries, gallery)
        #expect(matrix.count == shape.0 * shape.1)
        for row in 0..<shape.0 {
            for column in 0..<shape.1 {
                let expected = reference(similarity, queries[row: row], gallery[row: column])
                #expect(abs(Double(matrix[row * shape.1 + column]) - expected) < 2e-6 * max(1, abs(expected)))
            }
        }
    }

    @Test func zeroVectorsHaveCosineZero() {
        let zeros = FeatureVectors(zeros: 2, dimension: 3)
        let others = FeatureVectors(count: 1, dimension: 3, values: [1, 2, 3])
        #expect(Similarity.cosine.matrix(zeros, zeros) == [0, 0, 0, 0])
        #expect(Similarity.cosine.matrix(zeros, others) == [0, 0])
        #expect(Similarity.cosine.matrix(others, zeros) == [0, 0])
    }

    @Test func closeVectorsKeepTheirDistance() {
        // By dot products, 2 − 2·cos would be 0 here.
        let left = FeatureVectors(count: 1, dimension: 2, values: [1, 0])
        let right = FeatureVectors(count: 1, dimension: 2, values: [1, 1e-5])
        #expect(Similarity.l2.matrix(left, right) == [-1e-5])
        #expect(Similarity.l2.matrix(left, left) == [0])
    }

    // NaN would be neither more nor less alike than anything.
    @Test(arguments: Similarity.allCases, [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude])
    func similaritiesAreNeverNaN(_ similarity: Similarity, _ value: Float) {
        let left = FeatureVectors(count: 2, dimension: 2, values: [value, 1, 1, 0])
        for similarity in similarity.matrix(left, left) { #expect(!similarity.isNaN) }
    }

    @Test func theGalleryDoesNotChangeASimilarity() {
        let queries = vectors(3, 61, seed: 1)
        let gallery = vectors(7, 61, seed: 2)
        let whole = Similarity.cosine.matrix(queries, gallery)
        for column in 0..<7 {
            let alone = Similarity.cosine.matrix(queries, gallery.selecting([column]))
            #expect(alone == (0..<3).map { whole[$0 * 7 + column] })
        }
    }
}
