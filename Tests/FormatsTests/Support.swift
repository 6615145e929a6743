import Geometry
import Testing

@testable import Formats

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Every frame of a text, read as a file is read.
func frames(_ text: String, _ options: BoxOptions = BoxOptions()) throws(FormatError) -> [FrameBoxes] {
    try frames(Array(text.utf8), options)
}

/// Every frame of some bytes, read as a file is read, or as a pipe that gives `step` bytes at a time.
func frames(
    _ bytes: [UInt8], _ options: BoxOptions = BoxOptions(), live: Bool = false, step: Int = .max
) throws(FormatError) -> [FrameBoxes] {
    let reader = try BoxReader(bytes: bytes, name: "boxes", live: live, step: step, options: options)
    return try rest(of: reader)
}

/// Every frame that a reader still has.
func rest(of reader: BoxReader) throws(FormatError) -> [FrameBoxes] {
    var all: [FrameBoxes] = []
    while let boxes = try reader.next() { all.append(boxes) }
    return all
}

/// The error that some text gives, or nil.
func failure(_ text: String, _ options: BoxOptions = BoxOptions(), live: Bool = false) -> FormatError? {
    failure(Array(text.utf8), options, live: live)
}

/// The error that some bytes give, or nil.
func failure(_ bytes: [UInt8], _ options: BoxOptions = BoxOptions(), live: Bool = false) -> FormatError? {
    do throws(FormatError) {
        _ = try frames(bytes, options, live: live)
        return nil
    } catch {
        return error
    }
}

/// A folder of its own that goes when the test ends.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/vtrack-formats-XXXXXX".utf8CString)
        let isMade = unsafe mkdtemp(&template) != nil
        try #require(isMade)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Writes a file and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        try file(name, Array(text.utf8))
    }

    /// Writes a file and returns its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let target = path + "/" + name
        let descriptor = unsafe open(target, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        try #require(descriptor >= 0)
        writeAll(bytes, to: descriptor)
        _ = close(descriptor)
        return target
    }

    /// Makes a folder inside and returns its path.
    func folder(_ name: String) -> String {
        _ = unsafe mkdir(path + "/" + name, 0o755)
        return path + "/" + name
    }

    /// Makes a FIFO and returns its path.
    func fifo(_ name: String) throws -> String {
        let made = unsafe mkfifo(path + "/" + name, 0o600)
        try #require(made == 0)
        return path + "/" + name
    }

    deinit {
        remove(path)
    }

    private func remove(_ target: String) {
        if let folder = unsafe opendir(target) {
            while let entry = unsafe readdir(folder) {
                let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) {
                    unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { remove(target + "/" + name) }
            }
            unsafe closedir(folder)
            _ = unsafe rmdir(target)
        } else {
            _ = unsafe unlink(target)
        }
    }
}

/// Writes all bytes to a descriptor.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
    var offset = 0
    while offset < bytes.count {
        let count = unsafe bytes.withUnsafeBytes {
            unsafe write(descriptor, $0.baseAddress! + offset, bytes.count - offset)
        }
        guard count > 0 else { return }
        offset += count
    }
}

/// The real data of the project: `$VTRACK_TEST_DATA`, otherwise `../shared/data` beside the package.
enum TestData {
    static let root: String = {
        if let value = unsafe getenv("VTRACK_TEST_DATA") { return unsafe String(cString: value) }
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(package)/../shared/data"
    }()

    static func has(_ path: String) -> Bool {
        unsafe access(root + "/" + path, R_OK) == 0
    }
}
