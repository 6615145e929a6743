import Foundation
import Geometry
import Testing

@testable import Evaluation

/// Folders and files in which BDD100K's labels come.
@Suite struct BDD100KFolderTests {
    private static let car = TestLabel(id: "1", x: 100, y: 100, width: 50, height: 50)

    /// Layouts by their files, what is opened, the split asked for, and the names, split and pictures found.
    @Test(arguments: [
        // As published.
        (
            ["labels/box_track_20/val/a.json", "images/track/val/a/a-0000001.jpg", "images/track/val/b/b-0000001.jpg"],
            "", nil as String?, ["a"], "val" as String?, "images/track/val/a" as String?, ["b"]
        ),
        // The folder above.
        (
            ["bdd100k/labels/box_track_20/val/a.json", "bdd100k/images/track/val/a/a-0000001.jpg"], "", nil, ["a"],
            "val",
            "bdd100k/images/track/val/a", []
        ),
        // Labels alone, at every depth.
        (["labels/box_track_20/val/a.json", "labels/box_track_20/val/b.json"], "", nil, ["a", "b"], "val", nil, []),
        (["labels/box_track_20/val/a.json"], "labels", nil, ["a"], "val", nil, []),
        (["labels/box_track_20/val/a.json"], "labels/box_track_20", nil, ["a"], "val", nil, []),
        (["labels/box_track_20/val/a.json"], "labels/box_track_20/val", nil, ["a"], "val", nil, []),
        // Pictures above the labels are found.
        (
            ["labels/box_track_20/val/a.json", "images/track/val/a/a-0000001.jpg"], "labels/box_track_20/val", nil,
            ["a"],
            "val", "images/track/val/a", []
        ),
        // A folder of labels of any name.
        (["truth/a.json", "truth/notes.txt"], "truth", nil, ["a"], nil, nil, []),
        // The part that is asked for; val before train otherwise.
        (["labels/box_track_20/val/a.json", "labels/box_track_20/train/b.json"], "", "train", ["b"], "train", nil, []),
        (["labels/box_track_20/val/a.json", "labels/box_track_20/train/b.json"], "", nil, ["a"], "val", nil, []),
        (["labels/box_track_20/train/b.json"], "", nil, ["b"], "train", nil, []),
        // Videos, beside the other videos or where the pictures would be; pictures go first.
        (["labels/box_track_20/val/a.json", "videos/val/a.mov"], "", nil, ["a"], "val", "videos/val/a.mov", []),
        (
            ["labels/box_track_20/val/a.json", "images/track/val/a.mov"], "", nil, ["a"], "val",
            "images/track/val/a.mov",
            []
        ),
        (
            ["labels/box_track_20/val/a.json", "videos/val/a.mov", "images/track/val/a/a-0000001.jpg"], "", nil, ["a"],
            "val", "images/track/val/a", []
        ),
        // The names of 2020.
        (["labels-20/box-track/val/a.json"], "", nil, ["a"], "val", nil, []),
        // Test videos have no labels.
        (["images/track/test/a/a-0000001.jpg"], "", "test", [], "test", nil, ["a"]),
    ])
    func layouts(
        _ files: [String], _ root: String, _ split: String?, _ names: [String], _ found: String?, _ pictures: String?,
        _ skipped: [String]
    ) throws {
        let folder = try LabelFolder()
        for file in files {
            let name = file.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? ""
            try folder.write(file, file.hasSuffix(".json") ? labelText([[Self.car]], video: name) : "")
        }
        let dataset = try Dataset.open(
            .bdd100k, root: root.isEmpty ? folder.path : "\(folder.path)/\(root)",
            options: DatasetOptions(split: split))
        #expect(dataset.sequences.map(\.name) == names && dataset.split == found)
        #expect(dataset.skipped.map(\.name) == skipped)
        if let pictures { #expect(dataset.sequences.first?.pictures == "\(folder.path)/\(pictures)") }
        if pictures == nil { #expect(dataset.sequences.allSatisfy { $0.pictures == nil }) }
        for sequence in dataset.sequences {
            #expect(try dataset.truth(of: sequence).frames.map(\.count) == [1])
            #expect(sequence.frameRate == 5)
        }
    }

    /// One file for the set, frames of videos mixed, as a file and inside of the folder.
    @Test(arguments: ["all.json", "labels/box_track_20/val.json", "labels/box_track_20/box_track_val.json"])
    func oneFileForAll(_ name: String) throws {
        let folder = try LabelFolder()
        let texts = ["b", "a"].map { labelText([[Self.car], [], [Self.car, TestLabel(id: "7")]], video: $0) }
        let lines = texts.flatMap { $0.dropFirst().dropLast().components(separatedBy: ",\n") }
        let mixed = [0, 3, 4, 1, 2, 5].map { lines[$0] }.joined(separator: ",\n")
        let path = try folder.write(name, "{\"config\": null, \"frames\": [\(mixed)]}")
        let dataset = try Dataset.open(.bdd100k, root: name == "all.json" ? path : folder.path)
        #expect(dataset.sequences.map(\.name) == ["a", "b"] && dataset.sequences.map(\.length) == [3, 3])
        for sequence in dataset.sequences {
            #expect(try dataset.truth(of: sequence).frames.map(\.count) == [1, 0, 2])
        }
    }

    /// Two files that hold several videos each.
    @Test func severalFilesOfSeveralVideos() throws {
        let folder = try LabelFolder()
        func text(_ names: [String]) -> String {
            "[" + names.map { String(labelText([[Self.car]], video: $0).dropFirst().dropLast()) }.joined(separator: ",")
                + "]"
        }
        try folder.write("val/part1.json", text(["a", "b"]))
        try folder.write("val/part2.json", text(["c", "d"]))
        #expect(try Dataset.open(.bdd100k, root: folder.path).sequences.map(\.name) == ["a", "b", "c", "d"])
        try folder.write("val/part3.json", text(["d", "e"]))
        let error = #expect(throws: EvaluationError.self) { try Dataset.open(.bdd100k, root: folder.path) }
        #expect(error?.description.contains("expected one file for a video") == true)
    }

    @Test func whatIsNoFolderOfBDD100K() throws {
        let folder = try LabelFolder()
        try folder.write("images/a.jpg")
        let error = #expect(throws: EvaluationError.self) { try Dataset.open(.bdd100k, root: folder.path) }
        #expect(error?.category == .noInput)
        #expect(error?.description.contains("ROOT/labels/box_track_20/val/VIDEO.json") == true)
        #expect(error?.description.contains("Found: images/") == true)
        let none = #expect(throws: EvaluationError.self) { try Dataset.open(.bdd100k, root: folder.path + "/none") }
        #expect(none?.category == .noInput)
    }

    // MARK: Labels

    private func truth(_ text: String) throws -> Truth {
        let folder = try LabelFolder()
        let dataset = try Dataset.open(.bdd100k, root: folder.write("v.json", text))
        return try dataset.truth(of: try #require(dataset.sequences.first))
    }

    /// Frames in any order, one without an index and one without a video; what labels and frames say beside the boxes.
    @Test func readsTruth() throws {
        let text = """
            [{"videoName": "v", "name": "v-0000003.jpg", "labels": [
              {"id": 12, "category": "van", "attributes": {"Occluded": true, "Truncated": false, "Crowd": false},
               "box2d": {"x1": 0.1, "y1": 2, "x2": 3.3, "y2": 4}}]},
             {"name": "v-0000001.jpg", "index": 0, "labels": null,
              "attributes": {"weather": "rainy", "timeofday": "night", "scene": "highway"}},
             {"videoName": "v", "frameIndex": 1, "attributes": {"weather": "clear"}, "labels": [
              {"id": "12", "category": "trailer", "box2d": {"x1": 1, "y1": 2, "x2": 3, "y2": 2}},
              {"id": "13", "category": "car"}]}]
            """
        let truth = try truth(text)
        #expect(truth.frames.map(\.count) == [0, 1, 1] && truth.numbers == nil)
        #expect(truth.attributes == ["weather": "rainy", "timeofday": "night", "scene": "highway"])
        let (trailer, van) = (truth.frames[1][0], truth.frames[2][0])
        #expect(trailer.isRegion && !trailer.isMarkedIgnored && trailer.classID == 11 && trailer.identity == 12)
        #expect(van.classID == 3 && van.identity == 12 && van.isOccluded == true && van.isTruncated == false)
        #expect(!van.isRegion && van.box.x == 0.1 && van.box.maxX == 3.3)
    }

    /// Tracking labels do not say what the weather was; the labels of single pictures do.
    @Test(arguments: ["labels/det_20/det_val.json", "labels/bdd100k_labels_images_val.json"])
    func takesTheWeatherFromPictures(_ name: String) throws {
        let folder = try LabelFolder()
        try folder.write("labels/box_track_20/val/a-1.json", labelText([[Self.car]], video: "a-1"))
        try folder.write("images/track/val/a-1/a-1-0000001.jpg")
        try folder.write(
            name,
            #"[{"name": "a-1.jpg", "attributes": {"weather": "foggy", "timeofday": "dawn/dusk"}, "labels": [{"id": 1}]}]"#
        )
        let options = DatasetOptions(needsPictures: true)
        let dataset = try Dataset.open(.bdd100k, root: folder.path, options: options)
        let sequence = try #require(dataset.sequences.first)
        #expect(try dataset.truth(of: sequence).attributes == ["weather": "foggy", "timeofday": "dawn/dusk"])
        // A broken file costs the weather and nothing else.
        try folder.write(name, "[{")
        let without = try Dataset.open(.bdd100k, root: folder.path, options: options)
        #expect(without.notes.count == 1 && without.notes[0].contains("no weather and time of day"))
        #expect(try without.truth(of: sequence).attributes.isEmpty)
        // Scores do not need it.
        #expect(try Dataset.open(.bdd100k, root: folder.path).notes.isEmpty)
    }

    /// Identities that are no numbers are numbered in the order of the file, whatever the order of frames.
    @Test func numbersTexts() throws {
        let truth = try truth(
            labelText([[TestLabel(id: "b"), TestLabel(id: "7", x: 50)], [TestLabel(id: "7"), TestLabel(id: "a")]]))
        #expect(truth.frames.map { $0.map(\.identity) } == [[1, 2], [2, 3]])
        let numbers = try self.truth(labelText([[TestLabel(id: "9223372036854775807"), TestLabel(id: "0")]]))
        #expect(numbers.frames.map { $0.map(\.identity) } == [[.max, 0]])
    }

    /// Frames that are not labelled are not scored, and their numbers are known.
    @Test func keepsTheNumbersOfFrames() throws {
        let text = labelText([[Self.car], [], [Self.car]]).replacing(
            "\"frameIndex\": 2", with: "\"frameIndex\": 999999998")
        let truth = try truth(text)
        #expect(truth.numbers == [1, 2, 999_999_999] && truth.number(at: 2) == 999_999_999)
    }

    @Test(arguments: [
        ("\"category\": \"car\"", "\"category\": \"Car\"", "found the category “Car”, expected one of pedestrian"),
        ("\"frameIndex\": 0", "\"frameIndex\": 1", "found frameIndex 1 for the second time"),
        ("\"id\": \"1\", ", "", "found a label without `id`"),
        ("\"x1\": 100.0", "\"x1\": NaN", "found a corner at nan"),
        ("\"x1\": 100.0", "\"x1\": 1e300", "expected numbers within ±1e9 pixels"),
        ("\"name\": \"v-1.jpg\", \"frameIndex\": 0", "\"name\": \"v.jpg\"", "found a frame without `frameIndex`"),
        ("\"v\", ", "\"v\" ", "expected `,` or `}`"),
    ])
    func refuses(_ part: String, _ replacement: String, _ message: String) throws {
        let text = labelText([[Self.car], [Self.car]])
        let error = #expect(throws: EvaluationError.self) {
            try truth(text.replacing(part, with: replacement, maxReplacements: 1))
        }
        #expect(error?.description.contains(message) == true, "\(error.map(\.description) ?? "")")
        #expect(error?.category == .badData)
    }

    /// Degenerate boxes are kept: the kits count them, with an overlap of 0.
    @Test(arguments: [ScoringProfile.trackeval, .scalabel])
    func boxesWithoutArea(_ profile: ScoringProfile) throws {
        let flat = TestLabel(id: "2", x: 5, y: 5, width: -7, height: 0)
        let text = labelText([[Self.car, flat]])
        let table = try scoreTexts(truth: text, result: text, profile: profile)
        #expect(table.figure("car", profile == .scalabel ? "FP" : "CLR_FP") == 1)
        #expect(table.figure("car", profile == .scalabel ? "FN" : "CLR_FN") == 1)
    }

    // MARK: Results

    private func result(
        _ text: String, named name: String = "r.json", profile: ScoringProfile, truth labels: String? = nil
    ) throws -> TrackResult {
        let folder = try LabelFolder()
        let path = try folder.write("gt.json", labels ?? labelText([[Self.car], [Self.car]]))
        let dataset = try Dataset.open(.bdd100k, root: path, options: DatasetOptions(profile: profile))
        let sequence = try #require(dataset.sequences.first)
        return try dataset.result(
            of: sequence, contentsOf: folder.write(name, text), truth: dataset.truth(of: sequence))
    }

    /// Both kits want the frames of the labels, no fewer and no more.
    @Test(arguments: [ScoringProfile.trackeval, .scalabel])
    func framesMustMatch(_ profile: ScoringProfile) throws {
        for frames in [[[Self.car]], [[Self.car], [], []]] {
            let error = #expect(throws: EvaluationError.self) {
                try result(labelText(frames), profile: profile)
            }
            #expect(error?.description.contains("expected the 2 frames of the labels") == true)
            #expect(
                error?.description.contains(frames.count == 1 ? "1 frames, without frameIndex 1" : "with frameIndex 2")
                    == true)
            #expect(error?.category == .badData)
        }
    }

