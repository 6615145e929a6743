import Evaluation
import Foundation
import Testing

/// Where trackers' results are looked for.
@Suite struct TrackerResultsTests {
    let folder: DatasetFolder
    let dataset: Dataset

    init() throws {
        folder = try DatasetFolder()
        try folder.addSequence("gt/train/A")
        try folder.addSequence("gt/train/B")
        dataset = try Dataset.open(.mot17, root: folder.path + "/gt")
    }

    private func found(_ paths: String...) throws -> [String: [String]] {
        let trackers = try dataset.trackers(at: paths.map { "\(folder.path)/\($0)" })
        #expect(Set(trackers.map(\.name)).count == trackers.count)
        return Dictionary(uniqueKeysWithValues: trackers.map { ($0.name, $0.files.keys.sorted()) })
    }

    @Test func layoutsAreFound() throws {
        for place in ["plain", "x/data", "many/one/data", "many/two", "te/MOT17-train/three/data"] {
            try folder.write("", to: "\(place)/A.txt")
            try folder.write("", to: "\(place)/B.txt")
            try folder.write("", to: "\(place)/pedestrian_summary.txt")
        }
        let both = ["A", "B"]
        #expect(try found("plain") == ["plain": both])
        #expect(try found("x") == ["x": both])
        #expect(try found("x/data") == ["x": both])
        #expect(try found("x/data/") == ["x": both])
        #expect(try found("many") == ["one": both, "two": both])
        #expect(try found("te") == ["three": both])
        #expect(try found("plain", "x", "many") == ["plain": both, "x": both, "one": both, "two": both])
        #expect(try found("plain", "plain") == ["plain": both, "plain (2)": both])
        #expect(try found("plain/A.txt") == ["plain": ["A"]])
        #expect(try found("plain/A.txt", "plain/B.txt", "x/data/B.txt") == ["plain": both, "x": ["B"]])
    }

    @Test func kitsFoldersAreFoundOneLevelFurtherUp() throws {
        for name in ["A", "B"] { try folder.write("", to: "trackers/mot_challenge/MOT17-train/four/data/\(name).txt") }
        #expect(try found("trackers") == ["four": ["A", "B"]])
        try folder.write("0 1 Car 0 0 0 1 1 2 2\n", to: "data/gt/kitti/kitti_2d_box_train/label_02/0000.txt")
        try folder.write(
            "0000 empty 000000 000001\n", to: "data/gt/kitti/kitti_2d_box_train/evaluate_tracking.seqmap.training")
        try folder.write("", to: "data/trackers/kitti/kitti_2d_box_train/CIWT/data/0000.txt")
        for root in ["data", "data/gt/kitti", "data/gt/kitti/kitti_2d_box_train"] {
            let kitti = try Dataset.open(.kitti, root: "\(folder.path)/\(root)")
            #expect(kitti.sequences.map(\.length) == [1])
            for place in ["trackers", "trackers/kitti", "trackers/kitti/kitti_2d_box_train"] {
                #expect(try kitti.trackers(at: ["\(folder.path)/data/\(place)"]).map(\.name) == ["CIWT"])
            }
        }
        let kitti = try Dataset.open(.kitti, root: "\(folder.path)/data/gt/kitti")
        try folder.write("", to: "wrong/C.txt")
        let wrong = message { _ = try kitti.trackers(at: ["\(folder.path)/wrong"]) }
        #expect(wrong?.text.contains("DIR/kitti_2d_box_train/TRACKER/data/0000.txt") == true)
        try folder.write("[]", to: "data/gt/bdd100k/bdd100k_val/b1.json")
        for root in ["data", "data/gt/bdd100k", "data/gt/bdd100k/bdd100k_val"] {
            let bdd = try Dataset.open(.bdd100k, root: "\(folder.path)/\(root)")
            #expect(bdd.sequences.map(\.name) == ["b1"] && bdd.split == "val")
        }
        let plain = try Dataset.open(.folder, root: "\(folder.path)/gt/train")
        let hint = message { _ = try plain.trackers(at: ["\(folder.path)/wrong"]) }
        #expect(hint?.text.contains("DIR/TRACKER/data/A.txt") == true && hint?.text.contains("plain folder") == false)
    }

    @Test func anEvaluationsTracksAreNamedAfterItsFolder() throws {
        try folder.write("{}", to: "evals/mine/evaluation.json")
        try folder.write("{}", to: "evals/mine/sequences/A.json")
        for name in ["A", "B"] { try folder.write("", to: "evals/mine/tracks/\(name).txt") }
        for path in ["evals/mine", "evals/mine/tracks", "evals"] {
            #expect(try found(path) == ["mine": ["A", "B"]], "\(path)")
        }
    }

    @Test func whatIsMissingIsKnown() throws {
        try folder.write("", to: "half/B.txt")
        let tracker = try #require(try dataset.trackers(at: ["\(folder.path)/half"]).first)
        #expect(tracker.missing(of: dataset) == ["A"])
    }

    @Test func aFileMayHaveAnyNameForOneSequence() throws {
        var one = dataset
        one.sequences.removeLast()
        try folder.write("", to: "results/mine.txt")
        let trackers = try one.trackers(at: ["\(folder.path)/results/mine.txt"])
        #expect(trackers == [TrackerResults(name: "mine", files: ["A": "\(folder.path)/results/mine.txt"])])
        let wrong = message { _ = try dataset.trackers(at: ["\(folder.path)/results/mine.txt"]) }
        #expect(wrong?.text.contains("named after none of the 2 sequences") == true)
        #expect(wrong?.category == 64)
    }

    @Test func anotherFolderSaysWhatIsExpected() throws {
        try folder.write("", to: "wrong/C.txt")
        let wrong = message { _ = try dataset.trackers(at: ["\(folder.path)/wrong"]) }
        for part in ["DIR/A.txt", "DIR/TRACKER/data/A.txt", "DIR/MOT17-train/TRACKER/data/A.txt", "C.txt"] {
            #expect(wrong?.text.contains(part) == true, "\(part)")
        }
        #expect(message { _ = try dataset.trackers(at: ["\(folder.path)/none"]) }?.category == 66)
    }
}
