import Geometry
import Testing

@testable import Formats

/// Scalabel JSON in the shapes in which BDD100K and its tools write it.
@Suite struct ScalabelTests {
    private static let box = #""box2d":{"x1":10,"y1":20.5,"x2":40,"y2":60}"#

    /// Texts that all say one car with identity 7 at (10, 20.5), 30 by 39.5, in frame 3.
    @Test(arguments: [
        // A list.
        #"[{"videoName":"v","frameIndex":2,"labels":[{"id":"7","category":"car",\#(box)}]}]"#,
        // An object with frames, before and behind other keys.
        #"{"frames":[{"frameIndex":2,"labels":[{"id":"7","category":"car",\#(box)}]}],"groups":null}"#,
        #"{"config":{"a":[1]},"frames":[{"frameIndex":2,"labels":[{"id":"7","category":"car",\#(box)}]}]}"#,
        // The same with line ends and blanks.
        #"{\#n  "frames": [\#n    {\#n "frameIndex": 2, "labels": [ {"id":"7", "category":"car",\#n\#(box)} ] } ] }\#n"#,
        // Old names: index, attributes with capitals; an identity that is a number.
        #"[{"index":2,"labels":[{"id":7,"category":"car","attributes":{"Crowd":false,"Occluded":true},\#(box)}]}]"#,
        // An alias; null for what is absent; masks and polygons beside the box.
        #"[{"frameIndex":2,"labels":[{"id":"7","category":"caravan","attributes":null,"score":null,"#
            + #""poly2d":[{"vertices":[[0,1],[2,3]],"types":"LL"}],"rle":{"counts":"m:d1\\","size":[720,1280]},\#(box)}]}]"#,
        // Left out: crowds of old and new, ignored ones, other categories, labels without a box.
        #"[{"frameIndex":2,"labels":[{"id":"1","category":"car","attributes":{"crowd":true},\#(box)},"#
            + #"{"id":"2","category":"car","attributes":{"Crowd":true},\#(box)},"#
            + #"{"id":"3","category":"car","attributes":{"ignored":true},\#(box)},"#
            + #"{"id":"4","category":"other person",\#(box)},{"id":"5","category":"car","box2d":null},"#
            + #"{"id":"6","category":"car","box3d":{}},{"id":"7","category":"car",\#(box)}]}]"#,
    ])
    func sayTheSame(_ text: String) throws {
        for live in [false, true] {
            let reader = try BoxReader(bytes: Array(text.utf8), live: live, step: 7)
            let frames = try rest(of: reader)
            #expect(reader.format == .scalabel)
            try #require(frames.count == 1 && frames[0].boxes.count == 1)
            #expect(frames[0].frame.rawValue == 3)
            let record = frames[0].boxes[0]
            #expect(record.box == Box(x: 10, y: 20.5, width: 30, height: 39.5))
            #expect(record.classID == 3 && record.identity == 7 && record.confidence == 1)
            #expect(record.row == reader.summary.rows)
        }
    }

    @Test(arguments: [
        ("pedestrian", 1 as Int?), ("rider", 2), ("car", 3), ("truck", 4), ("bus", 5), ("train", 6), ("motorcycle", 7),
        ("bicycle", 8), ("person", 1), ("motor", 7), ("bike", 8), ("caravan", 3), ("van", 3), ("other vehicle", nil),
        ("trailer", nil), ("", nil), ("Car", nil),
    ])
    func numbersTheCategories(_ name: String, _ classID: Int?) {
        #expect(ScalabelCategory.classID(of: name) == classID)
    }

