import Assignment
import Foundation
import Geometry

/// Times the assignment on matrices that it makes itself, for scripts/benchmark-assignment.py to compare with SciPy.
///
///     AssignmentBenchmark
///
/// reads lines `KIND SIZE SEED FILE`, makes the matrix, writes it to FILE as row-major float64, assigns it, and answers
/// with a line: the seconds that took, then the column of each row.
@main
struct AssignmentBenchmark {
    static func main() throws {
        var matcher = HungarianMatcher()
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 4, let kind = MatrixKind(rawValue: words[0]), let size = Int(words[1]),
                let seed = UInt64(words[2]), size > 0
            else {
                print("usage: uniform|cosine|product SIZE SEED FILE")
                continue
            }
            let matrix = kind.matrix(size: size, seed: seed)
            try Data(matrix.values.flatMap { withUnsafeBytes(of: $0) { Array($0) } })
                .write(to: URL(fileURLWithPath: words[3]))
            var columns: [Int] = []
            let elapsed = ContinuousClock().measure { matcher.match(matrix, into: &columns) }
            let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
            print(seconds, columns.map(String.init).joined(separator: " "))
            fflush(nil)
        }
    }
}

/// The matrices to time: what is easy, what retrieval makes, and what is hardest for shortest augmenting paths.
enum MatrixKind: String {
    /// Independent uniform numbers.
    case uniform
    /// 1 − cosine between unit vectors of 64 numbers and noisy copies of them.
    case cosine
    /// (row + 1) · (column + 1).
    case product

    func matrix(size: Int, seed: UInt64) -> CostMatrix {
        var random = SplitMix64(seed: seed)
        switch self {
        case .uniform:
            let values = (0..<size * size).map { _ in random.uniform() }
            return CostMatrix(rows: size, columns: size, values: values)
        case .cosine:
            let dimension = 64
            let vectors = (0..<size).map { _ in (0..<dimension).map { _ in random.uniform() - 0.5 } }
            let copies = vectors.map { vector in vector.map { $0 + 0.8 * (random.uniform() - 0.5) } }
            func unit(_ vector: [Double]) -> [Double] {
                let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
                return vector.map { $0 / length }
            }
            let (left, right) = (vectors.map(unit), copies.map(unit))
            var values: [Double] = []
            values.reserveCapacity(size * size)
            for row in left {
                for column in right {
                    var dot = 0.0
                    for index in 0..<dimension { dot += row[index] * column[index] }
                    values.append(1 - dot)
                }
            }
            return CostMatrix(rows: size, columns: size, values: values)
        case .product:
            let values = (0..<size * size).map { Double($0 / size + 1) * Double($0 % size + 1) }
            return CostMatrix(rows: size, columns: size, values: values)
        }
    }
}

extension SplitMix64 {
    /// A number from 0 to 1, 1 left out.
    mutating func uniform() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}
