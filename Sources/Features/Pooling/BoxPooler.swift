public import Geometry

/// The vectors of the boxes of one frame.
public struct PooledVectors: Equatable, Sendable {
    /// One vector a box, in the order of the boxes.
    public let vectors: FeatureVectors
    /// How many boxes no sample reached; their vectors are zero.
    public let unreached: Int
}

/// Makes one vector a box from the token map of a frame.
///
/// Source: ROIAlign as torchvision's `roi_align(map, boxes, spatial_scale=1, sampling_ratio=2, aligned=True)` on boxes
/// that were scaled to map coordinates per axis (docs/features.md).
///
/// Scratch space lives as long as the pooler: a frame allocates nothing but its vectors.
public struct BoxPooler: Sendable {
    /// Bins a side of the ROIAlign whose mean `Pooling.mean` takes.
    public static let meanBins = 7

    /// How tokens become vectors.
    public let pooling: Pooling

    private var horizontal = ROIAlignAxis()
    private var vertical = ROIAlignAxis()
    private var sum = TokenSum()

    /// Creates a pooler.
    public init(pooling: Pooling) {
        self.pooling = pooling
    }

    /// Pools every box of a frame.
    ///
    /// Edge cases: samples outside of the map count as 0 (torchvision); a box that no sample reaches gets a zero vector
    /// and is counted, and so does, with `meanPatches`, a box that does not touch the map. Boxes may have any size and
    /// any coordinate, NaN and infinity included (they reach nothing).
    ///
    /// - Parameters:
    ///   - map: The frame's tokens.
    ///   - grid: How the frame was cut; gives the scale from pixels to tokens.
    ///   - boxes: Boxes in pixels of the displayed frame.
    ///   - excluded: Tokens that are left out, one flag a token; empty leaves none out. What they would have weighed goes to
    ///     the other tokens of the bin (of the whole box with `mean`); a bin without any is zero, and a box with none at
    ///     all counts as unreached.
    /// - Precondition: the map has at least one token of at least one channel, and the shape that `grid` says.
    /// - Complexity: O(boxes · tokens touched · channels).
    public mutating func pool(
        _ map: TokenMap, grid: TileGrid, boxes: [Box], excluding excluded: [Bool] = []
    ) -> PooledVectors {
        precondition(
            map.rows == grid.mapRows && map.columns == grid.mapColumns && map.channels > 0,
            "the map is not the one of this grid")
        precondition(excluded.isEmpty || excluded.count == map.rows * map.columns, "the flags are of another map")
        let dimension = pooling.dimension(channels: map.channels)
        var values = [Float](repeating: 0, count: boxes.count * dimension)
        var unreached = 0
        for (index, box) in boxes.enumerated() {
            let area = MapArea(box, grid: grid)
            var hasTokens = excluded.isEmpty
            let reached = listTokens(of: area, rows: map.rows, columns: map.columns) { cell, sum in
                if !excluded.isEmpty {
                    guard sum.remove(where: excluded) else { return }
                    hasTokens = true
                }
                sum.add(
                    values: map.values, channels: map.channels, to: &values,
                    at: index * dimension + cell * map.channels)
            }
            if !reached || !hasTokens { unreached += 1 }
        }
        let vectors = FeatureVectors(count: boxes.count, dimension: dimension, values: values)
        return PooledVectors(vectors: vectors, unreached: unreached)
    }

    /// Finds the tokens that `pool` reads for these boxes, before there is a map.
    ///
    /// They are exactly the tokens whose weight in some vector is not 0: both go through the same lists. All other
    /// tokens of the map may hold anything, NaN included, and the vectors stay the same, bit for bit.
    ///
    /// Edge cases: as `pool`; a box that reaches nothing demands nothing, and neither does a frame without boxes.
    ///
    /// - Parameters:
    ///   - grid: How the frame is cut.
    ///   - boxes: Boxes in pixels of the displayed frame.
    ///   - demand: Receives the tokens; takes the size of the grid's map. Its memory is used again where it suffices.
    /// - Complexity: O(map tokens + boxes · tokens touched).
    public mutating func demand(grid: TileGrid, boxes: [Box], into demand: inout TokenDemand) {
        demand.reshape(rows: grid.mapRows, columns: grid.mapColumns)
        extend(&demand, grid: grid, boxes: boxes)
    }