    /// TrackEval pairs frames in their order whatever they are called; the server wants the same indices.
    @Test func frameNumbersOfResults() throws {
        let text = labelText([[Self.car], [Self.car]]).replacing("\"frameIndex\": 1", with: "\"frameIndex\": 5")
        let kit = try result(text, profile: .trackeval)
        #expect(kit.frames.map(\.count) == [1, 1] && kit.notes.count == 1)
        let error = #expect(throws: EvaluationError.self) { try result(text, profile: .scalabel) }
        #expect(error?.description.contains("found frameIndex 5, expected 1, as in the labels") == true)
    }

    /// A video that a file does not hold is empty for the server and an error for TrackEval.
    @Test func videosThatAreNotThere() throws {
        let other = labelText([[Self.car]], video: "w")
        let server = try result(other, profile: .scalabel)
        #expect(server.frames == [[], []] && server.notes.count == 1)
        let error = #expect(throws: EvaluationError.self) { try result(other, profile: .trackeval) }
        #expect(error?.description.contains("no results for 1 of the sequences: v") == true)
        // A file that is named after the video belongs to it, whatever its frames say.
        let named = try result(labelText([[Self.car], []], video: "w"), named: "v.json", profile: .trackeval)
        #expect(named.frames.map(\.count) == [1, 0])
    }

    /// The score is the confidence.
    @Test func readsScores() throws {
        let text = labelText([[Self.car], [Self.car]]).replacing(
            "\"category\": \"car\"", with: "\"score\": 0.25, \"category\": \"car\"", maxReplacements: 1)
        let result = try result(text, profile: .trackeval)
        #expect(result.frames.map { $0.map(\.confidence) } == [[0.25], [1]])
    }
}
