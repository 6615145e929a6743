import Decode
import Features
import Geometry

/// How far the tokens of a precision are from those of single precision, on the same pictures.
struct TokenAccuracy {
    /// Frames of a source that are compared at most.
    private static let mostFrames = 16

    private let pictures: [(picture: RGBImage, grid: TileGrid)]
    private let references: [TokenMap]

    /// Computes the tokens in single precision.
    ///
    /// - Parameters:
    ///   - source: A video or folder whose first frames are used; nil for pixels without meaning.
    init(_ checkpoint: Checkpoint, selection: LayerSelection, tiling: Tiling, source: String?, threads: Int) throws {
        let model = checkpoint.description
        func grid(_ width: Int, _ height: Int) throws -> TileGrid {
            try TileGrid(
                tiling: tiling, frameWidth: width, frameHeight: height, inputSide: model.inputSide,
                patch: model.patch)
        }
        var pictures: [(RGBImage, TileGrid)] = []
        if let source {
            let reader = try VideoReader(source: VideoSource(argument: source), options: DecodeOptions())
            let scaler = FrameScaler()
            while pictures.count < Self.mostFrames, let frame = try reader.next() {
                let grid = try grid(frame.width, frame.height)
                var picture = RGBImage()
                try scaler.scale(frame, to: grid, into: &picture)
                pictures.append((picture, grid))
            }
            reader.cancel()
        } else {
            let grid = try grid(4 * TileGrid.sourceSide, TileGrid.sourceSide)
            pictures.append(
                (RandomPicture.make(width: grid.pictureWidth, height: grid.pictureHeight, seed: 2), grid))
        }
        self.pictures = pictures
        let network = try VisionTransformer(checkpoint: checkpoint, selection: selection, threads: threads)
        references = try Self.tokens(network, pictures)
    }

    private static func tokens(
        _ network: VisionTransformer, _ pictures: [(picture: RGBImage, grid: TileGrid)]
    ) throws -> [TokenMap] {
        try pictures.map { picture, grid in
            var map = TokenMap()
            try network.embed(picture, grid: grid, into: &map)
            return map
        }
    }

    /// The median cosine of a token with its reference, and the relative error of all of them together; nil where that
    /// is no finite number.
    func compare(_ network: VisionTransformer) throws -> (cosine: Double, relativeError: Double?) {
        var cosines: [Double] = []
        var (error, size) = (0.0, 0.0)
        for (found, reference) in zip(try Self.tokens(network, pictures), references) {
            for token in 0..<reference.rows * reference.columns {
                var (both, one, other) = (0.0, 0.0, 0.0)
                for index in token * reference.channels..<(token + 1) * reference.channels {
                    let (a, b) = (Double(found.values[index]), Double(reference.values[index]))
                    both += a * b
                    one += a * a
                    other += b * b
                    error += (a - b) * (a - b)
                }
                size += other
                let cosine = both / (one * other).squareRoot()
                cosines.append(cosine.isFinite ? cosine : 0)
            }
        }
        let relativeError = size > 0 ? (error / size).squareRoot() : 0
        return (cosines.median, relativeError.isFinite ? relativeError : nil)
    }
}
