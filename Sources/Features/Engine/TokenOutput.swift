/// Where the tokens of the taps go.
///
/// Chunks write disjoint rows, so threads share one without a lock.
@safe
struct TokenOutput {
    /// The first token's first number.
    let start: UnsafeMutablePointer<Float>
    /// Numbers from one token to the next.
    let channels: Int
    /// How tokens are laid out.
    let arrangement: Arrangement
    /// Whether blocks' outputs go through the model's final LayerNorm.
    let appliesFinalNorm: Bool
    /// A length for each token, before LayerNorm; nil where nobody asks.
    let lengths: UnsafeMutablePointer<Float>?

    enum Arrangement {
        /// Patches as they lie in the picture, prefix tokens left out.
        case map(columns: Int, tileRows: Int, tileColumns: Int, prefix: Int)
        /// All tokens of one tile in the model's order.
        case sequence
    }

    /// Where in a token a tap's numbers go, and what is done to them on the way.
    struct Slice {
        /// The first number's place in the token.
        var offset = 0
        /// Whether they are divided by their length.
        var isNormalized = false
        /// Whether they are added to what lies there.
        var adds = false
        /// What they are multiplied by at last.
        var weight: Float = 1
    }

    /// Writes some tokens of one tap.
    ///
    /// - Parameters:
    ///   - source: The first token, `stride` numbers before the second.
    ///   - scale: What the source is multiplied by to be the model's numbers.
    func write<Number: ActivationNumber>(
        _ source: UnsafePointer<Number>, stride: Int, width: Int, scale: Float, tokens: TokenRows,
        tile: (column: Int, row: Int), slice: Slice
    ) {
        for row in 0..<tokens.count {
            guard let place = place(of: tokens[row], tile: tile) else { continue }
            let to = unsafe start + place * channels + slice.offset
            let from = unsafe source + row * stride
            var factor = scale
            if slice.isNormalized {
                let sum = unsafe Self.squares(from, width)
                // A token of zeros stays one; the scale of queries does not change a direction.
                factor = sum > 0 ? 1 / sum.squareRoot() : 0
            }
            factor *= slice.weight
            if slice.adds {
                for channel in 0..<width { unsafe to[channel] += from[channel].single * factor }
            } else {
                for channel in 0..<width { unsafe to[channel] = from[channel].single * factor }
            }
        }
    }

    /// Writes the lengths of some tokens.
    func measure<Number: ActivationNumber>(
        _ source: UnsafePointer<Number>, stride: Int, width: Int, scale: Float, tokens: TokenRows,
        tile: (column: Int, row: Int)
    ) {
        guard let lengths = unsafe lengths else { return }
        for row in 0..<tokens.count {
            guard let place = place(of: tokens[row], tile: tile) else { continue }
            unsafe lengths[place] = unsafe Self.squares(source + row * stride, width).squareRoot() * scale
        }
    }

    /// Where a token of a tile goes; nil where it is not written.
    private func place(of token: Int, tile: (column: Int, row: Int)) -> Int? {
        switch arrangement {
        case .sequence: return token
        case .map(let columns, let tileRows, let tileColumns, let prefix):
            guard token >= prefix else { return nil }
            let patch = token - prefix
            let mapRow = tile.row * tileRows + patch / tileColumns
            return mapRow * columns + tile.column * tileColumns + patch % tileColumns
        }
    }

    @inline(__always)
    private static func squares<Number: ActivationNumber>(_ values: UnsafePointer<Number>, _ width: Int) -> Float {
        var sum: Float = 0
        for channel in 0..<width {
            let value = unsafe values[channel].single
            sum += value * value
        }
        return sum
    }
}

/// A number as activations have it in memory.
protocol ActivationNumber {
    /// Its value in single precision.
    var single: Float { get }
}

extension Float: ActivationNumber {
    var single: Float { self }
}

/// The upper half of a single-precision number: bfloat16.
extension UInt16: ActivationNumber {
    var single: Float { Float(bitPattern: UInt32(self) << 16) }
}
