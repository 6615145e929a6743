import Foundation
import Testing

/// `vtrack score bdd100k` as a user calls it.
@Suite struct ScoreBDD100KTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    /// Two videos of three frames: one car that is found, one crowd with a wrong box in it, one rider that is missed.
    private func frames(_ video: String, isTruth: Bool) -> String {
        (0..<3).map { index in
            let car = label("1", "car", 100 + 5 * index)
            let crowd =
                #"{"id": "8", "category": "bus", "attributes": {"crowd": true}, "#
                + #""box2d": {"x1": 400, "y1": 400, "x2": 600, "y2": 600}}"#
            let labels = isTruth ? [car, label("2", "rider", 300), crowd] : [car, label("9", "car", 450)]
            return #"{"videoName": "\#(video)", "name": "\#(video)-000000\#(index + 1).jpg", "frameIndex": \#(index), "#
                + #""labels": [\#(labels.joined(separator: ", "))]}"#
        }.joined(separator: ",\n")
    }

    private func label(_ id: String, _ category: String, _ place: Int) -> String {
        #"{"id": "\#(id)", "category": "\#(category)", "box2d": {"x1": \#(place), "y1": \#(place), "#
            + #""x2": \#(place + 60), "y2": \#(place + 40)}}"#
    }

    private func writeSet() throws {
        for (name, isTruth) in [("gt.json", true), ("mine.json", false)] {
            _ = try folder.write(
                "[\(["a", "b"].map { frames($0, isTruth: isTruth) }.joined(separator: ","))]", to: name)
        }
    }

    private func scores(_ profile: String, _ tracks: [String]) throws -> [String: Any] {
        let run = try CommandRun.vtrack(
            [
                "score", "bdd100k", "--gt", "gt.json", "--profile", profile, "--json", "s.json", "--csv", "s.csv",
                "--tracks",
            ]
                + tracks, in: folder.url)
        try #require(run.status == 0, "\(run.errors)")
        #expect(run.output.contains(profile == "scalabel" ? "OVERALL" : "cls_comb_det_av"))
        let object = try JSONSerialization.jsonObject(with: try #require(folder.data("s.json")))
        return try #require((object as? [String: Any])?["trackers"] as? [String: Any])
    }

    private func figure(_ scores: [String: Any], _ path: String...) -> Double? {
        var value: Any? = scores
        for key in path { value = (value as? [String: Any])?[key] }
        return (value as? NSNumber)?.doubleValue
    }

    @Test func bothProfiles() throws {
        try writeSet()
        let kit = try scores("trackeval", ["mine.json"])
        #expect(figure(kit, "mine", "sequences", "b", "classes", "car", "MOTA") == 100)
        #expect(figure(kit, "mine", "combined", "classes", "rider", "CLR_FN") == 6)
        #expect(figure(kit, "mine", "combined", "cls_comb_det_av", "MOTA") == 50)
        #expect(figure(kit, "mine", "combined", "HUMAN", "MOTA") == 0)
        #expect(figure(kit, "mine", "combined", "VEHICLE", "HOTA") == 100)
        #expect(figure(kit, "mine", "combined", "cls_comb_cls_av", "IDF1") == 12.5)
        let csv = try #require(folder.text("s.csv"))
        #expect(csv.hasPrefix("class,seq,HOTA___5,") && csv.contains("\nBIKE,COMBINED,"))
        let server = try scores("scalabel", ["mine.json"])
        #expect(figure(server, "mine", "combined", "OVERALL", "MOTA") == 50)
        #expect(figure(server, "mine", "combined", "AVERAGE", "mota") == nil)
        #expect(figure(server, "mine", "combined", "AVERAGE", "MOTA") == 12.5)
        #expect(figure(server, "mine", "combined", "vehicle", "IDF1") == 100)
        #expect(figure(server, "mine", "combined", "human", "FN") == 6)
        #expect(try #require(folder.text("s.csv")).hasPrefix("class,seq,MOTA,MOTP,IDF1,FP,FN,IDSw,MT,PT,ML,FM\n"))
    }

    /// The labels beside a tracker: two trackers side by side, one of which is perfect.
    @Test func trackersSideBySide() throws {
        try writeSet()
        let scores = try scores("scalabel", ["mine.json", "gt.json"])
        #expect(figure(scores, "mine", "combined", "OVERALL", "MOTA") == 50)
        #expect(figure(scores, "gt", "combined", "OVERALL", "MOTA") == 100)
    }

    /// Missing videos: refused, left out, or scored as empty.
    @Test func missingVideos() throws {
        try writeSet()
        _ = try folder.write("[\(frames("a", isTruth: false))]", to: "one.json")
        let arguments = ["score", "bdd100k", "--gt", "gt.json", "--tracks", "one.json"]
        let refused = try CommandRun.vtrack(arguments, in: folder.url)
        #expect(refused.status == 66 && refused.errors.contains("no results for 1 of the sequences: b"))
        let partial = try CommandRun.vtrack(arguments + ["--partial"], in: folder.url)
        #expect(partial.status == 0 && partial.output.contains("partial"))
        let server = try scores("scalabel", ["one.json"])
        #expect(figure(server, "one", "combined", "OVERALL", "MOTA") == 25)
    }

    @Test func whatIsRefused() throws {
        try writeSet()
        _ = try folder.write("[\(frames("c", isTruth: false))]", to: "surplus.json")
        _ = try folder.write("[\(frames("a", isTruth: false).dropLast(90))", to: "cut.json")
        for (file, profile, message) in [
            ("surplus.json", "scalabel", "results for videos that the ground truth does not have: c"),
            ("cut.json", "trackeval", "cut.json:3: found"), ("cut.json", "scalabel", "cut.json:3: found"),
        ] {
            let run = try CommandRun.vtrack(
                ["score", "bdd100k", "--gt", "gt.json", "--profile", profile, "--tracks", file], in: folder.url)
            #expect(run.status == 65 && run.errors.contains(message), "\(run.errors)")
        }
        let other = try CommandRun.vtrack(
            ["score", "mot17", "--gt", ".", "--profile", "scalabel", "--tracks", "gt.json"], in: folder.url)
        #expect(other.status == 64 && other.errors.contains("it is for bdd100k"))
        let place = try CommandRun.vtrack(
            ["score", "bdd100k", "--gt", "/usr/bin", "--tracks", "gt.json"], in: folder.url)
        #expect(place.status == 66 && place.errors.contains("labels/box_track_20/val/VIDEO.json"))
    }
}
