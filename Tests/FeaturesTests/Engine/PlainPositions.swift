import Foundation

@testable import Features

/// What a patch's place does, from the definitions and in double precision, for `PlainVisionTransformer`.
struct PlainPositions {
    let model: ModelDescription
    let rows: Int
    let columns: Int

    private var isLearnedSize: Bool { rows == model.gridSide && columns == model.gridSide }

    /// What is added to each embedded patch.
    ///
    /// - Parameter learned: The table's rows for patches.
    func added(learned: [[Double]]) -> [[Double]] {
        let (d, side) = (model.width, model.gridSide)
        func stretched(_ table: [[Double]], _ rule: Interpolation) -> [[Double]] {
            if isLearnedSize { return table }
            let values = PositionEmbedding.interpolate(
                table.flatMap { $0.map(Float.init) }, side: side, channels: d, rows: rows, columns: columns, rule: rule)
            return (0..<rows * columns).map { values[$0 * d..<($0 + 1) * d].map(Double.init) }
        }
        switch model.structure.positions {
        case .none, .rotary: return [[Double]](repeating: [Double](repeating: 0, count: d), count: rows * columns)
        case .learned(let rule): return stretched(learned, rule)
        case .sineCosine(let rule): return stretched(sineCosine(rows: side, columns: side, step: 1), rule)
        case .groundSampleDistance(let metres): return sineCosine(rows: rows, columns: columns, step: metres)
        }
    }

    private func sineCosine(rows: Int, columns: Int, step: Double) -> [[Double]] {
        let quarter = model.width / 4
        return (0..<rows * columns).map { patch in
            let (row, column) = (Double(patch / columns) * step, Double(patch % columns) * step)
            return (0..<model.width).map { channel in
                let angle =
                    (channel < 2 * quarter ? column : row)
                    * pow(10000, -Double(channel % quarter) / Double(quarter))
                return channel / quarter % 2 == 0 ? sin(angle) : cos(angle)
            }
        }
    }

    /// A head's channels turned, as complex numbers are multiplied by e^(i·angle).
    func rotate(_ channels: [Double], _ rotary: RotaryPositions, periods: [Double]?, patch: Int) -> [Double] {
        let d = channels.count
        var result = channels
        for pair in 0..<d / 2 {
            let isVertical = pair < d / 4
            let (index, count) = isVertical ? (patch / columns, rows) : (patch % columns, columns)
            let coordinate =
                switch rotary.coordinates {
                case .centred: 2 * Double.pi * (-1 + (2 * Double(index) + 1) / Double(count))
                case .steps(let side): Double(index) / Double(count) * Double(side)
                }
            let k = pair % (d / 4)
            let angle = coordinate / (periods?[k] ?? pow(rotary.theta, Double(k) / Double(d / 4)))
            let (first, second) = rotary.pairing == .halves ? (pair, pair + d / 2) : (2 * pair, 2 * pair + 1)
            result[first] = channels[first] * cos(angle) - channels[second] * sin(angle)
            result[second] = channels[second] * cos(angle) + channels[first] * sin(angle)
        }
        return result
    }

    /// What is added to a score, by head, query and key.
    func bias(table: [Double]) -> (_ head: Int, _ query: Int, _ key: Int) -> Double {
        let (side, heads, prefix) = (model.gridSide, model.heads, model.prefixTokens)
        let (rows, columns) = (rows, columns)
        let offsets = (2 * side - 1) * (2 * side - 1)
        let stretched =
            isLearnedSize
            ? []
            : RelativePositions.resize(
                table.map(Float.init), side: side, heads: heads, rows: rows, columns: columns)
        return { head, query, key in
            if query < prefix || key < prefix {
                guard table.count > offsets * heads else { return 0 }
                let kind = query < prefix ? (key < prefix ? 2 : 0) : 1
                return table[(offsets + kind) * heads + head]
            }
            let (from, to) = (query - prefix, key - prefix)
            let (y, x) = (from / columns - to / columns, from % columns - to % columns)
            guard stretched.isEmpty else {
                let place = (head * (2 * rows - 1) + rows - 1 - y) * (2 * columns - 1) + columns - 1 - x
                return Double(stretched[place])
            }
            return table[((y + side - 1) * (2 * side - 1) + x + side - 1) * heads + head]
        }
    }
}