    /// Adds the tokens that `pool` reads for these boxes to those that are demanded already, of another pooling.
    ///
    /// - Precondition: the demand has the size of the grid's map.
    public mutating func extend(_ demand: inout TokenDemand, grid: TileGrid, boxes: [Box]) {
        precondition(
            demand.rows == grid.mapRows && demand.columns == grid.mapColumns, "the demand is not on this grid's map")
        for box in boxes {
            let area = MapArea(box, grid: grid)
            _ = listTokens(of: area, rows: grid.mapRows, columns: grid.mapColumns) { _, sum in
                for token in sum.tokens { demand.insert(token: token) }
            }
        }
    }

    /// Finds the tokens that `pool` reads for these boxes, into new memory.
    public mutating func demand(grid: TileGrid, boxes: [Box]) -> TokenDemand {
        var found = TokenDemand()
        demand(grid: grid, boxes: boxes, into: &found)
        return found
    }

    /// Lists what each cell of a box's vector is the weighted sum of, cell by cell.
    ///
    /// - Parameter use: Called with the number of a cell and its tokens; not at all where nothing is reached.
    /// - Returns: Whether any sample fell on the map.
    private mutating func listTokens(
        of area: MapArea, rows: Int, columns: Int, use: (_ cell: Int, _ sum: inout TokenSum) -> Void
    ) -> Bool {
        switch pooling {
        case .mean: align(area, rows: rows, columns: columns, bins: Self.meanBins, merged: true, use: use)
        case .grid(let side): align(area, rows: rows, columns: columns, bins: side, merged: false, use: use)
        case .meanPatches: averageTokens(area, rows: rows, columns: columns, use: use)
        }
    }

    /// ROIAlign; tells whether any sample fell on the map.
    private mutating func align(
        _ area: MapArea, rows: Int, columns: Int, bins: Int, merged: Bool, use: (Int, inout TokenSum) -> Void
    ) -> Bool {
        horizontal.place(low: area.left, high: area.right, size: columns, bins: bins, merged: merged)
        vertical.place(low: area.top, high: area.bottom, size: rows, bins: bins, merged: merged)
        guard !horizontal.tokens.isEmpty, !vertical.tokens.isEmpty else { return false }
        let side = merged ? 1 : bins
        let perAxis = ROIAlignAxis.samplesPerBin * (merged ? bins : 1)
        let share = 1 / Double(perAxis * perAxis)
        for row in 0..<side {
            for column in 0..<side {
                sum.removeAll()
                for y in vertical.entries(of: row) {
                    for x in horizontal.entries(of: column) {
                        sum.append(
                            token: vertical.tokens[y] * columns + horizontal.tokens[x],
                            weight: Float(vertical.weights[y] * horizontal.weights[x] * share))
                    }
                }
                use(row * side + column, &sum)
            }
        }
        return true
    }

    /// The mean of the tokens whose centre lies in the box, or the token nearest to the box's centre.
    private mutating func averageTokens(
        _ area: MapArea, rows: Int, columns: Int, use: (Int, inout TokenSum) -> Void
    ) -> Bool {
        guard area.touches(columns: columns, rows: rows) else { return false }
        var across = MapArea.centres(from: area.left, to: area.right, size: columns)
        var down = MapArea.centres(from: area.top, to: area.bottom, size: rows)
        if across.isEmpty || down.isEmpty {
            let column = MapArea.token(at: (area.left + area.right) / 2, size: columns)
            let row = MapArea.token(at: (area.top + area.bottom) / 2, size: rows)
            across = column..<column + 1
            down = row..<row + 1
        }
        let weight = Float(1 / Double(across.count * down.count))
        sum.removeAll()
        for row in down {
            for column in across { sum.append(token: row * columns + column, weight: weight) }
        }
        use(0, &sum)
        return true
    }
}
