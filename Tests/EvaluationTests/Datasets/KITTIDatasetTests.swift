import Evaluation
import Foundation
import Geometry
import Testing

/// KITTI's tracking folders, labels and rules.
@Suite struct KITTIDatasetTests {
    let folder: DatasetFolder

    init() throws { folder = try DatasetFolder() }

    private func row(
        _ frame: Int, _ id: Int, _ kind: String, truncated: Int = 0, occluded: Int = 0, _ box: [Double]
    ) -> String {
        "\(frame) \(id) \(kind) \(truncated) \(occluded) -10 \(box.map { "\($0)" }.joined(separator: " "))"
            + " 1.5 1.6 4 1 2 3 0.1\n"
    }

    private func dataset(_ truth: String, frames: Int = 3) throws -> Dataset {
        try folder.write("0000 empty 000000 00000\(frames)\n\n", to: "evaluate_tracking.seqmap.training")
        try folder.write(truth, to: "label_02/0000.txt")
        return try Dataset.open(.kitti, root: folder.path)
    }

    private func counts(_ dataset: Dataset, _ result: String) throws -> [Int: (truth: Int, result: Int)] {
        let sequence = dataset.sequences[0]
        let truth = try dataset.truth(of: sequence)
        let found = try dataset.result(
            of: sequence, contentsOf: folder.write(result, to: "r.txt"), truth: truth)
        var counts: [Int: (truth: Int, result: Int)] = [:]
        for part in try dataset.metricSequences(truth: truth, result: found, sequence: "0000") {
            counts[part.classID] = (part.sequence.truthBoxes, part.sequence.resultBoxes)
        }
        return counts
    }

    @Test func publishedFolders() throws {
        try folder.write(
            row(0, 1, "Car", [0, 0, 50, 50]) + row(6, 1, "Car", [0, 0, 50, 50]), to: "training/label_02/0000.txt")
        try folder.write("x", to: "training/image_02/0001/000000.png")
        let dataset = try Dataset.open(.kitti, root: folder.path)
        #expect(dataset.sequences.map(\.name) == ["0000"])
        #expect(dataset.skipped.map(\.name) == ["0001"])
        #expect(dataset.notes.count == 1)
        #expect(try dataset.truth(of: dataset.sequences[0]).frames.count == 7)
        let wrong = message { _ = try Dataset.open(.kitti, root: folder.path + "/training/image_02") }
        #expect(wrong?.text.contains("ROOT/label_02/0000.txt") == true)
        #expect(
            message { _ = try Dataset.open(.kitti, root: folder.path, options: DatasetOptions(split: "val")) } != nil)
        let train = message { _ = try Dataset.open(.kitti, root: folder.path, options: DatasetOptions(split: "train")) }
        #expect(train?.text.contains("the published part is called training") == true)
    }

    /// What counts, one frame each: TrackEval kitti_2d_box.py lines 250–348.
    @Test func whatCounts() throws {
        let car = [100.0, 100, 160, 160]
        let truth =
            row(0, 1, "Car", car) + row(0, 2, "Van", [300, 100, 360, 160]) + row(0, 3, "Pedestrian", [0, 0, 20, 60])
            + row(0, 4, "Person_sitting", [400, 0, 430, 60])
            + row(0, 5, "Car", occluded: 3, [200, 200, 260, 260]) + row(0, 6, "Car", truncated: 1, [0, 200, 60, 260])
            + row(0, 7, "Cyclist", [500, 0, 560, 60])
            + row(0, -1, "DontCare", truncated: -1, occluded: -1, [600, 0, 700, 100])
        let dataset = try dataset(truth)
        // Cars: the car, found; one on the van, the hidden one and the cut one each: not judged; one low, and one in the
        // region: not judged; a high one elsewhere: counts.
        let result =
            row(0, 1, "Car", car) + row(0, 2, "Car", [301, 100, 361, 160]) + row(0, 3, "Car", [201, 200, 261, 260])
            + row(0, 4, "Car", [1, 200, 61, 260]) + row(0, 5, "Car", [700, 300, 780, 325])
            + row(0, 6, "Car", [610, 10, 690, 90]) + row(0, 7, "Car", [700, 300, 780, 325.5])
            + row(0, -1, "Car", [900, 300, 980, 380]) + row(0, 8, "Pedestrian", [401, 0, 431, 60])
            + row(0, 9, "Cyclist", [500, 0, 560, 60])
        let counts = try counts(dataset, result)
        #expect(counts[1]?.truth == 1 && counts[1]?.result == 2)
        #expect(counts[4]?.truth == 1 && counts[4]?.result == 0)
    }

    @Test func aNumberMayStandForACarAndAPedestrian() throws {
        let dataset = try dataset(row(0, 1, "Car", [0, 0, 60, 60]))
        #expect(
            try counts(dataset, row(0, 1, "Car", [0, 0, 60, 60]) + row(0, 1, "Pedestrian", [0, 0, 60, 60]))[1]?.result
                == 1)
        let twice = message {
            _ = try counts(dataset, row(0, 1, "Car", [0, 0, 60, 60]) + row(0, 1, "Car", [90, 0, 160, 60]))
        }
        #expect(twice?.text.contains("frame 1: two boxes have the identity 1") == true)
    }

    @Test(
        arguments: [
            ("0 1 Bus 0 0 0 1 1 2 2\n", ["r.txt:1", "“bus”"]), ("3 1 Car 0 0 0 1 1 2 2\n", ["frame 3", "0 to 2"]),
            ("0 1 Car 0 0 0 1 1 2\n", ["9 columns"]), ("-1 1 Car 0 0 0 1 1 2 2\n", ["frame -1"]),
            ("0 1 Car 0 0 0 1 nan 2 2\n", ["nan", "top"]), ("x\n", ["“x”"]),
        ])
    func whatIsWrongIsNamed(_ text: String, _ parts: [String]) throws {
        let dataset = try dataset(row(0, 1, "Car", [0, 0, 60, 60]))
        let found = message { _ = try counts(dataset, text) }
        for part in parts { #expect(found?.text.contains(part) == true, "\(part) in \(found?.text ?? "nothing")") }
        #expect(found?.category == 65)
    }

    /// Edges are what the file says, to the last bit, although boxes keep a width.
    @Test func edgesComeBack() throws {
        var generator = SystemRandomNumberGenerator()
        var rows = ""
        var edges: [(Double, Double)] = []
        for number in 0..<500 {
            let left = Double.random(in: 0...1200, using: &generator)
            let right = left + Double.random(in: 1...300, using: &generator)
            edges.append((left, right))
            rows += "0 \(number) Car 0 0 0 \(left) 1 \(right) 50\n"
        }
        let dataset = try dataset(rows)
        let boxes = try dataset.truth(of: dataset.sequences[0]).frames[0]
        for (box, edge) in zip(boxes, edges) {
            #expect(box.box.x == edge.0)
            #expect(box.box.maxX == edge.1)
        }
    }
}
