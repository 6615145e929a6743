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

    /// Tiles that are compared, at most: one has some 200 tokens, and in single precision takes as long as four others.
    public static let maximumTiles = 1
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
    ///   - first: What `firstCandidate` made; nil makes it now, where there is one.
    ///   - checkpoint: Its weights.
    ///   - picture: A frame resized to the grid's picture.
    ///   - grid: How the picture is cut.
    ///   - tiles: The tiles to compare, counted row by row from 0; the first `maximumTiles` of them are used. None: all.
    /// - Throws: `FeatureError` where a candidate cannot be made or run.
    public init(
        reference: VisionTransformer, first: VisionTransformer? = nil, checkpoint: Checkpoint, picture: RGBImage,
        grid: TileGrid, tiles: [Int] = []
    ) throws(FeatureError) {
        try self.init(
            reference: reference, candidates: Self.candidates, picture: picture, grid: grid, tiles: tiles
        ) { precision throws(FeatureError) in
            if let first, first.precision == precision { return first }
            return try Self.candidate(precision, for: reference, checkpoint: checkpoint)
        }
    }

    /// The network in the precision that is tried first, so that its weights can be packed before the first picture is
    /// there; nil where nothing is tried, or oneDNN has no fast kernel for a shape of this model.
    public static func firstCandidate(
        for reference: VisionTransformer, checkpoint: Checkpoint
    ) throws(FeatureError) -> VisionTransformer? {
        guard let precision = candidates.first else { return nil }
        do {
            return try candidate(precision, for: reference, checkpoint: checkpoint)
        } catch FeatureError.engine(.precision) {
            return nil
        }
    }

    private static func candidate(
        _ precision: Precision, for reference: VisionTransformer, checkpoint: Checkpoint
    ) throws(FeatureError) -> VisionTransformer {
        try VisionTransformer(
            checkpoint: checkpoint, selection: reference.selection, precision: precision, threads: reference.threads)
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

    /// The tiles, counted row by row from 0, in the order in which they are worth comparing.
    ///
    /// Those that hold demanded tokens, the ones with the most first; where nothing is said, all of them, the one in the
    /// middle first.
    public static func tiles(of grid: TileGrid, demand: TokenDemand?) -> [Int] {
        let all = Array(0..<grid.rows * grid.columns)
        guard let demand else {
            let middle = grid.rows / 2 * grid.columns + grid.columns / 2
            return [middle] + all.filter { $0 != middle }
        }
        var patches: [Int] = []
        let counts = all.map { tile in
            demand.patches(tileRow: tile / grid.columns, tileColumn: tile % grid.columns, grid: grid, into: &patches)
            return patches.count
        }
        return all.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
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
