import Features
import Geometry
import Testing

@Suite struct TokenDemandTests {
    static let poolings: [Pooling] = [.mean, .meanPatches, .grid(1), .grid(2), .grid(3), .grid(7), .grid(16)]

    /// Small maps of several tiles: 8×8, 8×12, 9×6 and 5×8 tokens.
    static let grids: [TileGrid] = {
        do {
            return [
                try TileGrid(tiling: .fit, frameWidth: 512, frameHeight: 512, inputSide: 64, patch: 16),
                try TileGrid(tiling: .pad, frameWidth: 600, frameHeight: 300, inputSide: 32, patch: 8),
                try TileGrid(tiling: .fit, frameWidth: 500, frameHeight: 700, inputSide: 42, patch: 14),
                try TileGrid(tiling: .whole, frameWidth: 127, frameHeight: 83, inputSide: 64, patch: 16),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    /// A map in which token t is 1 in channel t and 0 in all others: a pooled vector then is the list of weights.
    private func probe(_ grid: TileGrid) -> TokenMap {
        let tokens = grid.mapRows * grid.mapColumns
        var map = TokenMap(rows: grid.mapRows, columns: grid.mapColumns, channels: tokens)
        for token in 0..<tokens { map.values[token * tokens + token] = 1 }
        return map
    }

    /// The tokens with a weight in any cell of a probe's vector.
    private func weighed(_ vector: some Collection<Double>, tokens: Int) -> Set<Int> {
        Set(vector.enumerated().filter { $0.element != 0 }.map { $0.offset % tokens })
    }

    private func tokens(of demand: TokenDemand) -> Set<Int> {
        var tokens: Set<Int> = []
        for row in 0..<demand.rows {
            for column in 0..<demand.columns where demand.contains(row: row, column: column) {
                tokens.insert(row * demand.columns + column)
            }
        }
        return tokens
    }

    private func randomBoxes(_ count: Int, grid: TileGrid, using random: inout SplitMix64) -> [Box] {
        let (width, height) = (Double(grid.frameWidth), Double(grid.frameHeight))
        return (0..<count).map { _ in
            // Squares of random numbers, so that small boxes are frequent.
            let (across, down) = (Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random))
            return Box(
                x: .random(in: -width / 2...width * 1.2, using: &random),
                y: .random(in: -height / 2...height * 1.2, using: &random),
                width: across * across * width, height: down * down * height)
        }
    }

    /// Boxes that no reader lets through, and some that it does.
    static func degenerateBoxes(_ grid: TileGrid) -> [Box] {
        let (width, height) = (Double(grid.frameWidth), Double(grid.frameHeight))
        let greatest = Double.greatestFiniteMagnitude
        return [
            Box(x: .nan, y: 0, width: 10, height: 10),
            Box(x: 0, y: 0, width: 10, height: .nan),
            Box(x: 0, y: 0, width: .infinity, height: 10),
            Box(x: -.infinity, y: 0, width: .infinity, height: 10),
            Box(x: 0, y: .infinity, width: 10, height: 10),
            Box(x: 1e300, y: -1e300, width: 1, height: 1),
            Box(x: -greatest, y: -greatest, width: greatest, height: greatest),
            Box(x: -1e6, y: -1e6, width: 2e6, height: 2e6),  // samples on all sides of the map
            Box(x: -100, y: 0, width: 50, height: height),  // left of the frame
            Box(x: width, y: 0, width: 50, height: height),  // right of it, within a token
            Box(x: 0, y: height + 500, width: width, height: 10),  // below
            Box(x: width / 2, y: height / 2, width: 0, height: 0),
            Box(x: 0, y: 0, width: 0, height: height),
            Box(x: width, y: height, width: 0, height: 0),
            Box(x: 0, y: 0, width: -20, height: 20),
            Box(x: 0, y: 0, width: width, height: height),
            // A sample by a hair beside the first token's centre: the weights of its neighbours are tiny, not 0.
            Box(x: 0.5 / grid.scaleX, y: 0.5 / grid.scaleY, width: 1e-14, height: 1e-14),
        ]
    }

    @Test(arguments: grids.indices, poolings)
    func isWhatAProbeFinds(_ index: Int, _ pooling: Pooling) {
        let grid = Self.grids[index]
        let size = grid.mapRows * grid.mapColumns
        var random = SplitMix64(seed: UInt64(index))
        let boxes = randomBoxes(12, grid: grid, using: &random) + Self.degenerateBoxes(grid)
        let map = probe(grid)
        var pooler = BoxPooler(pooling: pooling)
        let pooled = pooler.pool(map, grid: grid, boxes: boxes)
        var demand = TokenDemand()
        var all: Set<Int> = []
        for (index, box) in boxes.enumerated() {
            pooler.demand(grid: grid, boxes: [box], into: &demand)
            let found = weighed(pooled.vectors[row: index].lazy.map { Double($0) }, tokens: size)
            #expect(tokens(of: demand) == found, "\(box)")
            #expect(demand.count == found.count)
            all.formUnion(found)
        }
        pooler.demand(grid: grid, boxes: boxes, into: &demand)
        #expect(tokens(of: demand) == all)
        #expect(demand.count == all.count)
        // What the larger demand held is forgotten.
        pooler.demand(grid: grid, boxes: [], into: &demand)
        #expect(demand == TokenDemand(rows: grid.mapRows, columns: grid.mapColumns))
    }

    @Test(arguments: [(Pooling.mean, 7), (.grid(1), 1), (.grid(3), 3)])
    func isWhatTorchvisionsLoopReads(_ pooling: Pooling, _ bins: Int) {
        var random = SplitMix64(seed: 7)
        for grid in Self.grids {
            let map = probe(grid)
            var pooler = BoxPooler(pooling: pooling)
            var demand = TokenDemand()
            for box in randomBoxes(3, grid: grid, using: &random) + Self.degenerateBoxes(grid) {
                let weights = ReferenceROIAlign.align(map, grid: grid, box: box, bins: bins, mean: pooling == .mean)
                pooler.demand(grid: grid, boxes: [box], into: &demand)
                #expect(tokens(of: demand) == weighed(weights, tokens: map.channels), "\(box)")
            }
        }
    }

    /// Edges of boxes beside the border between two tiles, in tokens from it.
    static let offsets = [-0.51, -0.5, -0.49, -0.25, -0.01, -1e-9, 0, 1e-9, 0.01, 0.25, 0.49, 0.5, 0.51]

    @Test(arguments: poolings)
    func tokensThatAreNotDemandedMayHoldAnything(_ pooling: Pooling) {
        let grid = Self.grids[0]
        let side = Double(grid.mapColumns / 2)
        var boxes: [[Box]] = []
        for offset in Self.offsets {
            for length in [0, 0.3, 1, 2.2, 3.5] {
                for (start, other) in [(side + offset - length, 1.1), (side + offset, 4.6)] {
                    // Beside the upright border, beside the level one, and beside both.
                    for (x, y) in [(start, other), (other, start), (start, start)] {
                        boxes.append([
                            Box(
                                x: x / grid.scaleX, y: y / grid.scaleY, width: length / grid.scaleX,
                                height: length / grid.scaleY)
                        ])
                    }
                }
            }
        }
        boxes += Self.degenerateBoxes(grid).map { [$0] }
        boxes.append([
            Box(x: 10, y: 10, width: 90, height: 200), Box(x: 240, y: 300, width: 20, height: 30),
            Box(x: 400, y: -30, width: 200, height: 60),
        ])
        var random = SplitMix64(seed: 3)
        let map = TokenMap.random(rows: grid.mapRows, columns: grid.mapColumns, channels: 5, using: &random)
        var pooler = BoxPooler(pooling: pooling)
        var demand = TokenDemand()
        for boxes in boxes {
            pooler.demand(grid: grid, boxes: boxes, into: &demand)
            var poisoned = map
            for token in 0..<grid.mapRows * grid.mapColumns
            where !demand.contains(row: token / grid.mapColumns, column: token % grid.mapColumns) {
                for channel in 0..<map.channels { poisoned.values[token * map.channels + channel] = .nan }
            }
            let expected = pooler.pool(map, grid: grid, boxes: boxes)
            let found = pooler.pool(poisoned, grid: grid, boxes: boxes)
            // Bit patterns, because −0 equals 0 and NaN equals nothing.
            #expect(found.vectors.values.map(\.bitPattern) == expected.vectors.values.map(\.bitPattern), "\(boxes)")
            #expect(found.unreached == expected.unreached)
        }
    }

    /// Left and right edge of a box in tokens, and whether the tiles left and right of the border at 4 are read.
    ///
    /// Token i has its centre at i + ½.
    static let atBorder: [(Pooling, Double, Double, Bool, Bool)] = [
        (.grid(1), 2.0, 4.0, true, false),  // samples on the centres of tokens 2 and 3: 4 has weight 0
        (.grid(1), 2.0, 4.02, true, true),  // the second sample passes the centre of token 3
        (.grid(1), 2.0, 4.3, true, true),
        (.grid(1), 4.4, 6.4, false, true),  // the first sample is right of the centre of token 4
        (.grid(1), 4.0, 4.5, true, true),  // the box lies in the right tile alone
        (.grid(1), 3.6, 4.0, true, true),  // in the left one
        (.mean, 2.0, 3.5, true, false),  // no sample reaches as far as the edge, which is token 3's centre
        (.mean, 2.0, 4.0, true, true),
        (.mean, 4.5, 6.0, false, true),
        (.mean, 4.4, 6.0, true, true),
        (.meanPatches, 2.0, 4.5, true, false),  // a centre on the right edge is outside
        (.meanPatches, 2.0, 4.51, true, true),
        (.meanPatches, 3.5, 6.0, true, true),  // a centre on the left edge is inside
        (.meanPatches, 3.51, 6.0, false, true),
        (.meanPatches, 3.6, 4.2, true, false),  // no centre: the token nearest to the middle, 3.9
    ]

    @Test(arguments: atBorder)
    func tilesAtABorderAreDemandedWhereASampleReadsThem(
        _ pooling: Pooling, _ left: Double, _ right: Double, _ first: Bool, _ second: Bool
    ) {
        let grid = Self.grids[0]
        var pooler = BoxPooler(pooling: pooling)
        let box = Box(x: left * 64, y: 64, width: (right - left) * 64, height: 64)
        var demand = pooler.demand(grid: grid, boxes: [box])
        #expect(demand.hasToken(tileRow: 0, tileColumn: 0, grid: grid) == first)
        #expect(demand.hasToken(tileRow: 0, tileColumn: 1, grid: grid) == second)
        #expect(!demand.hasToken(tileRow: 1, tileColumn: 0, grid: grid))
        #expect(!demand.hasToken(tileRow: 1, tileColumn: 1, grid: grid))
        // The same box, upright.
        let turned = Box(x: 64, y: left * 64, width: 64, height: (right - left) * 64)
        demand = pooler.demand(grid: grid, boxes: [turned])
        #expect(demand.hasToken(tileRow: 0, tileColumn: 0, grid: grid) == first)
        #expect(demand.hasToken(tileRow: 1, tileColumn: 0, grid: grid) == second)
    }

    @Test(arguments: grids.indices)
    func patchesOfAllTilesAreTheTokens(_ index: Int) {
        let grid = Self.grids[index]
        let (rows, columns) = (grid.tileHeight / grid.patch, grid.tileWidth / grid.patch)
        var random = SplitMix64(seed: 11)
        var demand = TokenDemand(rows: grid.mapRows, columns: grid.mapColumns)
        var patches = [99]
        for share in [0.0, 0.05, 0.5, 1] {
            demand.reshape(rows: grid.mapRows, columns: grid.mapColumns)
            var wanted: Set<Int> = []
            for token in 0..<grid.mapRows * grid.mapColumns where Double.random(in: 0..<1, using: &random) < share {
                demand.insert(row: token / grid.mapColumns, column: token % grid.mapColumns)
                demand.insert(row: token / grid.mapColumns, column: token % grid.mapColumns)
                wanted.insert(token)
            }
            #expect(demand.count == wanted.count)
            var found: Set<Int> = []
            for tileRow in 0..<grid.rows {
                for tileColumn in 0..<grid.columns {
                    demand.patches(tileRow: tileRow, tileColumn: tileColumn, grid: grid, into: &patches)
                    #expect(patches == patches.sorted())
                    #expect(
                        demand.hasToken(tileRow: tileRow, tileColumn: tileColumn, grid: grid) == !patches.isEmpty)
                    for patch in patches {
                        let (row, column) = (tileRow * rows + patch / columns, tileColumn * columns + patch % columns)
                        found.insert(row * grid.mapColumns + column)
                    }
                }
            }
            #expect(found == wanted)

            var complete = demand
            complete.completeTiles(of: grid)
            for tileRow in 0..<grid.rows {
                for tileColumn in 0..<grid.columns {
                    let isRead = demand.hasToken(tileRow: tileRow, tileColumn: tileColumn, grid: grid)
                    complete.patches(tileRow: tileRow, tileColumn: tileColumn, grid: grid, into: &patches)
                    #expect(patches == (isRead ? Array(0..<rows * columns) : []))
                }
            }
        }
    }

    @Test func aDemandTakesAnotherSize() {
        var demand = TokenDemand(rows: 2, columns: 3)
        demand.insert(row: 1, column: 2)
        demand.reshape(rows: 3, columns: 2)
        #expect(demand == TokenDemand(rows: 3, columns: 2))
        demand.insert(row: 2, column: 1)
        #expect(demand.contains(row: 2, column: 1))
        #expect(!demand.contains(row: 1, column: 1))
        #expect(demand.count == 1)
        demand.reshape(rows: 0, columns: 5)
        #expect(demand.count == 0)
    }
}
