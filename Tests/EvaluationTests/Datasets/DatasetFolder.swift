import Evaluation
import Foundation
import Geometry
import Testing

/// A folder of a benchmark that a test writes, deleted with it.
final class DatasetFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "vtrack-dataset-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, and the folders above it; returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try write(Data(text.utf8), to: name)
    }

    @discardableResult
    func write(_ data: Data, to name: String) throws -> String {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file.path
    }

    /// A MOT sequence of some frames with one pedestrian in each.
    func addSequence(_ name: String, frames: Int = 4, info: Bool = true, truth: Bool = true) throws {
        if info {
            try write("[Sequence]\nname=x\nimDir=img1\nframeRate=25\nseqLength=\(frames)\n", to: "\(name)/seqinfo.ini")
        }
        if truth {
            let rows = (1...max(1, frames)).map { "\($0),1,\(10 * $0),20,30,40,1,1,1\n" }.joined()
            try write(rows, to: "\(name)/gt/gt.txt")
        } else {
            try write("1,-1,1,1,1,1,0.5\n", to: "\(name)/det/det.txt")
        }
    }
}

/// The message of the error that something throws.
func message(_ body: () throws -> Void) -> (text: String, category: Int32)? {
    do {
        try body()
        return nil
    } catch let error as EvaluationError {
        return (error.description, error.category.rawValue)
    } catch {
        return ("\(error)", -1)
    }
}
