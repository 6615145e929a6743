import Geometry
import Testing

@testable import Formats

/// JSON Lines as docs/formats.md defines them.
@Suite struct JSONLinesTests {
    @Test func readsAFrameObject() throws {
        let text =
            #"{"frame": 1, "boxes": [{"box": [1.5, 2, 3, 4], "confidence": 0.9, "class": 2, "id": 7}]}\#n"#
        let reader = try BoxReader(bytes: Array(text.utf8))
        let expected = BoxRecord(
            box: Box(x: 1.5, y: 2, width: 3, height: 4), confidence: 0.9, classID: 2, identity: 7, row: 1)
        #expect(reader.format == .jsonLines)
        #expect(try rest(of: reader) == [FrameBoxes(frame: FrameIndex(1), boxes: [expected])])
    }

    /// Texts that all say the same two boxes of frame 2 and none of frame 3.
    @Test(arguments: [
        // Frame objects, in either order.
        #"{"frame":2,"boxes":[{"box":[1,2,3,4]},{"box":[5,6,7,8]}]}\#n{"frame":3,"boxes":[]}"#,
        #"{"frame":3,"boxes":[]}\#n{"frame":2,"boxes":[{"box":[1,2,3,4]},{"box":[5,6,7,8]}]}"#,
        // The frame behind the boxes, blank lines, a byte order mark, line ends of Windows.
        #"\#u{FEFF}\#r\#n{"boxes":[{"box":[1,2,3,4]},{"box":[5,6,7,8]}],"frame":2.0}\#r\#n\#r\#n{"boxes":null,"frame":3}"#,
        // One box a line.
        #"{"frame":2,"box":[1,2,3,4]}\#n{"frame":2,"box":[5,6,7,8]}\#n{"frame":3,"boxes":[]}"#,
        // One box, then a frame object that has the rest.
        #"{"frame":2,"box":[1,2,3,4]}\#n{"frame":2,"boxes":[{"box":[5,6,7,8]}]}\#n{"frame":3,"boxes":[]}"#,
        // vtrack's own key, unknown keys, nulls for what is absent.
        #"{"frame":2,"x":{"y":[1]},"tracks":[{"id":null,"box":[1,2,3,4],"state":"born","similarity":null},"#
            + #"{"box":[5,6,7,8],"confidence":null,"class":null}]}\#n{"frame":3,"tracks":[]}"#,
        // Times at 10 frames a second; frame wins over time.
        #"{"timestamp":0.1,"boxes":[{"box":[1,2,3,4]},{"box":[5,6,7,8]}]}\#n{"timestamp":9,"boxes":[],"frame":3}"#,
        #"{"timestamp":0.14,"box":[1,2,3,4]}\#n{"timestamp":0.06,"box":[5,6,7,8]}\#n{"timestamp":0.2,"boxes":[]}"#,
    ])
    func sayTheSame(_ text: String) throws {
        let frames = try frames(text, BoxOptions(frameRate: 10))
        #expect(frames.map(\.frame.rawValue) == [2, 3])
        #expect(frames.map { $0.boxes.map(\.box.x) } == [[1, 5], []])
        #expect(frames[0].boxes.allSatisfy { $0.confidence == 1 && $0.classID == 1 && $0.identity == nil })
        #expect(frames[0].boxes.map(\.row) == [1, 2])
    }

