import Foundation
import FoundationXML
import Testing

/// `compare` gives the figures of single runs, from shared passes.
@Suite struct CompareTests {
    private let folder: ScratchFolder
    private let boxes = ["--boxes", TestFiles.demoTruth, "--classes", "1,3"]

    init() throws {
        folder = try ScratchFolder()
        try TinyCheckpoint.write(to: folder.path("a.safetensors"))
        try TinyCheckpoint.write(to: folder.path("b.safetensors"), seed: 2)
    }

    private func json(_ name: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: try #require(folder.data(name)))
        return try #require(object as? [String: Any])
    }

    /// One pass serves several variants: the last block, an inner one, keys, layers joined, transforms, poolings; others
    /// have passes of their own.
    @Test func figuresAreThoseOfRuns() throws {
        let a = folder.path("a.safetensors")
        let b = folder.path("b.safetensors")
        let variants: [(String, [String])] = [
            (a, ["--model", a]),
            ("\(a):layer=1:pool=grid2", ["--model", a, "--layer", "1", "--pool", "grid2"]),
            ("\(a):drop=8:standardize", ["--model", a, "--drop-variance", "8", "--standardize"]),
            (
                "\(a):layer=1+2:token=keys:similarity=l2",
                ["--model", a, "--layer", "1,2", "--token", "keys", "--similarity", "l2"]
            ),
            ("\(a):layer=0+2:join=mean", ["--model", a, "--layer", "0,2", "--join", "mean"]),
            ("\(a):drop-artefacts", ["--model", a, "--drop-artefacts"]),
            ("\(b):tiling=whole", ["--model", b, "--tiling", "whole"]),
        ]
        let result = try CommandRun.vtrack(
            ["compare", TestFiles.demoClip, "--models"] + [
                (variants.map(\.0) + ["histogram", "iou"]).joined(separator: ",")
            ]
                + ["--deltas", "1,7", "--out", "c.json", "--figure", "c.svg"] + boxes, in: folder.url)
        #expect(result.status == 0, "\(result.errors)")
        #expect(XMLParser(data: try #require(folder.data("c.svg"))).parse())
        let entries = try #require(try json("c.json")["entries"] as? [[String: Any]])
        #expect(entries.count == variants.count + 2)
        for (index, (text, arguments)) in variants.enumerated() {
            let run = try CommandRun.vtrack(
                ["run", TestFiles.demoClip, "--deltas", "1,7", "--out", "t.txt", "--report", "r.json", "--quiet"]
                    + boxes
                    + arguments, in: folder.url)
            #expect(run.status == 0, "\(run.errors)")
            let report = try json("r.json")
            let expected = try #require(report["retrieval"] as? NSArray)
            #expect(entries[index]["retrieval"] as? NSArray == expected, "\(text)")
            let model = try #require(entries[index]["model"] as? NSDictionary)
            #expect(model == report["model"] as? NSDictionary, "\(text)")
        }
        // The baselines are what every run says of them.
        let first = try #require((entries[0]["retrieval"] as? [[String: Any]])?.first)
        for (offset, key) in ["histogram_top1", "iou_top1"].enumerated() {
            let points = try #require(entries[variants.count + offset]["points"] as? [[String: Any]])
            #expect(points.first?["instance"] as? Double == first[key] as? Double)
        }
        #expect(result.output.contains("same class, %"))
    }

    @Test func theModelThatFailsIsNamed() throws {
        func refused(_ models: String, _ status: Int32, _ word: String) throws {
            let result = try CommandRun.vtrack(
                ["compare", TestFiles.demoClip, "--out", "c.json", "--models", models] + boxes, in: folder.url)
            #expect(result.status == status, "\(models): \(result.errors)")
            #expect(result.errors.contains(word), "\(result.errors)")
        }
        let a = folder.path("a.safetensors")
        try refused("\(a),nowhere", 66, "nowhere: ")
        try refused("\(a),\(a):layer=7", 64, "a.safetensors:layer=7: ")
        try refused("\(a),\(a):frob=1", 64, "frob=1")
        _ = try folder.write("no checkpoint", to: "bad.safetensors")
        try refused("\(a),\(folder.path("bad.safetensors"))", 65, "bad.safetensors: ")
        try refused("\(a):drop=64", 64, "drop")
        #expect(!folder.names.contains("c.json"))
    }
}
