/// Little-endian numbers at stated places of some bytes; nil where the bytes end before.
struct NpzFields {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Two bytes.
    func two(at offset: Int) -> Int? { number(2, at: offset).map { Int($0) } }

    /// Four bytes.
    func four(at offset: Int) -> Int? { number(4, at: offset).map { Int($0) } }

    /// Eight bytes; nil also from 2⁶³, which no place or size in a file can be.
    func eight(at offset: Int) -> Int? { number(8, at: offset).flatMap { Int(exactly: $0) } }

    /// Some of the bytes.
    func slice(_ count: Int, at offset: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
        return bytes[offset..<offset + count]
    }

    private func number(_ count: Int, at offset: Int) -> UInt64? {
        slice(count, at: offset)?.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension NpzFields {
    /// The 64-bit numbers of a ZIP64 field among extra fields (APPNOTE 4.5.3).
    ///
    /// - Returns: Empty where there is no such field; nil where the fields do not fit the bytes, or there are two.
    static func zip64(in extra: ArraySlice<UInt8>) -> [Int]? {
        let fields = NpzFields(Array(extra))
        var values: [Int]?
        var position = 0
        while position < fields.bytes.count {
            guard let identifier = fields.two(at: position), let size = fields.two(at: position + 2),
                fields.slice(size, at: position + 4) != nil
            else { return nil }
            if identifier == 1 {
                guard values == nil else { return nil }
                // What is left of eight bytes is the number of a disk.
                let numbers = (0..<size / 8).compactMap { fields.eight(at: position + 4 + 8 * $0) }
                guard numbers.count == size / 8 else { return nil }
                values = numbers
            }
            position += 4 + size
        }
        return values ?? []
    }
}