    @Test(arguments: [
        (#"{"boxes":[]}"#, "an object without `frame` or `timestamp`"),
        (#"{"frame":1}"#, "an object without `box`"),
        (#"{"frame":0,"boxes":[]}"#, "found frame 0, expected a frame number from 1"),
        (#"{"frame":1.5,"boxes":[]}"#, "frame 1.5"),
        (#"{"frame":1e99,"boxes":[]}"#, "expected a frame number"),
        (#"{"frame":"1","boxes":[]}"#, #"“"1","boxes":[]}”"#),
        (#"{"frame":1,"frame":2,"boxes":[]}"#, "a second `frame`"),
        (#"{"frame":1,"boxes":[],"tracks":[]}"#, "a second `boxes` or `tracks`"),
        (#"{"frame":1,"boxes":[],"box":[1,2,3,4]}"#, "`box` beside a list"),
        (#"{"frame":1,"boxes":[{}]}"#, "an object without `box`"),
        (#"{"frame":1,"boxes":{}}"#, "expected a list of boxes"),
        (#"{"frame":1,"boxes":[[1,2,3,4]]}"#, "expected an object with `box`"),
        (#"{"frame":1,"box":[1,2,3]}"#, "a `box` of 3 numbers"),
        (#"{"frame":1,"box":[1,2,3,4,5]}"#, "a `box` of more than 4 numbers"),
        (#"{"frame":1,"box":[1,2,3,4],"box":[1,2,3,4]}"#, "a second `box`"),
        (#"{"frame":1,"box":[1,2,3,"4"]}"#, "expected a list of four numbers"),
        (#"{"frame":1,"box":[1,2,3,4],"class":"car"}"#, "expected a class number"),
        (#"{"frame":1,"box":[1,2,3,4],"class":1e10}"#, "a class that is no whole number of 32 bits"),
        (#"{"frame":1,"box":[1,2,3,4],"id":9223372036854775808}"#, "an id that is no whole number of 64 bits"),
        (#"{"frame":1,"box":[1,2,3,4],"id":"a"}"#, "expected a whole number"),
        (#"{"frame":1,"box":[1,2,3,4]"#, "the end of the text"),
        (#"{"frame":1,"box":[1,2,3,4]} x"#, "expected the end of the value"),
        (#"{"timestamp":-1,"boxes":[]}"#, "the time -1 s at 10 frames/s"),
        (#"{"timestamp":1e300,"boxes":[]}"#, "s at 10 frames/s"),
        (#"{"timestamp":NaN,"boxes":[]}"#, "the time nan s"),
        ("[1]", "expected a JSON object"),
        ("1,-1,1,2,3,4", "expected a JSON object"),
        (#"{"frame":1,"boxes":[]\#0}"#, "a NUL byte"),
    ])
    func refuses(_ line: String, _ message: String) throws {
        for live in [false, true] {
            let error = try #require(
                failure(#"{"frame":1,"boxes":[]}\#n"# + line + "\n", BoxOptions(frameRate: 10), live: live))
            #expect(error.description.hasPrefix("boxes:2: "))
            #expect(error.description.contains(message), "\(error)")
            #expect(error.category == .badData)
        }
    }

    @Test func aTimeNeedsARate() throws {
        let text = Array(#"{"frame":5,"boxes":[]}\#n{"timestamp":0.2,"box":[1,2,3,4]}"#.utf8)
        for live in [false, true] {
            // A file waits for the rate …
            let reader = try BoxReader(bytes: text, name: "boxes", live: live)
            reader.setFrameRate(.nan)
            reader.setFrameRate(25)
            #expect(try rest(of: reader).map(\.frame.rawValue) == (live ? [5, 6] : [5, 6]))
            // … and says what it needs when nobody gives one.
            let error = try #require(failure(text, live: live))
            #expect(error == .frameRateMissing(SourcePlace(source: "boxes", line: 2)))
            #expect(error.category == .usage)
        }
    }

    @Test func identitiesOccurOnceInAFrame() {
        let text = #"{"frame":1,"boxes":[{"id":3,"box":[1,2,3,4]},{"id":3,"box":[5,2,3,4]}]}"#
        let expected = FormatError.duplicateIdentity(SourcePlace(source: "boxes", line: 1), frame: 1, identity: 3)
        #expect(failure(text) == expected && failure(text, live: true) == expected)
    }

    @Test func filtersByClassAndConfidence() throws {
        let text = """
            {"frame":1,"boxes":[{"box":[1,2,3,4],"class":3},{"box":[2,2,3,4],"confidence":0.2},{"box":[3,2,3,4]}]}
            """
        let options = BoxOptions(classes: [1], minimumConfidence: 0.5)
        for live in [false, true] {
            let reader = try BoxReader(bytes: Array(text.utf8), live: live, options: options)
            #expect(try rest(of: reader).map { $0.boxes.map(\.row) } == [[3]])
            #expect(
                reader.summary.sentences == ["left out 2 of 3 boxes: 1 of class 3, 1 below the least confidence"])
        }
    }
}
