import Foundation
import Geometry
import Testing

@testable import Evaluation

/// Which of a tracker's files are taken for which videos.
@Suite struct BDD100KResultsTests {
    private static func text(_ names: [String]) -> String {
        "[" + names.map { String(labelText([[TestLabel()]], video: $0).dropFirst().dropLast()) }.joined(separator: ",")
            + "]"
    }

    private static func dataset(
        _ folder: LabelFolder, _ profile: ScoringProfile, sequences: [String]? = nil
    ) throws -> Dataset {
        try Dataset.open(
            .bdd100k, root: folder.write("gt.json", text(["a", "b"])),
            options: DatasetOptions(profile: profile, sequences: sequences))
    }

    /// One file for all, a folder of such files, a folder of a file a video, TrackEval's layout.
    @Test(arguments: [
        (["r.json": ["b", "a"]], "r.json"), (["r/part1.json": ["a"], "r/part2.json": ["b"]], "r"),
        (["r/a.json": ["a"], "r/b.json": ["b"]], "r"), (["t/r/data/a.json": ["a"], "t/r/data/b.json": ["b"]], "t"),
        (["r/data/a.json": ["a"], "r/data/b.json": ["b"]], "r"),
    ])
    func findsResults(_ files: [String: [String]], _ path: String) throws {
        for profile in ScoringProfile.allCases {
            let folder = try LabelFolder()
            for (name, videos) in files { try folder.write(name, Self.text(videos)) }
            let dataset = try Self.dataset(folder, profile)
            let trackers = try dataset.trackers(at: [folder.path + "/" + path])
            try #require(trackers.count == 1)
            #expect(trackers[0].name == "r" && trackers[0].missing(of: dataset).isEmpty)
            for sequence in dataset.sequences {
                let file = try #require(trackers[0].files[sequence.name])
                let result = try dataset.result(
                    of: sequence, contentsOf: file, truth: dataset.truth(of: sequence))
                #expect(result.frames.map(\.count) == [1] && result.notes.isEmpty)
            }
        }
    }

    /// A video too few: an error for TrackEval, no boxes for the server.
    ///
    /// One too many: the other way round.
    @Test(arguments: [["r.json"], ["r/part1.json"], ["r/a.json", "r/c.json"]])
    func otherVideosThanTheTruth(_ names: [String]) throws {
        let folder = try LabelFolder()
        for name in names {
            let video = name.split(separator: "/").last?.dropLast(5) ?? ""
            try folder.write(name, Self.text(names.count > 1 ? [String(video)] : ["a", "c"]))
        }
        let path = folder.path + (names[0].contains("/") ? "/r" : "/r.json")
        let kit = try Self.dataset(folder, .trackeval)
        #expect(try kit.trackers(at: [path]).map { $0.missing(of: kit) } == [["b"]])
        let server = try Self.dataset(folder, .scalabel)
        let error = #expect(throws: EvaluationError.self) { try server.trackers(at: [path]) }
        #expect(error?.description.contains("results for videos that the ground truth does not have: c") == true)
        #expect(error?.category == .badData)
        // Where only a part is scored, the others are no surplus.
        let part = try Self.dataset(folder, .scalabel, sequences: ["a", "b"])
        let tracker = try #require(try part.trackers(at: [path]).first)
        #expect(tracker.missing(of: part).isEmpty && tracker.files["b"] == nil)
        let sequence = try #require(part.sequences.last)
        let empty = part.emptyResult(of: sequence, tracker: "r", truth: try part.truth(of: sequence))
        #expect(empty.frames == [[]] && empty.notes.count == 1)
    }

    @Test func oneVideoInTwoFiles() throws {
        let folder = try LabelFolder()
        try folder.write("r/part1.json", Self.text(["a", "b"]))
        try folder.write("r/part2.json", Self.text(["b"]))
        let dataset = try Self.dataset(folder, .trackeval)
        let error = #expect(throws: EvaluationError.self) { try dataset.trackers(at: [folder.path + "/r"]) }
        #expect(error?.description.contains("expected one file for a video") == true)
    }
}
