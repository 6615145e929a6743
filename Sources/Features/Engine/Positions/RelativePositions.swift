internal import Glibc

/// Tables of relative position biases, and how they are stretched to a picture of another size.
///
/// Near offsets keep their values and far ones are spread: the learned offsets are laid out at distances that grow
/// geometrically up to the new largest offset, and a cubic spline through them is read at whole offsets. Source:
/// `remap_pretrained_keys_vit` of https://github.com/microsoft/SimMIM (utils.py), as in BEiT. The authors do square
/// pictures; each direction here has its own distances, as in `resize_rel_pos_bias_table` of timm.
enum RelativePositions {
    /// Resizes one table.
    ///
    /// - Parameters:
    ///   - table: Biases ((2·side − 1)², heads), and maybe more rows, by the query's place minus the key's.
    ///   - side: Patches along one side of the learned grid.
    /// - Returns: Biases (heads, 2·rows − 1, 2·columns − 1) by the key's place minus the query's.
    static func resize(_ table: [Float], side: Int, heads: Int, rows: Int, columns: Int) -> [Float] {
        let (source, height, width) = (2 * side - 1, 2 * rows - 1, 2 * columns - 1)
        let isLearned = rows == side && columns == side
        let vertical = isLearned ? [] : weights(from: side, to: rows)
        let horizontal = isLearned ? [] : weights(from: side, to: columns)
        var result = [Float](repeating: 0, count: heads * height * width)
        for head in 0..<heads {
            func learned(_ y: Int, _ x: Int) -> Double { Double(table[(y * source + x) * heads + head]) }
            var lines: [[Double]] = []
            if !isLearned {
                lines = (0..<source).map { y in
                    horizontal.map { weights in
                        weights.indices.reduce(0) { $0 + weights[$1] * learned(y, $1) }
                    }
                }
            }
            for y in 0..<height {
                for x in 0..<width {
                    let value =
                        isLearned
                        ? learned(y, x) : (0..<source).reduce(0) { $0 + vertical[y][$1] * lines[$1][x] }
                    result[(head * height + height - 1 - y) * width + width - 1 - x] = Float(value)
                }
            }
        }
        return result
    }

    /// The weights of the learned offsets in each new one.
    private static func weights(from side: Int, to count: Int) -> [[Double]] {
        var knots = [0.0]
        var distance = 0.0
        let ratio = ratio(from: side, to: count)
        for step in 0..<side - 1 {
            distance += pow(ratio, Double(step))
            knots.append(distance)
            knots.insert(-distance, at: 0)
        }
        return CubicSpline(knots: knots).weights(at: (1 - count...count - 1).map(Double.init))
    }

    /// What each distance is longer by than the one before, so that they reach the new largest offset.
    ///
    /// Found by halving, as the authors do: where none of 1.01 … 1.5 fits it is the border.
    private static func ratio(from side: Int, to count: Int) -> Double {
        var (low, high, ratio) = (1.01, 1.5, 1.01)
        while high - low > 1e-6 {
            ratio = (low + high) / 2
            if (1 - pow(ratio, Double(side - 1))) / (1 - ratio) > Double(count - 1) {
                high = ratio
            } else {
                low = ratio
            }
        }
        return ratio
    }
}
