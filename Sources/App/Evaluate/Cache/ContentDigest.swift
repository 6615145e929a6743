import Crypto
import Formats
import Foundation
import Geometry

/// SHA-256 of what an evaluation is made from, so that what was computed before is found again by its content.
enum ContentDigest {
    /// Of a value's JSON with sorted keys, hexadecimal.
    static func of(_ value: some Encodable) throws -> String {
        hexadecimal(SHA256.hash(data: try EvaluationJSON.compact(value)))
    }

    /// Of boxes as features depend on them: frames, rectangles, their order; who they are is left out.
    static func of(_ frames: [FrameBoxes]) -> String {
        var hash = SHA256()
        for frame in frames where !frame.boxes.isEmpty {
            var numbers = [UInt64(bitPattern: Int64(frame.frame.rawValue)), UInt64(frame.boxes.count)]
            for record in frame.boxes {
                let box = record.box
                numbers += [box.x, box.y, box.width, box.height].map(\.bitPattern)
            }
            hash.update(data: bytes(numbers))
        }
        return hexadecimal(hash.finalize())
    }

    /// Of the bytes of a video, or of all pictures of a folder with their names.
    ///
    /// - Parameter check: Called between pieces; what it throws ends the reading.
    static func ofSource(_ path: String, check: () throws -> Void) throws -> String {
        guard let folder = PictureFolder(path) else { return try FileDigest.sha256(of: [path], check: check) }
        var hash = SHA256()
        for name in folder.names {
            let file = try FileDigest.sha256(of: ["\(folder.path)/\(name)"], check: check)
            hash.update(data: Data("\(name)\0\(file)\n".utf8))
        }
        return hexadecimal(hash.finalize())
    }

    /// Numbers as bytes, the least first, whatever the processor.
    private static func bytes(_ numbers: [UInt64]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count * 8)
        for number in numbers {
            for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        return bytes
    }
}
