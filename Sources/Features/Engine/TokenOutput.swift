/// Where the tokens of the chosen layers go.
///
/// Chunks write disjoint rows, so threads share one without a lock.
@safe
struct TokenOutput {
    /// The first token's first number.
    let start: UnsafeMutablePointer<Float>
    /// Numbers from one token to the next: D times the number of layers.
    let channels: Int
    /// How tokens are laid out.
    let arrangement: Arrangement
    /// Whether blocks' outputs go through the model's final LayerNorm.
    let appliesFinalNorm: Bool
    /// Whether each layer's token is divided by its length, as it is where several are joined.
    let normalizesLength: Bool

    enum Arrangement {
        /// Patches as they lie in the picture, prefix tokens left out.
        case map(columns: Int, tileRows: Int, tileColumns: Int, prefix: Int)
        /// All tokens of one tile in the model's order.
        case sequence
    }

    /// Writes some tokens of one layer.
    ///
    /// - Parameters:
    ///   - source: The first token, `stride` numbers before the second.
    ///   - position: Which of the joined layers this is.
    func write(
        _ source: UnsafePointer<Float>, stride: Int, width: Int, scale: Float, tokens: TokenRows,
        tile: (column: Int, row: Int), position: Int
    ) {
        for row in 0..<tokens.count {
            guard let place = place(of: tokens[row], tile: tile) else { continue }
            let to = unsafe start + place * channels + position * width
            unsafe to.update(from: source + row * stride, count: width)
            unsafe multiply(to, width: width, scale: scale)
        }
    }

    /// The same from bfloat16.
    func write(
        _ source: UnsafePointer<UInt16>, stride: Int, width: Int, scale: Float, tokens: TokenRows,
        tile: (column: Int, row: Int), position: Int
    ) {
        for row in 0..<tokens.count {
            guard let place = place(of: tokens[row], tile: tile) else { continue }
            let to = unsafe start + place * channels + position * width
            let from = unsafe source + row * stride
            for channel in 0..<width { unsafe to[channel] = Float(bitPattern: UInt32(from[channel]) << 16) }
            unsafe multiply(to, width: width, scale: scale)
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

    private func multiply(_ values: UnsafeMutablePointer<Float>, width: Int, scale: Float) {
        var factor = scale
        if normalizesLength {
            var sum: Float = 0
            for channel in 0..<width { unsafe sum += values[channel] * values[channel] }
            // A token of zeros stays one; the scale of queries does not change a direction.
            factor = sum > 0 ? 1 / sum.squareRoot() : 0
        }
        guard factor != 1 else { return }
        for channel in 0..<width { unsafe values[channel] *= factor }
    }
}
