import Evaluation
import Foundation
import Geometry
import Testing

/// Folders of videos or pictures with boxes beside them.
@Suite struct PlainFolderTests {
    let folder: DatasetFolder

    init() throws { folder = try DatasetFolder() }

    @Test func videosPicturesAndBoxesAlone() throws {
        try folder.write("v", to: "a.mp4")
        try folder.write("1,1,1,1,5,5\n3,1,1,1,5,5,1,-1,-1,-1\n", to: "a.txt")
        try folder.write("p", to: "b/img1/000001.jpg")
        try folder.write("p", to: "b/img1/000002.jpg")
        try folder.write("1,1,1,1,5,5,1,4,1\n1,2,1,1,5,5,0,1,1\n", to: "b/gt/gt.txt")
        try folder.write("p", to: "c/1.png")
        try folder.write("1,1,1,1,5,5,1\n", to: "c.gt.txt")
        try folder.write("1,1,1,1,5,5,1\n", to: "d.gt.txt")
        try folder.write("v", to: "e.mov")
        try folder.write("notes", to: "readme.md")
        let dataset = try Dataset.open(.folder, root: folder.path)
        #expect(dataset.sequences.map(\.name) == ["a", "b", "c", "d"])
        #expect(dataset.skipped.map(\.name) == ["e"])
        #expect(
            dataset.sequences.map { $0.pictures.map { String($0.dropFirst(folder.path.count + 1)) } }
                == ["a.mp4", "b/img1", "c", nil])
        #expect(dataset.sequences.map(\.length) == [nil, 2, 1, nil])
        let first = try dataset.truth(of: dataset.sequences[0])
        #expect(first.frames.map(\.count) == [1, 0, 1])
        // Boxes behind the last labelled frame are not judged, because nothing says that the video goes on.
        let path = try folder.write("1,4,1,1,5,5,1\n7,4,1,1,5,5,1\n", to: "r.txt")
        let result = try dataset.result(of: dataset.sequences[0], contentsOf: path, truth: first)
        #expect(result.frames.map(\.count) == [1, 0, 0])
        // The rules of MOT15: what is considered counts, whatever its class.
        let second = try dataset.truth(of: dataset.sequences[1])
        let sequences = try dataset.metricSequences(
            truth: second, result: TrackResult(frames: [[], []]), sequence: "b")
        #expect(sequences[0].sequence.truthBoxes == 1)
        let needy = try Dataset.open(.folder, root: folder.path, options: DatasetOptions(needsPictures: true))
        #expect(needy.sequences.map(\.name) == ["a", "b", "c"])
    }

    @Test func anotherFolderSaysWhatIsExpected() throws {
        try folder.write("x", to: "a.doc")
        let wrong = message { _ = try Dataset.open(.folder, root: folder.path) }
        #expect(wrong?.text.contains("ROOT/NAME.mp4 and ROOT/NAME.gt.txt") == true)
        #expect(wrong?.text.contains("a.doc") == true)
        #expect(wrong?.category == 66)
    }
}
