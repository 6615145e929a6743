import Geometry
import Testing

@testable import Formats

/// Scalabel files read frame by frame, video by video, and written.
@Suite struct ScalabelFileTests {
    /// Every frame of a document that comes `step` bytes at a time.
    private static func stream(_ text: String, step: Int, withLabels: Bool = true) throws(FormatError)
        -> [ScalabelFrame]
    {
        let input = ByteInput(bytes: Array(text.utf8), name: "labels", live: true, step: step)
        var frames = ScalabelFrames(LineReader(input), source: "labels")
        var all: [ScalabelFrame] = []
        while let frame = try frames.next(withLabels: withLabels) { all.append(frame) }
        return all
    }

    private static let everything = #"""
        {"config": {"a": "]}\"{[", "b": [1, {"c": null}]}, "frames": [
         {"name": "v/v-0000003.jpg", "videoName": "v", "timestamp": 10000, "frameIndex": 2,
          "attributes": {"weather": "rainy \"}", "scene": null, "timeofday": "night", "speed": 3},
          "labels": [{"id": 7, "category": "car", "attributes": {"Occluded": true, "truncated": false, "Crowd": true},
                      "box2d": {"x1": 1, "y1": 2, "x2": 3.5, "y2": 4}},
                     {"id": "b", "category": "bus", "score": 0.25, "attributes": {"ignored": true, "occluded": 2}}]},
         {"name": "w-12.png", "labels": null} ,
         {"name": 5, "video_name": "x", "frame_index": 0}
        ], "groups": [[[]]]}
        """#

    /// Bytes that come one, seven or all at a time give the same frames.
    @Test(arguments: [1, 7, 64, .max])
    func readsAllFields(_ step: Int) throws {
        let frames = try Self.stream(Self.everything, step: step)
        try #require(frames.count == 3 && frames[0].labels.count == 2)
        #expect(frames[0].name == "v/v-0000003.jpg" && frames[0].video == "v" && frames[0].number == 3)
        #expect(frames[0].timestamp == 10000 && frames[0].attributes == ["weather": "rainy \"}", "timeofday": "night"])
        #expect(frames[0].numberInName == 3 && frames[0].videoInName == "v" && frames[0].line == 2)
        let (first, second) = (frames[0].labels[0], frames[0].labels[1])
        #expect(first.identity == "7" && first.category == "car" && first.isCrowd && !first.isIgnored)
        #expect(first.isOccluded == true && first.isTruncated == false && first.score == nil && first.line == 4)
        #expect(first.corners == ScalabelLabel.Corners(x1: 1, y1: 2, x2: 3.5, y2: 4))
        #expect(second.identity == "b" && second.score == 0.25 && second.isIgnored && !second.isCrowd)
        // A level in numbers is no truth value.
        #expect(second.isOccluded == nil && second.corners == nil)
        #expect(frames[1].number == nil && frames[1].numberInName == 12 && frames[1].videoInName == "w")
        #expect(frames[2].name == nil && frames[2].video == "x" && frames[2].number == 1)
        #expect(try Self.stream(Self.everything, step: step, withLabels: false).allSatisfy(\.labels.isEmpty))
    }

    @Test(arguments: [
        ("a-0000001.jpg", 1 as Int32?, "a" as String?), ("x/b1-22.png", 22, "b1"), ("b-1-2", 2, "b-1"),
        ("a-0.jpg", nil, "a"), ("a-99999999999.jpg", nil, "a"), ("a-.jpg", nil, nil), ("-5.jpg", nil, nil),
        ("a1.jpg", nil, nil), ("a-+1.jpg", nil, nil), ("", nil, nil), ("a-1/", nil, nil),
    ])
    func numbersInNames(_ name: String, _ number: Int32?, _ video: String?) {
        var frame = ScalabelFrame()
        frame.name = name
        #expect(frame.numberInName == number && frame.videoInName == video)
    }

    /// What is broken is refused wherever the input is cut, and with labels as without.
    @Test(arguments: [
        "", "x", "[", "[{]", "[{}", "[{},]", "[{} {}]", "[{}]]", "[{}] x", "{", "{\"frames\":[]", "{\"frames\":[]]",
        "{\"frames\":[],}", "{\"frames\":[]} 1", "{\"frames\":[] \"a\":1}", "{\"a\":1}", "{\"a\" 1,\"frames\":[]}",
        "{\"a\":1x,\"frames\":[]}", "{\"a\":[}],\"frames\":[]}", "{\"a\":\"\\", "[{\"name\":\"\\", "[\"\"]", "[1]",
        "{1:2}", "{\"frames\":[],\"frames\":[]}", "{\"frames\":{}}", "[{\"labels\":[1,]}]",
        "[{\"labels\":[],\"labels\":[]}]",
        "\u{0}", "[\u{0}]", "[{\"a\":nul}]", "[{\"labels\":[\"}]}]",
    ])
    func refusesWhatIsBroken(_ text: String) {
        for step in [1, 3, Int.max] {
            for withLabels in [true, false] {
                do throws(FormatError) {
                    let frames = try Self.stream(text, step: step, withLabels: withLabels)
                    Issue.record("\(text) with step \(step) gave \(frames.count) frames")
                } catch {
                    #expect(error.category == .badData, "\(error)")
                }
            }
        }
    }

    /// A value that never ends stops at the limit instead of filling the memory.
    @Test func boundsOneValue() {
        let text = "[{\"name\":\"" + String(repeating: "a", count: DocumentWindow.maximumValue + 100_000)
        let error = #expect(throws: FormatError.self) { _ = try Self.stream(text, step: .max) }
        #expect(error?.description.contains("a value of more than 64 MiB") == true)
    }

    // MARK: The videos of a file

    private static let mixed = """
        [{"videoName":"b","frameIndex":0,"attributes":{"weather":"clear"},"labels":[{"id":1}]},
        {"videoName":"b","frameIndex":1},
        {"name":"a-0000002.jpg","attributes":{"timeofday":"night"},"labels":[{"id":2},{"id":3}]},
        {"videoName":"b","frameIndex":2,"attributes":{"weather":"rainy"},"labels":[
        {"id":4}]},{"videoName":"a","frameIndex":0,"labels":[{"id":5}]}, {"frameIndex":9,"labels":[{"id":6}]}]
        """

    /// Frames of a video are found wherever they stand, from a file as the whole document gives them.
    @Test(arguments: ["", "\u{FEFF}"])
    func findsTheVideosOfAFile(_ mark: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("all.json", mark + Self.mixed)
        let index = try ScalabelIndex(contentsOf: path)
        #expect(index.videos.map(\.name) == ["b", "a", nil])
        #expect(index.videos.map(\.frames) == [3, 2, 1])
        #expect(index.videos.map(\.runs.count) == [2, 2, 1])
        #expect(index.videos.map(\.attributes) == [["weather": "clear"], ["timeofday": "night"], [:]])
        var found: [String] = []
        for video in index.videos {
            try index.read(video) { (frame) throws(FormatError) in
                found.append("\(video.name ?? "-") \(frame.labels.map { $0.identity ?? "-" }) \(frame.line)")
            }
        }
        #expect(
            found == [
                "b [\"1\"] 1", "b [] 2", "b [\"4\"] 4", "a [\"2\", \"3\"] 3", "a [\"5\"] 5", "- [\"6\"] 5",
            ])
        #expect(index["a"]?.frames == 2 && index["c"] == nil)
    }

    /// Lines of messages are those of the whole file.
    @Test func namesTheLineOfTheWholeFile() throws {
        let folder = try TemporaryFolder()
        let text = #"[{"videoName":"a","frameIndex":0},\#n{"videoName":"b","labels":[\#n{"box2d":{"x1":1}}]}]"#
        let index = try ScalabelIndex(contentsOf: folder.file("all.json", text))
        let video = try #require(index["b"])
        let error = #expect(throws: FormatError.self) { try index.read(video) { _ in } }
        #expect(error?.description.contains("all.json:3: found a `box2d` without all") == true)
    }

    @Test func refusesWhatIsNoFile() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FormatError.notFound(path: folder.path + "/none")) {
            _ = try ScalabelIndex(contentsOf: folder.path + "/none")
        }
        #expect(throws: FormatError.isDirectory(path: folder.path)) { _ = try ScalabelIndex(contentsOf: folder.path) }
        let fifo = try folder.fifo("pipe")
        let error = #expect(throws: FormatError.self) { _ = try ScalabelIndex(contentsOf: fifo) }
        #expect(error?.description.contains("expected a regular file") == true)
    }

    // MARK: Writing

    private static func row(_ frame: Int, _ track: Int, _ classID: Int, _ x: Double) -> TrackRow {
        let box = Box(x: x, y: 20.5, width: 30, height: 40)
        return TrackRow(
            frame: FrameIndex(rawValue: frame), track: track,
            record: BoxRecord(box: box, confidence: 0.75, classID: classID, identity: nil, row: 1), similarity: nil,
            state: "tracked")
    }

    /// Every frame is written, those without boxes included; ids in order; distractors under their own names.
    @Test func writesAVideo() throws {
        let frames = (1...3).map { FrameIndex(rawValue: $0) }
        let rows = [Self.row(3, 2, 10, 5), Self.row(1, 2, 3, 0.1), Self.row(1, 1, 8, 10), Self.row(1, 5, 77, 10)]
        let text = ScalabelWriter.text(video: "v\"1", frames: frames, rows: rows)
        #expect(
            text == #"""
                [
                {"videoName":"v\"1","name":"v\"1-0000001.jpg","frameIndex":0,"index":0,"labels":[{"id":"1","category":"bicycle","score":0.75,"box2d":{"x1":10,"y1":20.5,"x2":40,"y2":60.5}},{"id":"2","category":"car","score":0.75,"box2d":{"x1":0.1,"y1":20.5,"x2":30.1,"y2":60.5}}]},
                {"videoName":"v\"1","name":"v\"1-0000002.jpg","frameIndex":1,"index":1,"labels":[]},
                {"videoName":"v\"1","name":"v\"1-0000003.jpg","frameIndex":2,"index":2,"labels":[{"id":"2","category":"other vehicle","score":0.75,"box2d":{"x1":5,"y1":20.5,"x2":35,"y2":60.5}}]}
                ]

