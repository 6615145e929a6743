import Foundation
import Testing

/// `vtrack eval bdd100k` on pictures and on videos that have more frames than the labels.
@Suite(.enabled(if: TestFiles.hasFFmpeg, "ffmpeg is not here")) struct EvalBDD100KTests {
    private let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder()
        try TinyCheckpoint.write(to: scratch.path("a.safetensors"))
    }

    /// Labels of a moving car at some indices, as published.
    private func writeLabels(_ indices: [Int]) throws {
        let frames = indices.map { index in
            #"{"videoName": "v-1", "name": "v-1-\#(index + 1).jpg", "frameIndex": \#(index), "labels": ["#
                + #"{"id": "7", "category": "car", "attributes": {"crowd": false}, "box2d": {"x1": \#(10 + 6 * index), "#
                + #""y1": 20, "x2": \#(50 + 6 * index), "y2": 60}}, {"id": "8", "category": "bus", "#
                + #""attributes": {"crowd": true}, "box2d": {"x1": 60, "y1": 60, "x2": 120, "y2": 90}}]}"#
        }
        try FileManager.default.createDirectory(
            atPath: scratch.path("labels/box_track_20/val"), withIntermediateDirectories: true)
        _ = try scratch.write("[\(frames.joined(separator: ",\n"))]", to: "labels/box_track_20/val/v-1.json")
    }

    /// A second and a half at 30 Hz, as a video or as the pictures that the labels are of.
    private func writeVideo(pictures: Bool) throws {
        let folder = pictures ? "images/track/val/v-1" : "videos/val"
        try FileManager.default.createDirectory(atPath: scratch.path(folder), withIntermediateDirectories: true)
        let target = pictures ? ["-vf", "fps=5", "\(folder)/v-1-%07d.jpg"] : ["\(folder)/v-1.mov"]
        let run = try CommandRun.shell(
            "exec ffmpeg -v error -f lavfi -i testsrc2=s=160x96:r=30:d=1.5 \"$@\"", ["ffmpeg"] + target, in: scratch.url
        )
        try #require(run.status == 0, "\(run.errors)")
    }

    private func json(_ name: String) throws -> Any {
        try JSONSerialization.jsonObject(with: try #require(scratch.data(name)))
    }

    /// Every frame of the labels is tracked and scored, those between in the video or in the labels are not.
    @Test(arguments: [true, false], [[0, 1, 2, 3, 4, 5, 6], [0, 2, 3, 6], [2, 3]])
    func evaluatesTheLabelledFrames(_ pictures: Bool, _ indices: [Int]) throws {
        try writeLabels(indices)
        try writeVideo(pictures: pictures)
        for profile in ["trackeval", "scalabel"] {
            let run = try CommandRun.vtrack(
                [
                    "eval", "bdd100k", ".", "--model", "a.safetensors", "--deltas", "1", "--profile", profile, "--out",
                    profile,
                ], in: scratch.url)
            try #require(run.status == 0, "\(run.errors)")
            #expect(!run.output.contains("have a picture") && !run.errors.contains("have a picture"))
            let tracks = try #require(try json("\(profile)/tracks/v-1.json") as? [[String: Any]])
            #expect(tracks.map { $0["frameIndex"] as? Int } == indices)
            #expect(tracks.allSatisfy { ($0["labels"] as? [Any])?.count == 1 })
            let score = try CommandRun.vtrack(
                [
                    "score", "bdd100k", "--gt", ".", "--tracks", "\(profile)/tracks", "--profile", profile, "--json",
                    "s.json", "--csv", "s.csv", "-q",
                ], in: scratch.url)
            try #require(score.status == 0, "\(score.errors)")
            let name = profile == "scalabel" ? "OVERALL" : "cls_comb_det_av"
            let trackers = try #require((try json("s.json") as? [String: Any])?["trackers"] as? [String: [String: Any]])
            let combined = trackers.values.first?["combined"] as? [String: [String: Any]]
            #expect((combined?[name]?["MOTA"] as? NSNumber)?.doubleValue == 100)
            // The same classes and groups, and in the same order.
            let report = try #require(try json("\(profile)/report.json") as? [String: Any])
            let own = (report["trackers"] as? [String: [String: Any]])?["vtrack"]?["combined"] as? NSDictionary
            #expect(own != nil && own == combined as NSDictionary?)
            #expect(scratch.text("\(profile)/report.csv") == scratch.text("s.csv"))
        }
    }
}
