internal import Foundation

/// The bins of a `PairHistogram` that are not empty, packed.
///
/// Layout: for every such bin, rising, three numbers of seven bits a byte, low ones first (LEB128): how many bins are
/// skipped, same pairs, different pairs. JSON has the bytes in base64.
struct SparsePairs: Equatable, Sendable {
    private let bytes: [UInt8]

    /// No bin of one sequence has so many pairs.
    private static let largest = 1 << 40

    /// Packs a histogram.
    init(_ histogram: PairHistogram) {
        var bytes: [UInt8] = []
        func append(_ number: Int) {
            var rest = UInt64(number)
            while rest >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
        var next = 0
        histogram.forEachPair { bin, same, different in
            append(bin - next)
            append(same)
            append(different)
            next = bin + 1
        }
        self.bytes = bytes
    }

    /// The histogram that was packed.
    func histogram(range: ClosedRange<Float>) -> PairHistogram {
        var histogram = PairHistogram(range: range)
        // Checked where the bytes came from.
        _ = Self.read(bytes) { bin, same, different in histogram.set(bin, same: same, different: different) }
        return histogram
    }

    /// Reads packed bins; false where the bytes are not some.
    private static func read(_ bytes: [UInt8], _ body: (_ bin: Int, _ same: Int, _ different: Int) -> Void) -> Bool {
        var position = 0
        func number() -> Int? {
            var value: UInt64 = 0
            for shift in stride(from: 0, to: 42, by: 7) where position < bytes.count {
                let byte = bytes[position]
                position += 1
                value |= UInt64(byte & 0x7F) << UInt64(shift)
                if byte < 0x80 { return value <= UInt64(largest) ? Int(value) : nil }
            }
            return nil
        }
        var next = 0
        while position < bytes.count {
            guard let skipped = number(), let same = number(), let different = number(),
                skipped < PairHistogram.bins - next
            else { return false }
            body(next + skipped, same, different)
            next += skipped + 1
        }
        return true
    }
}

extension SparsePairs: Codable {
    /// Writes the bytes in base64.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Data(bytes).base64EncodedString())
    }

    /// Reads them and checks that they are bins.
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let data = Data(base64Encoded: try container.decode(String.self)),
            Self.read([UInt8](data), { _, _, _ in })
        else { throw DecodingError.unusable("list of pairs", at: container.codingPath) }
        bytes = [UInt8](data)
    }
}
