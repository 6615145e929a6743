import Features
import Geometry

/// ROIAlign written as torchvision's loop is, one sample after the other: the twin of the fast one.
enum ReferenceROIAlign {
    /// N·N·D numbers for one box, or D where `mean` is set.
    static func align(_ map: TokenMap, grid: TileGrid, box: Box, bins: Int, mean: Bool) -> [Double] {
        let left = box.x * grid.scaleX - 0.5
        let top = box.y * grid.scaleY - 0.5
        let binWidth = (box.maxX * grid.scaleX - 0.5 - left) / Double(bins)
        let binHeight = (box.maxY * grid.scaleY - 0.5 - top) / Double(bins)
        var output: [Double] = []
        for row in 0..<bins {
            for column in 0..<bins {
                for channel in 0..<map.channels {
                    var sum = 0.0
                    for sampleY in 0..<2 {
                        for sampleX in 0..<2 {
                            let y = top + Double(row) * binHeight + (Double(sampleY) + 0.5) * binHeight / 2
                            let x = left + Double(column) * binWidth + (Double(sampleX) + 0.5) * binWidth / 2
                            sum += sample(map, x: x, y: y, channel: channel)
                        }
                    }
                    output.append(sum / 4)
                }
            }
        }
        guard mean else { return output }
        return (0..<map.channels).map { channel in
            stride(from: channel, to: output.count, by: map.channels).reduce(0) { $0 + output[$1] }
                / Double(bins * bins)
        }
    }

    private static func sample(_ map: TokenMap, x: Double, y: Double, channel: Int) -> Double {
        if !(y >= -1 && y <= Double(map.rows) && x >= -1 && x <= Double(map.columns)) { return 0 }
        var (x, y) = (max(x, 0), max(y, 0))
        var (lowX, lowY) = (Int(x), Int(y))
        var (highX, highY) = (lowX + 1, lowY + 1)
        if lowX >= map.columns - 1 {
            lowX = map.columns - 1
            highX = lowX
            x = Double(lowX)
        }
        if lowY >= map.rows - 1 {
            lowY = map.rows - 1
            highY = lowY
            y = Double(lowY)
        }
        let (fx, fy) = (x - Double(lowX), y - Double(lowY))
        func token(_ row: Int, _ column: Int) -> Double {
            Double(map.values[(row * map.columns + column) * map.channels + channel])
        }
        return (1 - fy) * ((1 - fx) * token(lowY, lowX) + fx * token(lowY, highX))
            + fy * ((1 - fx) * token(highY, lowX) + fx * token(highY, highX))
    }
}
