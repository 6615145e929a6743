import Evaluation
import Formats
import Foundation
import Geometry

// Stand-in until the data sets are there.
struct DatasetOptions: Sendable {
    var split: String?
    var half: String?
    var detector: String?
    var seqmap: String?
    var sequences: [String]?
}

extension Dataset {
    static func open(_ benchmark: Benchmark, root: String, options: DatasetOptions) throws -> Dataset {
        var dataset = Dataset(benchmark: benchmark, root: root)
        for name in try FileManager.default.contentsOfDirectory(atPath: root).sorted() {
            let path = "\(root)/\(name)"
            let info = try? SequenceInfo(contentsOf: "\(path)/seqinfo.ini")
            guard let info else { continue }
            if let wanted = options.sequences, !wanted.contains(name) { continue }
            let has = { FileManager.default.fileExists(atPath: "\(path)/\($0)") }
            dataset.sequences.append(
                DatasetSequence(
                    name: name, pictures: has("img1") ? "\(path)/img1" : nil,
                    truth: has("gt/gt.txt") ? "\(path)/gt/gt.txt" : nil,
                    detections: has("det/det.txt") ? "\(path)/det/det.txt" : nil, length: info.length,
                    frameRate: info.frameRate, width: info.width, height: info.height))
        }
        return dataset
    }

    func truth(of sequence: DatasetSequence) throws -> Truth {
        let reader = try BoxReader(
            location: .path(sequence.truth ?? ""), options: BoxOptions(format: .motGT, classes: Set(1...13)))
        var truth = Truth(frames: Array(repeating: [], count: sequence.length ?? 0))
        while let frame = try reader.next() {
            for box in frame.boxes {
                truth.frames[frame.frame.rawValue - 1].append(
                    TruthBox(box: box.box, identity: box.identity ?? 0, classID: box.classID))
            }
        }
        return truth
    }

    var evaluatedClasses: Set<Int> { [1] }
}
