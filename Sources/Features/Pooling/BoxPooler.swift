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
    /// - Precondition: the map has at least one token of at least one channel, and the shape that `grid` says.
    /// - Complexity: O(boxes · tokens touched · channels).
    public mutating func pool(_ map: TokenMap, grid: TileGrid, boxes: [Box]) -> PooledVectors {
        precondition(
            map.rows == grid.mapRows && map.columns == grid.mapColumns && map.channels > 0,
            "the map is not the one of this grid")
        let dimension = pooling.dimension(channels: map.channels)
        var values = [Float](repeating: 0, count: boxes.count * dimension)
        var unreached = 0
        for (index, box) in boxes.enumerated() {
            let area = MapArea(box, grid: grid)
            let reached =
                switch pooling {
                case .mean: align(area, map, bins: Self.meanBins, merged: true, to: &values, at: index * dimension)
                case .grid(let side): align(area, map, bins: side, merged: false, to: &values, at: index * dimension)
                case .meanPatches: averageTokens(area, map, to: &values, at: index * dimension)
                }
            if !reached { unreached += 1 }
        }
        let vectors = FeatureVectors(count: boxes.count, dimension: dimension, values: values)
        return PooledVectors(vectors: vectors, unreached: unreached)
    }

    /// ROIAlign; tells whether any sample fell on the map.
    private mutating func align(
        _ area: MapArea, _ map: TokenMap, bins: Int, merged: Bool, to values: inout [Float], at start: Int
    ) -> Bool {
        horizontal.place(low: area.left, high: area.right, size: map.columns, bins: bins, merged: merged)
        vertical.place(low: area.top, high: area.bottom, size: map.rows, bins: bins, merged: merged)
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
                            offset: (vertical.tokens[y] * map.columns + horizontal.tokens[x]) * map.channels,
                            weight: Float(vertical.weights[y] * horizontal.weights[x] * share))
                    }
                }
                let cell = row * side + column
                sum.add(values: map.values, channels: map.channels, to: &values, at: start + cell * map.channels)
            }
        }
        return true
    }

    /// The mean of the tokens whose centre lies in the box, or the token nearest to the box's centre.
    private mutating func averageTokens(
        _ area: MapArea, _ map: TokenMap, to values: inout [Float], at start: Int
    ) -> Bool {
        guard area.touches(columns: map.columns, rows: map.rows) else { return false }
        var columns = MapArea.centres(from: area.left, to: area.right, size: map.columns)
        var rows = MapArea.centres(from: area.top, to: area.bottom, size: map.rows)
        if columns.isEmpty || rows.isEmpty {
            let column = MapArea.token(at: (area.left + area.right) / 2, size: map.columns)
            let row = MapArea.token(at: (area.top + area.bottom) / 2, size: map.rows)
            columns = column..<column + 1
            rows = row..<row + 1
        }
        let weight = Float(1 / Double(columns.count * rows.count))
        sum.removeAll()
        for row in rows {
            for column in columns {
                sum.append(offset: (row * map.columns + column) * map.channels, weight: weight)
            }
        }
        sum.add(values: map.values, channels: map.channels, to: &values, at: start)
        return true
    }
}
