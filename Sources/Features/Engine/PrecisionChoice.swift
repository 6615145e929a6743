public import Geometry

/// The fastest precision whose tokens stay close to single precision on a picture, found by trying.
///
/// The candidates are tried fastest first: int8, then bf16, as far as the processor has them. The first one whose tokens
/// have a median cosine to the reference of at least `leastCosine` is taken; where none has, the reference is.
public struct PrecisionChoice {
    /// The engine to go on with.
    public let engine: VisionTransformer
    /// What it computes in.
    public let precision: Precision
    /// Median cosine to the reference of every candidate that was tried.
    public let cosines: [Precision: Double]

    /// Tiles that are compared, at most: two have some 400 tokens, and are one for each of two threads.
    public static let maximumTiles = 2
    /// What is tried before single precision, in this order.
    static let fastestFirst: [Precision] = [.int8, .bf16]

    /// What is tried on this processor, in this order.
    public static var candidates: [Precision] { fastestFirst.filter(\.isSupported) }

    /// The median cosine to single precision from which on a precision is taken.
    public static func leastCosine(_ precision: Precision) -> Double {
        switch precision {
        case .f32: 1
        case .bf16: 0.999
        case .int8: 0.99
        }
    }

    /// Tries the candidates on some tiles of a picture.
    ///
    /// - Parameters:
    ///   - reference: The network in single precision; the candidates get its selection and number of threads.
    ///   - checkpoint: Its weights.
    ///   - picture: A frame resized to the grid's picture.
    ///   - grid: How the picture is cut.
    ///   - tiles: The tiles to compare, counted row by row from 0; the first `maximumTiles` of them are used. None: all.
    /// - Throws: `FeatureError` where a candidate cannot be made or run.
    public init(
        reference: VisionTransformer, checkpoint: Checkpoint, picture: RGBImage, grid: TileGrid, tiles: [Int] = []
    ) throws(FeatureError) {
        try self.init(
            reference: reference, candidates: Self.candidates, picture: picture, grid: grid, tiles: tiles
        ) { precision throws(FeatureError) in
            try VisionTransformer(
                checkpoint: checkpoint, selection: reference.selection, precision: precision,
                threads: reference.threads)
        }
    }

    /// The decision alone; `make` makes the candidates' engines.
    init(
        reference: VisionTransformer, candidates: [Precision], picture: RGBImage, grid: TileGrid, tiles: [Int],
        make: (Precision) throws(FeatureError) -> VisionTransformer
    ) throws(FeatureError) {
        var cosines: [Precision: Double] = [:]
        var expected = TokenMap()
        var found = TokenMap()
        let some = tiles.isEmpty ? Array(0..<grid.columns * grid.rows) : tiles
        let (strip, stripGrid) = Self.strip(of: picture, grid: grid, tiles: Array(some.prefix(Self.maximumTiles)))
        if !candidates.isEmpty { try reference.embed(strip, grid: stripGrid, into: &expected) }
        for candidate in candidates {
            let engine: VisionTransformer
            do {
                engine = try make(candidate)
            } catch FeatureError.engine(.precision) {
                // oneDNN has no fast kernel for a shape of this model.
                continue
            }
            try engine.embed(strip, grid: stripGrid, into: &found)
            let cosine = Self.medianCosine(expected, found)
            cosines[candidate] = cosine
            if cosine >= Self.leastCosine(candidate) {
                self.engine = engine
                precision = candidate
                self.cosines = cosines
                return
            }
        }
        engine = reference
        precision = .f32
        self.cosines = cosines
    }

    /// The tiles, counted row by row from 0, that hold a demanded token; all of them where nothing is said.
    public static func tiles(of grid: TileGrid, demand: TokenDemand?) -> [Int] {
        (0..<grid.rows * grid.columns).filter { tile in
            demand?.hasToken(tileRow: tile / grid.columns, tileColumn: tile % grid.columns, grid: grid) ?? true
        }
    }

    /// Some tiles side by side as a picture of their own, with its grid.
    ///
    /// Tiles are embedded each by itself, so their tokens are those they have in the whole picture.
    static func strip(of picture: RGBImage, grid: TileGrid, tiles: [Int]) -> (RGBImage, TileGrid) {
        let (width, height) = (grid.tileWidth, grid.tileHeight)
        var strip = RGBImage(width: tiles.count * width, height: height)
        for (place, tile) in tiles.enumerated() {
            let (left, top) = (tile % grid.columns * width, tile / grid.columns * height)
            for row in 0..<height {
                let source = ((top + row) * picture.width + left) * 3
                let target = (row * strip.width + place * width) * 3
                strip.pixels.replaceSubrange(
                    target..<target + 3 * width, with: picture.pixels[source..<source + 3 * width])
            }
        }
        let stripGrid = TileGrid(
            tiling: grid.tiling, frameWidth: strip.width, frameHeight: height, columns: tiles.count, rows: 1,
            tileWidth: width, tileHeight: height, patch: grid.patch, scaleX: 1 / Double(grid.patch),
            scaleY: 1 / Double(grid.patch))
        return (strip, stripGrid)
    }

    /// The median over all tokens of the cosine between two maps of one shape.
    ///
    /// Two zero tokens agree; a zero token and another one do not, and neither does a number that is not finite.
    static func medianCosine(_ left: TokenMap, _ right: TokenMap) -> Double {
        precondition(
            left.rows == right.rows && left.columns == right.columns && left.channels == right.channels,
            "the maps are of different networks")
        let channels = left.channels
        let cosines = (0..<left.rows * left.columns).map { token in
            var (product, leftSquares, rightSquares) = (0.0, 0.0, 0.0)
            for index in token * channels..<(token + 1) * channels {
                let (a, b) = (Double(left.values[index]), Double(right.values[index]))
                product += a * b
                leftSquares += a * a
                rightSquares += b * b
            }
            if leftSquares == 0, rightSquares == 0 { return 1.0 }
            let cosine = product / (leftSquares * rightSquares).squareRoot()
            return cosine.isFinite ? min(1, cosine) : 0
        }.sorted()
        guard !cosines.isEmpty else { return 1 }
        let middle = cosines.count / 2
        return cosines.count.isMultiple(of: 2) ? (cosines[middle - 1] + cosines[middle]) / 2 : cosines[middle]
    }
}
