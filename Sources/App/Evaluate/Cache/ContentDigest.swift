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

/// The pictures of a sequence, as far as their names show them.
struct PictureFolder {
    /// The folder that holds them.
    let path: String
    /// Their names, sorted.
    let names: [String]

    /// Looks into a folder, and into img1 below it; nil for what is no folder.
    init?(_ path: String) {
        guard let own = Self.pictures(in: path) else { return nil }
        let inner = own.isEmpty ? Self.pictures(in: "\(path)/img1") : nil
        self.path = inner == nil ? path : "\(path)/img1"
        names = inner ?? own
    }

    /// The number that the first picture's name ends in; nil where it has none.
    var firstNumber: Int? {
        names.compactMap { name -> Int? in
            let stem = name.split(separator: ".").dropLast().joined(separator: ".")
            return Int(String(stem.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()))
        }.min()
    }

    private static func pictures(in path: String) -> [String]? {
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return nil
        }
        let endings = [".jpg", ".jpeg", ".png"]
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { name in
            !name.hasPrefix(".") && endings.contains { name.lowercased().hasSuffix($0) }
        }.sorted()
    }
}
