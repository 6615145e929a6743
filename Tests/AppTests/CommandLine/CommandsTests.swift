import Features
import Foundation
import Testing

/// The commands end to end on the clip that ships, with a tiny random network.
@Suite struct CommandsTests {
    private let folder: ScratchFolder
    private let model: [String]

    init() throws {
        folder = try ScratchFolder()
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
        model = ["--model", folder.path("tiny.safetensors")]
    }

    private func run(_ arguments: [String]) throws -> CommandRun {
        let result = try CommandRun.vtrack(arguments, in: folder.url)
        #expect(result.status == 0, "\(arguments): \(result.errors)")
        return result
    }

    private func report(_ name: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: try #require(folder.data(name)))
        return try #require(object as? [String: Any])
    }

    private let boxes = ["--boxes", TestFiles.demoTruth, "--classes", "1,3"]
    private let none = ["--model", "none"]

    @Test func reportHasEveryField() throws {
        _ = try run(["run", TestFiles.demoClip, "--report", "r.json", "--deltas", "1,5"] + boxes + model)
        let report = try report("r.json")
        for key in [
            "version", "source", "model", "tiles", "frames", "boxes", "tracks", "seconds", "degraded", "decode_errors",
            "retrieval",
        ] {
            #expect(report[key] != nil, "\(key)")
        }
        let model = try #require(report["model"] as? [String: Any])
        #expect(model["dim"] as? Int == 64)
        #expect((model["digest"] as? String)?.count == 64)
        #expect(model["tiling"] as? String == "fit")
        #expect(model["pool"] as? String == "mean")
        #expect(model["precision"] as? String == "f32")
        #expect(model["precision_asked"] as? String == "f32")
        #expect(model["precision_cosine"] is NSNull)
        let retrieval = try #require(report["retrieval"] as? [[String: Any]])
        #expect(retrieval.map { $0["delta"] as? Int } == [1, 5])
        for row in retrieval {
            for key in [
                "delta_seconds", "queries", "top1", "hungarian", "same_class", "same_class_of_misses",
                "mutual_precision", "mutual_coverage", "recall5", "auc", "chance", "iou_top1", "centre_top1",
                "histogram_top1", "macro", "interval",
            ] {
                #expect(row[key] != nil, "\(key)")
            }
        }
        #expect(report["frames"] as? Int ?? 0 >= 150)
    }

    /// With `--model none`: motion alone, the baselines stay, the network's fields are null.
    @Test func motionAlone() throws {
        let result = try run(["run", TestFiles.demoClip, "--report", "r.json", "--deltas", "1"] + boxes + none)
        #expect(result.errors.contains("motion alone"))
        let report = try report("r.json")
        #expect(report["model"] is NSNull)
        let row = try #require((report["retrieval"] as? [[String: Any]])?.first)
        #expect(row["top1"] is NSNull)
        #expect(row["iou_top1"] is Double)
        #expect(row["histogram_top1"] is Double)
    }

    /// JSON Lines output reads back as input and gives the same tracks; so does `track` on the same boxes.
    @Test func outputReadsBack() throws {
        _ = try run(["run", TestFiles.demoClip, "--out", "run.txt"] + boxes + none)
        _ = try run(["run", TestFiles.demoClip, "--format", "jsonl", "--out", "run.jsonl"] + boxes + none)
        _ = try run(["track", "--boxes", "run.jsonl", "--fps", "25", "--frame-size", "640x360", "--out", "again.txt"])
        _ = try run(["track", "--out", "track.txt"] + boxes)
        #expect(folder.data("run.txt") == folder.data("again.txt"))
        #expect(folder.data("run.txt") == folder.data("track.txt"))
    }

    /// `track` with the vectors of a run gives the run's tracks.
    @Test func vectorsReplay() throws {
        _ = try run(["run", TestFiles.demoClip, "--out", "run.txt", "--features", "f.safetensors"] + boxes + model)
        _ = try run(["track", "--vectors", "f.safetensors", "--out", "track.txt"] + boxes)
        #expect(folder.data("run.txt") == folder.data("track.txt"))
        // Vectors of other boxes are refused.
        let other = try CommandRun.vtrack(
            ["track", "--vectors", "f.safetensors", "--out", "x.txt", "--boxes", TestFiles.demoTruth, "--classes", "1"]
                + ["--fps", "25"], in: folder.url)
        #expect(other.status == 0)
        let wrong = try folder.write("1,1,10,10,20,20,1,1,1\n999,1,10,10,20,20,1,1,1\n", to: "wrong.txt")
        let refused = try CommandRun.vtrack(
            ["track", "--vectors", "f.safetensors", "--out", "x.txt", "--boxes", wrong], in: folder.url)
        #expect(refused.status == 65)
    }

