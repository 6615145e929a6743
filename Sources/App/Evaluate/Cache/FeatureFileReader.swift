import Crypto
import Features
import Foundation
import Geometry
import Glibc

/// Reads a file of the cache frame by frame, after its checksum has been found right.
final class FeatureFileReader: FeatureSource {
    /// Why a file cannot be used; the frames are then computed again.
    struct Damage: Error {
        let text: String
    }

    let opening: FeatureOpening
    private let descriptor: Int32
    /// The number of the frame before.
    private var previous = 0
    private let end: Int
    private var position = 0
    private var buffer: [UInt8] = []
    private var taken = 0
    private var closing: FeatureClosing?

    /// Opens a file and checks all of it; nil where there is none.
    ///
    /// - Throws: `Damage` for a file that is cut short, changed, or another one than its name says.
    init?(path: String, key: [UInt8], check: () throws -> Void) throws {
        let opened = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard opened >= 0 else {
            if errno == ENOENT { return nil }
            throw Damage(text: errorText(errno))
        }
        let file = FeatureFileBytes(descriptor: opened)
        let end = try file.checkedEnd(check: check)
        var place = 0
        let head = try file.bytes(at: &place, count: FeatureFile.magic.count + key.count, end: end)
        guard head == FeatureFile.magic + key else { throw Damage(text: "it belongs to other features") }
        let text = try file.text(at: &place, end: end)
        opening = try Self.decoded(FeatureOpening.self, text)
        guard opening.frameRate > 0, opening.frameRate <= 1e6, Self.isSize(opening.width, opening.height) else {
            throw Damage(text: "it is malformed")
        }
        self.end = end
        position = place
        descriptor = file.release()
    }

    func next() throws -> FeatureFrame? {
        guard closing == nil else { return nil }
        guard try number() != 0 else {
            let length = Int(try number())
            closing = try Self.decoded(FeatureClosing.self, Data(try bytes(length)))
            return nil
        }
        let low = UInt64(try number())
        let high = UInt64(try number())
        let index = Int(truncatingIfNeeded: high << 32 | low)
        let width = Int(try number())
        let height = Int(try number())
        let boxes = Int(try number())
        guard index > previous, index <= Self.largestNumber, Self.isSize(width, height) else {
            throw Damage(text: "it is malformed")
        }
        previous = index
        let dimensions = [try number(), try number()]
        var sets: [FeatureVectors?] = []
        for dimension in dimensions {
            guard dimension != FeatureFile.absent else {
                sets.append(nil)
                continue
            }
            let (count, overflow) = boxes.multipliedReportingOverflow(by: Int(dimension))
            guard dimension > 0, !overflow, count <= (end - position) / 4 + buffer.count else {
                throw Damage(text: "it is malformed")
            }
            sets.append(FeatureVectors(count: boxes, dimension: Int(dimension), values: try floats(count)))
        }
        return FeatureFrame(
            number: FrameIndex(index), width: width, height: height, vectors: sets[0], histograms: sets[1])
    }

    func close() throws -> FeatureClosing {
        guard let closing else { throw Damage(text: "it was not read to its end") }
        return closing
    }

    func cancel() {}

    /// The last frame that box files may name.
    private static let largestNumber = 1_000_000_000

    private static func isSize(_ width: Int, _ height: Int) -> Bool {
        (0...1_000_000).contains(width) && (0...1_000_000).contains(height)
    }

    deinit { _ = Glibc.close(descriptor) }

    private func number() throws -> UInt32 {
        let four = try bytes(4)
        return UInt32(four[0]) | UInt32(four[1]) << 8 | UInt32(four[2]) << 16 | UInt32(four[3]) << 24
    }

    private func floats(_ count: Int) throws -> [Float] {
        let raw = try bytes(count * 4)
        return (0..<count).map { index in
            let place = index * 4
            return Float(
                bitPattern: UInt32(raw[place]) | UInt32(raw[place + 1]) << 8 | UInt32(raw[place + 2]) << 16
                    | UInt32(raw[place + 3]) << 24)
        }
    }

    /// The next bytes, read ahead in large pieces.
    private func bytes(_ count: Int) throws -> [UInt8] {
        if buffer.count - taken < count {
            buffer.removeFirst(taken)
            taken = 0
            let wanted = min(max(count - buffer.count, 1 << 20), end - position)
            guard wanted >= count - buffer.count else { throw Damage(text: "it is malformed") }
            buffer += try FeatureFileBytes.read(descriptor, at: position, count: wanted)
            position += wanted
        }
        defer { taken += count }
        return Array(buffer[taken..<taken + count])
    }

    private static func decoded<Value: Decodable>(_ type: Value.Type, _ text: Data) throws -> Value {
        do {
            return try EvaluationJSON.decode(type, from: text)
        } catch {
            throw Damage(text: "it is malformed")
        }
    }
}

/// A file's bytes, read at places.
final class FeatureFileBytes {
    private var descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Hands the descriptor over.
    func release() -> Int32 {
        defer { descriptor = -1 }
        return descriptor
    }

    deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

    /// Where the checksum begins, once it has been found right.
    func checkedEnd(check: () throws -> Void) throws -> Int {
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw FeatureFileReader.Damage(text: "it is no regular file")
        }
        let end = Int(facts.st_size) - FeatureFile.digestBytes
        guard end > 0 else { throw FeatureFileReader.Damage(text: "it is cut short") }
        var hash = SHA256()
        var place = 0
        while place < end {
            try check()
            let piece = try Self.read(descriptor, at: place, count: min(1 << 20, end - place))
            hash.update(data: piece)
            place += piece.count
        }
        let stored = try Self.read(descriptor, at: end, count: FeatureFile.digestBytes)
        guard stored == Array(hash.finalize()) else {
            throw FeatureFileReader.Damage(text: "its checksum is wrong: it was cut short or changed")
        }
        return end
    }

    func bytes(at place: inout Int, count: Int, end: Int) throws -> [UInt8] {
        guard count >= 0, count <= end - place else { throw FeatureFileReader.Damage(text: "it is cut short") }
        defer { place += count }
        return try Self.read(descriptor, at: place, count: count)
    }

    func text(at place: inout Int, end: Int) throws -> Data {
        let four = try bytes(at: &place, count: 4, end: end)
        let length = Int(four[0]) | Int(four[1]) << 8 | Int(four[2]) << 16 | Int(four[3]) << 24
        guard length <= FeatureFile.largestText else { throw FeatureFileReader.Damage(text: "it is malformed") }
        return Data(try bytes(at: &place, count: length, end: end))
    }

    /// So many bytes from a place; fewer are damage.
    static func read(_ descriptor: Int32, at place: Int, count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(place + filled))
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw FeatureFileReader.Damage(text: "it is cut short") }
            filled += got
        }
        return bytes
    }
}