                """#)
        // It reads back, by either name of the index.
        let read = try Self.stream(text, step: 100)
        #expect(read.map(\.number) == [1, 2, 3] && read.map(\.numberInName) == [1, 2, 3])
        #expect(read.allSatisfy { $0.video == "v\"1" })
        let boxes = try BoxReader(bytes: Array(text.utf8))
        #expect(try boxes.next()?.boxes.map(\.identity) == [1, 2])
    }

    /// No frames, and frames that only rows name.
    @Test func writesWhatRowsName() {
        #expect(ScalabelWriter.text(video: "v", frames: [], rows: []) == "[\n\n]\n")
        let text = ScalabelWriter.text(video: "v", frames: [], rows: [Self.row(12_345_678, 1, 1, 0)])
        #expect(text.contains("v-12345678.jpg") && text.contains("\"frameIndex\":12345677,"))
    }

    @Test(arguments: [
        (1, "pedestrian" as String?), (8, "bicycle"), (9, "other person"), (11, "trailer"), (12, nil), (0, nil),
    ])
    func namesCategories(_ classID: Int, _ name: String?) {
        #expect(ScalabelCategory.name(of: classID) == name)
        if let name {
            #expect((ScalabelCategory.classID(of: name) ?? ScalabelCategory.distractorID(of: name)) == classID)
        }
    }
}
