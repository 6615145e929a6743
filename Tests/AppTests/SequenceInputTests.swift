import Foundation
import Testing

@testable import App

@Suite struct SequenceInputTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        for path in ["mot/A/gt", "mot/B/gt", "mot/.hidden/gt", "mot/empty", "bdd/images/track/val/clip", "other/B/gt"] {
            try FileManager.default.createDirectory(
                at: folder.url.appending(path: path), withIntermediateDirectories: true)
        }
        for path in ["mot/A/gt/gt.txt", "mot/B/gt/gt.txt", "mot/.hidden/gt/gt.txt", "other/B/gt/gt.txt"] {
            _ = try folder.write("", to: path)
        }
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "bdd/labels/box_track_20/val"), withIntermediateDirectories: true)
        _ = try folder.write("[]", to: "bdd/labels/box_track_20/val/clip.json")
    }

    @Test func sequencesAreFound() throws {
        let all = try SequenceInput.resolve(
            sources: [folder.path("mot"), folder.path("bdd/images/track/val"), folder.path("other/B")], boxes: [])
        // By name in a folder; names that come twice are told apart.
        #expect(all.map(\.name) == ["A", "B", "clip", "B (2)"])
        #expect(all[2].boxes.hasSuffix("bdd/labels/box_track_20/val/clip.json"))
        #expect(SequenceInput.leftOut(sources: [folder.path("mot")], boxes: []) == [folder.path("mot/empty")])
        let one = try SequenceInput.resolve(sources: [folder.path("mot/A")], boxes: [])
        #expect(one == [all[0]])
    }

    @Test func namedBoxesWin() throws {
        let found = try SequenceInput.resolve(sources: [folder.path("mot/A"), "-"], boxes: ["x.txt", "y.txt"])
        #expect(found.map(\.boxes) == ["x.txt", "y.txt"])
        #expect(found.map(\.name) == ["A", "standard input"])
    }

    @Test(arguments: ["mot/empty", "nowhere", "mot/A/gt/gt.txt"])
    func whatHasNoBoxesIsRefused(_ name: String) {
        #expect(throws: AppError.self) {
            _ = try SequenceInput.resolve(sources: [folder.path(name)], boxes: [])
        }
    }
}