    /// The vectors of `embed --boxes` are as good as those of `run --features`; a tensor that is missing is named.
    @Test func vectorsOfEmbedReplay() throws {
        _ = try run(["run", TestFiles.demoClip, "--out", "run.txt"] + boxes + model)
        _ = try run(["embed", TestFiles.demoClip, "--out", "t.safetensors"] + boxes + model)
        _ = try run(["track", "--vectors", "t.safetensors", "--out", "track.txt"] + boxes)
        #expect(folder.data("run.txt") == folder.data("track.txt"))
        _ = try run(["embed", TestFiles.demoClip, "--out", "maps.safetensors", "--frames", "1-2"] + model)
        let refused = try CommandRun.vtrack(
            ["track", "--vectors", "maps.safetensors", "--out", "x.txt"] + boxes, in: folder.url)
        #expect(refused.status == 65)
        #expect(refused.errors.contains("features is missing"), "\(refused.errors)")
    }

    /// A file in the working directory is a model whatever its name; a folder of that name is not.
    @Test func modelFileOfAnyName() throws {
        try FileManager.default.copyItem(atPath: folder.path("tiny.safetensors"), toPath: folder.path("weights"))
        try FileManager.default.createDirectory(atPath: folder.path("folder"), withIntermediateDirectories: false)
        _ = try run(["run", TestFiles.demoClip, "--model", "weights"] + boxes)
        let refused = try CommandRun.vtrack(["run", TestFiles.demoClip, "--model", "folder"] + boxes, in: folder.url)
        #expect(refused.status == 66)
    }

    @Test func embedWritesMapsAndVectors() throws {
        _ = try run(["embed", TestFiles.demoClip, "--frames", "3-5", "--out", "t.safetensors"] + boxes + model)
        let file = try SafetensorsFile(path: folder.path("t.safetensors"))
        // 640×360 is two tiles of 64×64, a patch is 16: 4 rows of 8 tokens.
        #expect(file.entries["tokens"]?.shape == [3, 4, 8, 64])
        #expect(try file.integers("frame") == [3, 4, 5])
        #expect(file.entries["features"]?.shape == [try file.integers("row").count, 64])
        #expect(try Set(file.integers("box_frame")) == [3, 4, 5])
    }

    @Test(arguments: ["mean", "mean-patches", "grid3"])
    func everyPoolingAndTransformRuns(_ pool: String) throws {
        for extra in [
            [], ["--drop-variance", "8"], ["--standardize"], ["--tiling", "pad"], ["--tiling", "whole"],
            ["--layer", "0"], ["--layer", "1,2"], ["--token", "keys"], ["--similarity", "l2"],
        ] {
            _ = try run(
                ["run", TestFiles.demoClip, "--pool", pool, "--out", "t.txt", "--quiet"] + extra + boxes + model)
        }
    }

    /// Statistics saved by one run and read by another give the same vectors.
    @Test func statisticsReplay() throws {
        let drop = ["--drop-variance", "8", "--standardize"]
        _ = try run(
            ["run", TestFiles.demoClip, "--features", "a.safetensors", "--save-statistics", "s.safetensors"] + drop
                + boxes + model)
        _ = try run(
            ["run", TestFiles.demoClip, "--features", "b.safetensors", "--statistics", "s.safetensors"] + drop + boxes
                + model)
        #expect(folder.data("a.safetensors") == folder.data("b.safetensors"))
    }

    @Test func annotatedVideoHasEveryFrame() throws {
        _ = try run(["run", TestFiles.demoClip, "--annotate", "a.mp4", "--report", "r.json"] + boxes + none)
        let probe = try run(["probe", "a.mp4", "--json"])
        let facts = try #require(
            try JSONSerialization.jsonObject(with: Data(probe.output.utf8)) as? [String: Any])
        #expect(facts["frames"] as? Int == (try report("r.json")["frames"] as? Int))
        #expect(facts["width"] as? Int == 640)
        #expect(facts["height"] as? Int == 360)
    }

    @Test func probeTellsTheFacts() throws {
        let text = try run(["probe", TestFiles.demoClip])
        #expect(text.output.contains("640×360"))
        #expect(text.output.contains("25.000 frames/s"))
        let listed = try run(["probe", TestFiles.demoClip, "--frames"])
        #expect(listed.output.contains("\n1\t0.000000\n2\t0.040000\n"))
    }

    @Test func presetsChangeWhatIsUsed() throws {
        _ = try run(
            [
                "run", TestFiles.demoClip, "--report", "r.json", "--config",
                TestFiles.root.appending(path: "configs/short-gap.yaml").path,
            ] + boxes + model)
        let model = try #require(try report("r.json")["model"] as? [String: Any])
        #expect(model["pool"] as? String == "grid3")
        #expect(model["layer"] as? String == "1/4")
        #expect(model["dim"] as? Int == 9 * 64)
    }
}
