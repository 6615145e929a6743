internal import Glibc

/// Tables of position embeddings, and how they are stretched to a picture of another size.
///
/// Families differ in how their authors call PyTorch's bicubic interpolation (`align_corners=False`), and so do the
/// numbers:
///
/// - `resized`: the size is given. a = −0.75, coordinates clamped to the grid. Sources: `interpolate_pos_encoding` of
///   transformers' models, `interpolate_pos_embed` of https://github.com/facebookresearch/mae (util/pos_embed.py).
/// - `offset`: the factor (n + 0.1)/g is given, so the grid is a little larger than the patches that are taken of it.
///   Sources: `interpolate_pos_encoding` of https://github.com/facebookresearch/dino and .../dinov2
///   (`interpolate_offset=0.1`), https://github.com/bytedance/ibot.
/// - `antialiased`: the size is given, `antialias=True`. a = −0.5, weights beyond the border are left out and the rest
///   scaled to a sum of 1; where the size shrinks the neighbourhood grows with it. Sources: `resample_abs_pos_embed` of
///   timm (layers/pos_embed.py), `resize_pos_embed` of https://github.com/mlfoundations/open_clip, DINOv2 with registers
///   (`interpolate_offset=0.0, interpolate_antialias=True`).
/// - `bilinear`: the same with straight lines in place of cubics. Source: LOCA
///   (https://github.com/google-research/scenic, scenic/projects/loca/vit.py), which calls `jax.image.resize`.
enum PositionEmbedding {
    /// Resizes a grid of embeddings.
    ///
    /// - Parameters:
    ///   - grid: Embeddings (side, side, channels), row-major.
    ///   - side: Patches along one side of the learned grid.
    ///   - channels: Numbers per embedding.
    ///   - rows: Patches from top to bottom of the picture.
    ///   - columns: Patches from left to right.
    ///   - rule: How the model's authors do it.
    /// - Returns: Embeddings (rows, columns, channels). The same numbers where the size is the learned one.
    static func interpolate(
        _ grid: [Float], side: Int, channels: Int, rows: Int, columns: Int, rule: Interpolation = .resized
    ) -> [Float] {
        if rows == side, columns == side { return grid }
        let vertical = (0..<rows).map { taps(at: $0, from: side, to: rows, rule) }
        let horizontal = (0..<columns).map { taps(at: $0, from: side, to: columns, rule) }
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

    /// The source positions of one target position and their weights.
    private static func taps(
        at target: Int, from: Int, to: Int, _ rule: Interpolation
    ) -> [(index: Int, weight: Float)] {
        switch rule {
        case .resized: clampedTaps(at: (Double(target) + 0.5) * Double(from) / Double(to) - 0.5, from: from)
        case .offset: clampedTaps(at: (Double(target) + 0.5) * Double(from) / (Double(to) + 0.1) - 0.5, from: from)
        case .antialiased: antialiasedTaps(at: target, from: from, to: to, reach: 2) { cubic($0, a: -0.5) }
        case .bilinear: antialiasedTaps(at: target, from: from, to: to, reach: 1) { max(0, 1 - abs($0)) }
        case .bilinearCorners: cornerTaps(at: target, from: from, to: to)
        }
    }

    /// The two neighbours where the first and the last target lie on the first and the last source.
    private static func cornerTaps(at target: Int, from: Int, to: Int) -> [(index: Int, weight: Float)] {
        let source = to > 1 ? Double(target) * Double(from - 1) / Double(to - 1) : 0
        let base = Int(source)
        let share = Float(source - Double(base))
        return [(base, 1 - share), (min(base + 1, from - 1), share)]
    }

    /// Four neighbours (Keys 1981), the border's value beyond it.
    private static func clampedTaps(at source: Double, from: Int) -> [(index: Int, weight: Float)] {
        let base = source.rounded(.down)
        return (-1...2).map { offset in
            let index = min(max(Int(base) + offset, 0), from - 1)
            return (index, Float(cubic(source - base - Double(offset), a: -0.75)))
        }
    }

    private static func antialiasedTaps(
        at target: Int, from: Int, to: Int, reach: Double, kernel: (Double) -> Double
    ) -> [(index: Int, weight: Float)] {
        let scale = Double(from) / Double(to)
        let stretch = max(scale, 1)
        let centre = scale * (Double(target) + 0.5)
        let first = max(Int(centre - reach * stretch + 0.5), 0)
        let end = min(Int(centre + reach * stretch + 0.5), from)
        let weights = (first..<max(end, first + 1)).map { index in
            (index: index, weight: kernel((Double(index) - centre + 0.5) / stretch))
        }
        let sum = weights.reduce(0) { $0 + $1.weight }
        return weights.map { ($0.index, Float($0.weight / sum)) }
    }

    /// Keys' cubic at a distance.
    private static func cubic(_ distance: Double, a: Double) -> Double {
        let x = abs(distance)
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
        return 0
    }
}

extension PositionEmbedding {
    /// Sines and cosines of places: of the columns in the first half of the channels, of the rows in the second.
    ///
    /// In each half come D/4 sines, then D/4 cosines, of place · 10000ˆ(−4k/D), k = 0 … D/4. Source:
    /// `get_2d_sincos_pos_embed` of https://github.com/facebookresearch/mae (util/pos_embed.py); with a step other than 1
    /// `get_2d_sincos_pos_embed_with_resolution` of https://github.com/bair-climate-initiative/scale-mae.
    ///
    /// - Parameter step: From one patch to the next.
    /// - Returns: Embeddings (rows, columns, channels); `channels` is a multiple of 4.
    static func sineCosine(rows: Int, columns: Int, channels: Int, step: Double = 1) -> [Float] {
        let count = channels / 4
        func line(_ length: Int) -> [[Float]] {
            (0..<length).map { place in
                let angles = (0..<count).map { Double(place) * step * pow(10000, -Double($0) / Double(count)) }
                return angles.map { Float(sin($0)) } + angles.map { Float(cos($0)) }
            }
        }
        let (vertical, horizontal) = (line(rows), line(columns))
        var result: [Float] = []
        result.reserveCapacity(rows * columns * channels)
        for row in 0..<rows { for column in 0..<columns { result += horizontal[column] + vertical[row] } }
        return result
    }
}