    private static let identityCases: [([String], [Int64?])] = [
        // Numbers keep their value, …
        ([#""88""#, #""0""#, "5"], [88, 0, 5]),
        // … unless one of them is none, could clash, or is too large: then they count in order of appearance.
        ([#""88""#, #""a-00122105""#, #""88""#, #""b""#], [1, 2, 1, 3]),
        ([#""007""#, #""7""#], [1, 2]),
        ([#""7""#, #""-1""#], [1, 2]),
        ([#""9223372036854775807""#], [.max]),
        ([#""9223372036854775808""#, "3"], [1, 2]),
        (["1.5", "1"], [1, 2]),
        // 7 and "7" are the same.
        (["7", #""7""#, "7.0"], [7, 7, 7]),
        // No identity.
        (["null", #""3""#], [nil, 3]),
    ]

    @Test(arguments: identityCases)
    func mapsIdentities(_ identities: [String], _ expected: [Int64?]) throws {
        let parts = identities.enumerated().map { index, identity in
            #"{"frameIndex":\#(index),"labels":[{"id":\#(identity),"category":"car",\#(Self.box)}]}"#
        }
        let read = try frames("[\(parts.joined(separator: ","))]")
        #expect(read.map { $0.boxes[0].identity } == expected)
    }

    /// Labels that are left out count for the order of identities, so that the choice of classes renumbers nothing.
    @Test func theChoiceOfClassesRenumbersNothing() throws {
        let text = """
            [{"frameIndex":0,"labels":[{"id":"a","category":"bus",\(Self.box)},{"id":"b","category":"car",\(Self.box)}]}]
            """
        #expect(try frames(text, BoxOptions(classes: [3]))[0].boxes.map(\.identity) == [2])
    }

    @Test func chooseOneOfSeveralVideos() throws {
        let text = """
            [{"videoName":"a","frameIndex":0,"labels":[{"id":"1","category":"car",\(Self.box)}]},
            {"videoName":"b","frameIndex":0,"labels":null},
            {"videoName":"b","frameIndex":1}]
            """
        let error = try #require(failure(text))
        #expect(error == .severalVideos(source: "boxes", names: ["a", "b"]) && error.category == .badData)
        #expect(try frames(text, BoxOptions(videoName: "a")).map(\.boxes.count) == [1])
        #expect(try frames(text, BoxOptions(videoName: "b")).map(\.boxes.count) == [0, 0])
        #expect(failure(text, BoxOptions(videoName: "c")) == .videoNotFound(source: "boxes", name: "c"))
    }

    @Test(arguments: [
        (#"[{"labels":[]}]"#, "boxes:1: found a frame without `frameIndex`"),
        (#"[\#n{"frameIndex":-1}]"#, "boxes:2: found a frame index out of range"),
        (#"[{"frameIndex":1,"index":2}]"#, "two different frame indices"),
        (#"[{"frameIndex":1.5}]"#, "a frame index out of range"),
        (#"[{"frameIndex":"1"}]"#, "expected a frame index"),
        (
            #"[\#n\#n{"frameIndex":1,"labels":[{"box2d":{"x1":1,"y1":1,"x2":2}}]}]"#,
            "boxes:3: found a `box2d` without all"
        ),
        (#"[{"frameIndex":1,"labels":{}}]"#, "expected a list of labels"),
        ("[1]", "expected a frame object"),
        (#"[{"frameIndex":1}"#, "the end of the text"),
        (#"[{"frameIndex":1}] ["#, "expected the end of the value"),
        (#"{"frames":[],"frames":[]}"#, "a second `frames`"),
        (#"{"groups":[]}"#, "an object without `frames`"),
        (#"[{"frameIndex":1,"labels":[{"attributes":{"crowd":1}}]}]"#, "expected true or false"),
        (#"[{"frameIndex":1,"labels":[{"id":[]}]}]"#, "expected an id"),
        (#"[{"frameIndex":1,"labels":[{"box2d":{"x1":"1"}}]}]"#, "expected `box2d`"),
        (String(repeating: "[", count: 100_000), "expected a frame object"),
        (#"[{"frameIndex":1,"x":"# + String(repeating: "[", count: 100_000), "nested deeper than 512"),
        (
            #"[{"frameIndex":1,"labels":["# + String(repeating: "{},", count: 270_000),
            "more than 262144 labels in a frame"
        ),
        // The same identity twice, with the line of the second.
        (
            #"[{"frameIndex":1,"labels":[{"id":"a","category":"car",\#(box)},\#n{"id":"a","category":"car",\#(box)}]}]"#,
            "boxes:2: id 1 occurs twice in frame 2"
        ),
    ])
    func refuses(_ text: String, _ message: String) throws {
        let error = try #require(failure(text))
        #expect(error.description.contains(message), "\(error)")
        #expect(error.category == .badData)
    }

    @Test(arguments: [
        ("NaN", BoxFault.notFinite), ("null", .notFinite), ("1e999", .notFinite), ("1e300", .outOfRange),
        ("10", .zeroArea),
        ("5", .negativeSize),
    ])
    func dropsUnusableBoxes(_ x2: String, _ fault: BoxFault) throws {
        let bad = #"{"id":1,"category":"car","box2d":{"x1":10,"y1":1,"x2":\#(x2),"y2":9}}"#
        let text = #"[{"frameIndex":0,"labels":[\#n\#(bad),{"id":2,"category":"car",\#(Self.box)}]}]"#
        let reader = try BoxReader(bytes: Array(text.utf8), name: "boxes")
        #expect(try reader.next()?.boxes.map(\.row) == [2])
        #expect(reader.summary.unusable == [fault: 1] && reader.summary.rows == 2)
        #expect(failure(text, BoxOptions(strict: true)) == .unusableBox(SourcePlace(source: "boxes", line: 2), fault))
    }
}
