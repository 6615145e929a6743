/// Learned position embeddings, and how they are stretched to a picture of another size.
///
/// Source: `interpolate_pos_encoding` of https://github.com/facebookresearch/dino (vision_transformer.py) and
/// `resample_abs_pos_embed` of timm (layers/pos_embed.py): both resize the g×g grid of embeddings with PyTorch's
/// bicubic interpolation (`align_corners=False`, a = −0.75, coordinates clamped to the grid). The output size is given
/// exactly, as timm and today's DINO do; the 0.1 that the first DINO added to the scale factors is not reproduced.
/// timm also sets `antialias=True`; where the grid grows, as `whole` does on any picture of at least the model's
/// input side, that changes nothing but a (−0.5 in place of −0.75), where it shrinks it blurs. DINO's rule is
/// followed, without it, for all models: the paper this program reproduces measured DINO's.
enum PositionEmbedding {
    /// Resizes a grid of embeddings.
    ///
    /// - Parameters:
    ///   - grid: Embeddings (side, side, channels), row-major.
    ///   - side: Patches along one side of the learned grid.
    ///   - channels: Numbers per embedding.
    ///   - rows: Patches from top to bottom of the picture.
    ///   - columns: Patches from left to right.
    /// - Returns: Embeddings (rows, columns, channels). The same numbers where the size is the learned one.
    static func interpolate(_ grid: [Float], side: Int, channels: Int, rows: Int, columns: Int) -> [Float] {
        if rows == side, columns == side { return grid }
        let vertical = (0..<rows).map { taps(at: $0, from: side, to: rows) }
        let horizontal = (0..<columns).map { taps(at: $0, from: side, to: columns) }
        var result = [Float](repeating: 0, count: rows * columns * channels)
        for row in 0..<rows {
            for column in 0..<columns {
                let target = (row * columns + column) * channels
                for channel in 0..<channels {
                    var sum: Float = 0
                    for y in vertical[row] {
                        var line: Float = 0
                        for x in horizontal[column] {
                            line += x.weight * grid[(y.index * side + x.index) * channels + channel]
                        }
                        sum += y.weight * line
                    }
                    result[target + channel] = sum
                }
            }
        }
        return result
    }

    /// The four source positions of one target position and their weights (Keys 1981, a = −0.75).
    private static func taps(at target: Int, from: Int, to: Int) -> [(index: Int, weight: Float)] {
        let source = (Double(target) + 0.5) * Double(from) / Double(to) - 0.5
        let base = source.rounded(.down)
        let t = source - base
        let a = -0.75
        func near(_ x: Double) -> Double { ((a + 2) * x - (a + 3)) * x * x + 1 }
        func far(_ x: Double) -> Double { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
        let weights = [far(t + 1), near(t), near(1 - t), far(2 - t)]
        return weights.enumerated().map { offset, weight in
            (min(max(Int(base) - 1 + offset, 0), from - 1), Float(weight))
        }
    }
}
