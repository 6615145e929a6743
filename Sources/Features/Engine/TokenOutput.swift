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

    /// Writes a chunk's tokens of one layer.
    ///
    /// - Parameters:
    ///   - source: The chunk's first token, `stride` numbers before the second.
    ///   - position: Which of the joined layers this is.
    func write(
        _ source: UnsafeMutablePointer<Float>, stride: Int, width: Int, scale: Float, chunk: TilePlan.Chunk,
        tile: (column: Int, row: Int), position: Int
    ) {
        for row in 0..<chunk.rows {
            let token = chunk.start + row
            let place: Int
            switch arrangement {
            case .sequence:
                place = token
            case .map(let columns, let tileRows, let tileColumns, let prefix):
                guard token >= prefix else { continue }
                let patch = token - prefix
                let mapRow = tile.row * tileRows + patch / tileColumns
                place = mapRow * columns + tile.column * tileColumns + patch % tileColumns
            }
            let from = unsafe source + row * stride
            let to = unsafe start + place * channels + position * width
            var factor = scale
            if normalizesLength {
                var sum: Float = 0
                for channel in 0..<width { unsafe sum += from[channel] * from[channel] }
                // A token of zeros stays one; the scale of queries does not change a direction.
                factor = sum > 0 ? 1 / sum.squareRoot() : 0
            }
            if factor == 1 {
                unsafe to.update(from: from, count: width)
            } else {
                for channel in 0..<width { unsafe to[channel] = from[channel] * factor }
            }
        }
    }
}
