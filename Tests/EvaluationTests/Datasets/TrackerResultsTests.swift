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
