import Crypto
import Features
import Foundation
import Geometry
import Glibc

/// The form of a file of the feature cache.
///
///     magic          8 bytes
///     key            32 bytes, the SHA-256 that the file is named after
///     opening        length (4 bytes), JSON
///     frames         1 (4 bytes), number (8), width, height, boxes, numbers a vector, numbers a histogram (4 each),
///                    vectors, histograms as IEEE single precision
///     closing        0 (4 bytes), length (4), JSON
///     checksum       32 bytes, SHA-256 of everything before
///
/// Numbers have their least byte first. 0xFFFFFFFF numbers a vector means that there are none.
enum FeatureFile {
    static let magic = Array("vtrkfeat".utf8)
    static let absent = UInt32.max
    static let digestBytes = 32
    /// The longest JSON that is read.
    static let largestText = 1 << 20
}

/// Writes a file of the cache, which appears complete or not at all.
final class FeatureFileWriter {
    private let path: String
    private let descriptor: Int32
    private let temporary: String
    private var hash = SHA256()
    private var buffer: [UInt8] = []
    private var isPublished = false

    /// Starts a file; the temporary name is this process's own.
    init(path: String, key: [UInt8], opening: FeatureOpening) throws {
        self.path = path
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        temporary = "\(folder)/.\(getpid())-\(TemporaryFiles.number()).partial"
        unsafe unlink(temporary)
        descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw AppError.output(path: path, operation: "create", code: errno) }
        TemporaryFiles.add(temporary)
        buffer = FeatureFile.magic + key
        append(try EvaluationJSON.compact(opening))
    }

    /// Adds a frame of `boxes` boxes.
    func write(_ frame: FeatureFrame, boxes: Int) throws(AppError) {
        append(UInt32(1))
        let number = UInt64(bitPattern: Int64(frame.number.rawValue))
        append(UInt32(truncatingIfNeeded: number))
        append(UInt32(truncatingIfNeeded: number >> 32))
        for value in [frame.width, frame.height, boxes] { append(UInt32(truncatingIfNeeded: value)) }
        append(frame.vectors.map { UInt32(truncatingIfNeeded: $0.dimension) } ?? FeatureFile.absent)
        append(frame.histograms.map { UInt32(truncatingIfNeeded: $0.dimension) } ?? FeatureFile.absent)
        for values in [frame.vectors?.values, frame.histograms?.values] {
            for value in values ?? [] { append(value.bitPattern) }
        }
        if buffer.count >= 1 << 20 { try flush() }
    }

    /// Ends the file and gives it its name.
    func publish(_ closing: FeatureClosing) throws {
        append(UInt32(0))
        append(try EvaluationJSON.compact(closing))
        try flush()
        buffer = Array(hash.finalize())
        try flush()
        guard fsync(descriptor) == 0 else { throw AppError.output(path: path, operation: "write", code: errno) }
        guard unsafe rename(temporary, path) == 0 else {
            throw AppError.output(path: path, operation: "publish", code: errno)
        }
        TemporaryFiles.remove(temporary)
        isPublished = true
    }

    deinit {
        _ = Glibc.close(descriptor)
        guard !isPublished else { return }
        unsafe unlink(temporary)
        TemporaryFiles.remove(temporary)
    }

    private func append(_ text: Data) {
        append(UInt32(truncatingIfNeeded: text.count))
        buffer.append(contentsOf: text)
    }

    private func append(_ value: UInt32) {
        buffer.append(UInt8(truncatingIfNeeded: value))
        buffer.append(UInt8(truncatingIfNeeded: value >> 8))
        buffer.append(UInt8(truncatingIfNeeded: value >> 16))
        buffer.append(UInt8(truncatingIfNeeded: value >> 24))
    }

    private func flush() throws(AppError) {
        hash.update(data: buffer)
        var written = 0
        while written < buffer.count {
            let count = unsafe buffer.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .output(path: path, operation: "write", code: errno)
            }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
