/// The bytes of a pickle, read from a file a window at a time, so that memory does not depend on what a file claims.
///
/// Invariant: `next <= window.count`, and the window ends at or before `end`.
struct PickleInput {
    /// The file, for messages and bytes.
    let file: ReadOnlyFile
    /// One past the last byte that may be read.
    private let end: Int
    private var window: [UInt8] = []
    private var windowStart: Int
    private var next = 0

    private static let windowSize = 1 << 16
    /// The longest module or class name that is read.
    private static let longestLine = 1024

    /// - Parameter range: Bytes of the file; inside it.
    init(file: ReadOnlyFile, range: Range<Int>) {
        self.file = file
        windowStart = range.lowerBound
        end = range.upperBound
    }

    /// Offset of the next byte in the file.
    var position: Int { windowStart + next }
    /// How many bytes are left.
    var remaining: Int { end - position }

    /// An error at the next byte.
    func failure(_ problem: String) -> WeightsError {
        .pickle(path: file.path, offset: position, problem: problem)
    }

    /// The next byte.
    mutating func byte() throws(WeightsError) -> UInt8 {
        if next == window.count { try refill() }
        defer { next += 1 }
        return window[next]
    }

    /// Moves the window to the next byte.
    private mutating func refill() throws(WeightsError) {
        let start = position
        let count = min(Self.windowSize, end - start)
        guard count > 0 else { throw failure("it ends in the middle") }
        window = try file.bytes(count, at: start, tensor: "pickle")
        windowStart = start
        next = 0
    }

    /// The next few bytes.
    mutating func bytes(_ count: Int) throws(WeightsError) -> [UInt8] {
        guard count <= remaining else { throw failure("it ends in the middle") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            if next == window.count { try refill() }
            let piece = window[next..<min(next + count - bytes.count, window.count)]
            bytes.append(contentsOf: piece)
            next += piece.count
        }
        return bytes
    }

    /// Steps over bytes without reading them.
    mutating func skip(_ count: Int) throws(WeightsError) {
        guard count <= remaining else {
            throw failure("it ends in the middle: \(count) bytes should follow, \(remaining) are left")
        }
        if count <= window.count - next {
            next += count
        } else {
            windowStart = position + count
            window = []
            next = 0
        }
    }

    /// An unsigned little-endian number of up to eight bytes; `Int.max` stands for what is larger, and no file has
    /// that many bytes.
    mutating func number(_ width: Int) throws(WeightsError) -> Int {
        Int(clamping: try bytes(width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// A signed little-endian number of up to eight bytes; none at all is 0.
    mutating func signed(_ width: Int) throws(WeightsError) -> Int {
        let bytes = try bytes(width)
        guard let highest = bytes.last else { return 0 }
        let start: UInt64 = highest & 0x80 == 0 ? 0 : .max
        return Int(truncatingIfNeeded: bytes.reversed().reduce(start) { $0 << 8 | UInt64($1) })
    }

    /// Text up to a line feed.
    mutating func line() throws(WeightsError) -> String {
        var bytes: [UInt8] = []
        while true {
            let byte = try byte()
            if byte == 0x0A { break }
            guard bytes.count < Self.longestLine else {
                throw failure("a name is longer than \(Self.longestLine) bytes")
            }
            bytes.append(byte)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("a name is not UTF-8") }
        return text
    }
}
