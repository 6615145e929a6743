internal import Glibc

/// By how much each patch's queries and keys are turned.
///
/// Sources: DINOv3 (https://github.com/facebookresearch/dinov3, dinov3/layers/rope_position_encoding.py; transformers,
/// models/dinov3_vit/modeling_dinov3_vit.py), EVA-02 (timm, layers/pos_embed_sincos.py).
enum RotaryTurns {
    /// Cosines and signed sines as CKernels' `rotate` reads them.
    ///
    /// - Parameters:
    ///   - periods: d/4 numbers that coordinates are divided by; nil is thetaˆ(4k/d).
    ///   - head: Channels d of a head, a multiple of 4.
    /// - Returns: (rows, columns, 2·d).
    static func make(
        _ rotary: RotaryPositions, periods: [Float]?, head: Int, rows: Int, columns: Int
    ) -> [Float] {
        let quarter = head / 4
        let frequencies = (0..<quarter).map { index in
            periods.map { 1 / Double($0[index]) } ?? pow(rotary.theta, -4 * Double(index) / Double(head))
        }
        func coordinate(_ index: Int, of count: Int) -> Double {
            switch rotary.coordinates {
            case .centred: 2 * Double.pi * (2 * (Double(index) + 0.5) / Double(count) - 1)
            case .steps(let side): Double(index) * Double(side) / Double(count)
            }
        }
        var result = [Float](repeating: 0, count: rows * columns * 2 * head)
        for row in 0..<rows {
            for column in 0..<columns {
                let start = (row * columns + column) * 2 * head
                let angles =
                    frequencies.map { $0 * coordinate(row, of: rows) }
                    + frequencies.map { $0 * coordinate(column, of: columns) }
                for (pair, angle) in angles.enumerated() {
                    let (first, second) =
                        switch rotary.pairing {
                        case .halves: (pair, pair + head / 2)
                        case .neighbours: (2 * pair, 2 * pair + 1)
                        }
                    result[start + first] = Float(cos(angle))
                    result[start + second] = Float(cos(angle))
                    result[start + head + first] = Float(-sin(angle))
                    result[start + head + second] = Float(sin(angle))
                }
            }
        }
        return result
    }
}
