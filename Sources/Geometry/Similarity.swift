/// How alike two vectors are; larger is more alike.
public enum Similarity: String, CaseIterable, Sendable {
    /// The cosine of the angle between the vectors, −1 to 1; 0 where either is zero.
    case cosine
    /// The negative Euclidean distance; 0 for equal vectors, at least −2 between vectors of length 1.
    case l2

    /// The values between which similarities of unit vectors lie.
    public var range: ClosedRange<Float> {
        switch self {
        case .cosine: -1...1
        case .l2: -2...0
        }
    }

    /// The similarity of every query to every vector of a gallery, row-major (queries × gallery).
    ///
    /// Edge cases: a zero vector has cosine 0 to everything, itself included; numbers that are not finite, or whose
    /// squares are not, give a similarity of 0 for `cosine` and −∞ for `l2`, so that comparing two similarities always
    /// has an answer.
    /// Distances are summed from the differences and not from dot products, which would lose small ones.
    ///
    /// The order of the additions depends on the dimension alone: the same vectors give the same bits in any gallery.
    ///
    /// - Precondition: both have the same dimension.
    /// - Complexity: O(queries · gallery · dimension).
    public func matrix(_ queries: FeatureVectors, _ gallery: FeatureVectors) -> [Float] {
        var values: [Float] = []
        matrix(queries, gallery, into: &values)
        return values
    }

    /// Writes the similarities, row-major (queries × gallery), into `values`, whose storage is reused.
    ///
    /// - Precondition: both have the same dimension.
    public func matrix(_ queries: FeatureVectors, _ gallery: FeatureVectors, into values: inout [Float]) {
        precondition(queries.dimension == gallery.dimension, "vectors of different models cannot be compared")
        values.removeAll(keepingCapacity: true)
        values.append(contentsOf: repeatElement(0, count: queries.count * gallery.count))
        guard !values.isEmpty else { return }
        switch self {
        case .cosine:
            let kernel = SimilarityKernel<ProductTerm>(dimension: queries.dimension)
            kernel.run(queries.values, gallery.values, columns: gallery.count, into: &values)
            let columnScales = kernel.inverseLengths(of: gallery.values)
            for (row, rowScale) in kernel.inverseLengths(of: queries.values).enumerated() {
                for column in columnScales.indices {
                    let cosine = values[row * gallery.count + column] * rowScale * columnScales[column]
                    values[row * gallery.count + column] = cosine.isFinite ? min(max(cosine, -1), 1) : 0
                }
            }
        case .l2:
            SimilarityKernel<SquaredDifferenceTerm>(dimension: queries.dimension)
                .run(queries.values, gallery.values, columns: gallery.count, into: &values)
            for index in values.indices {
                let distance = values[index].squareRoot()
                values[index] = distance.isNaN ? -.infinity : -distance
            }
        }
    }
}
