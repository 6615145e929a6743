import Foundation
import Testing

/// `sweep` counts what single runs count, and what it chooses can be run.
@Suite struct SweepTests {
    private let folder: ScratchFolder
    private let boxes = ["--boxes", TestFiles.demoTruth, "--classes", "1,3"]

    init() throws {
        folder = try ScratchFolder()
        try TinyCheckpoint.write(to: folder.path("a.safetensors"))
    }

    private func run(_ arguments: [String]) throws -> CommandRun {
        let result = try CommandRun.vtrack(arguments, in: folder.url)
        #expect(result.status == 0, "\(arguments): \(result.errors)")
        return result
    }

    private func json(_ name: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: try #require(folder.data(name)))
        return try #require(object as? [String: Any])
    }

    @Test func countsAreThoseOfRuns() throws {
        _ = try run(
            [
                "sweep", TestFiles.demoClip, "--model", "a.safetensors", "--deltas", "1,7", "--tokens", "output,keys",
                "--joins", "0+2,1+2", "--pools", "mean,grid2", "--transforms", "none,drop=8,standardize", "--out",
                "s.json",
                "--csv", "s.csv", "--quiet",
            ] + boxes)
        let report = try json("s.json")
        let configurations = try #require(report["configurations"] as? [[String: Any]])
        // Layers 0, 1, 2 and two joins of outputs, layers 1 and 2 and one join of keys, with 2 · 3 · 2 choices each.
        #expect(configurations.count == 96)
        #expect(folder.text("s.csv")?.split(separator: "\n").count == configurations.count + 1)
        #expect(report["cross_validation"] is NSNull)
        #expect(report["frames_embedded"] as? Int == report["frames"] as? Int)
        for index in stride(from: 0, to: configurations.count, by: 13) {
            let chosen = configurations[index]
            let layers = try #require(chosen["layers"] as? [Int]).map(String.init).joined(separator: ",")
            var arguments = ["--model", "a.safetensors", "--layer", layers]
            for (key, option) in [("token", "--token"), ("pool", "--pool"), ("similarity", "--similarity")] {
                arguments += [option, try #require(chosen[key] as? String)]
            }
            arguments += ["--drop-variance", "\(try #require(chosen["drop_variance"] as? Int))"]
            if chosen["standardize"] as? Bool == true { arguments.append("--standardize") }
            _ = try run(
                ["run", TestFiles.demoClip, "--deltas", "1,7", "--out", "t.txt", "--report", "r.json", "--quiet"]
                    + boxes
                    + arguments)
            let retrieval = try #require(try json("r.json")["retrieval"] as? [[String: Any]])
            for (key, rate) in [("top1", "top1"), ("same_class", "same_class")] {
                let expected = try retrieval.map { entry -> Int in
                    let queries = try #require(entry["queries"] as? Int)
                    return Int((try #require(entry[rate] as? Double) * Double(queries)).rounded())
                }
                #expect(chosen[key] as? [Int] == expected, "\(arguments), \(key)")
            }
            let model = try #require(try json("r.json")["model"] as? [String: Any])
            #expect(chosen["dim"] as? Int == model["dim"] as? Int)
        }
    }

    /// The winner for a range of gaps is saved, and a run takes it.
    @Test func theWinnerCanBeRun() throws {
        let result = try run(
            [
                "sweep", TestFiles.demoClip, "--model", "a.safetensors", "--deltas", "1,5", "--for-deltas", "5-9",
                "--pools",
                "mean,grid3", "--transforms", "none,standardize", "--similarities", "cosine", "--joins", "1+2", "--out",
                "s.json", "--write-config", "best.yaml",
            ] + boxes)
        #expect(result.output.contains("best: "))
        #expect(result.output.contains("on the frames it was chosen by"))
        let report = try json("s.json")
        let configurations = try #require(report["configurations"] as? [[String: Any]])
        let winner = configurations[try #require(report["winner"] as? Int)]
        let best = try configurations.map { try #require($0["top1"] as? [Int])[1] }.max()
        #expect((winner["top1"] as? [Int])?[1] == best)
        _ = try run(
            ["run", TestFiles.demoClip, "--config", "best.yaml", "--deltas", "5", "--report", "r.json"] + boxes)
        let run = try json("r.json")
        let model = try #require(run["model"] as? [String: Any])
        #expect(model["pool"] as? String == winner["pool"] as? String)
        let layers = try #require(winner["layers"] as? [Int]).map(String.init).joined(separator: ",")
        #expect(model["layer"] as? String == layers)
        let entry = try #require((run["retrieval"] as? [[String: Any]])?.first)
        let queries = try #require(entry["queries"] as? Int)
        #expect(Int((try #require(entry["top1"] as? Double) * Double(queries)).rounded()) == best)
    }

    /// A folder of sequences: each is held out once.
    @Test(.enabled(if: TestFiles.hasData, "needs VTRACK_TEST_DATA"))
    func sequencesAreHeldOut() throws {
        for name in ["MOT17-05-FRCNN", "MOT17-09-FRCNN"] {
            try FileManager.default.createSymbolicLink(
                at: folder.url.appending(path: name),
                withDestinationURL: TestFiles.data.appending(path: "mot17").appending(path: name))
        }
        let result = try run([
            "sweep", folder.url.path, "--model", "a.safetensors", "--deltas", "1,2", "--pools", "mean", "--out",
            "s.json",
        ])
        #expect(result.output.contains("held out: "))
        let validation = try #require(try json("s.json")["cross_validation"] as? [String: Any])
        let folds = try #require(validation["folds"] as? [[String: Any]])
        #expect(folds.map { $0["sequence"] as? String } == ["MOT17-05-FRCNN", "MOT17-09-FRCNN"])
        let configurations = try #require(try json("s.json")["configurations"] as? [[String: Any]])
        for (place, fold) in folds.enumerated() {
            let chosen = configurations[try #require(fold["chosen"] as? Int)]
            #expect((chosen["top1_by_sequence"] as? [Int])?[place] == fold["top1"] as? Int)
            // Nothing is better on the other sequence.
            let other = 1 - place
            let best = try configurations.map { try #require($0["top1_by_sequence"] as? [Int])[other] }.max()
            #expect((chosen["top1_by_sequence"] as? [Int])?[other] == best)
        }
    }

    @Test func wrongUseIsRefused() throws {
        let base = ["sweep", TestFiles.demoClip, "--out", "s.json"]
        let model = ["--model", "a.safetensors"]
        for (arguments, status) in [
            (base + boxes + ["--model", "none"], 64),  // no model
            (base + model, 65),  // no boxes
            (base + model + boxes + ["--layers", "3"], 64),  // the model has two blocks
            (base + model + boxes + ["--layers", "0", "--tokens", "keys"], 64),
            (base + model + boxes + ["--transforms", "drop=64"], 64),
            (base + model + boxes + ["--deltas", "1,2", "--for-deltas", "5-9"], 64),
            (base + model + boxes + ["--pools", "grid99"], 64),
            (base + model + boxes + ["--boxes", "other.txt"], 64),  // two boxes, one source
            (base + model + ["--boxes", "nowhere.txt"], 66),
            (base + model + boxes + ["--write-config", "missing/best.yaml"], 73),
        ] as [([String], Int32)] {
            let result = try CommandRun.vtrack(arguments, in: folder.url)
            #expect(result.status == status, "\(arguments): \(result.errors)")
        }
        #expect(folder.names == ["a.safetensors"])
    }

    /// What the layer and the pooling are worth (docs/features.md): every cell of some rows of the table within two
    /// queries of what an independent implementation found (scripts/make-golden-sweep.py).
    @Test(.enabled(if: TestFiles.hasData, "needs VTRACK_TEST_DATA"))
    func theTableOfLayersComesBack() throws {
        let file = try Data(contentsOf: TestFiles.root.appending(path: "scripts/sweep-reference.json"))
        let reference = try JSONDecoder().decode(Reference.self, from: file)
        for (place, source) in reference.sources.enumerated() {
            _ = try run([
                "sweep", TestFiles.data.appending(path: source).path, "--model",
                TestFiles.data.appending(path: "weights/deit_tiny_patch16_224.safetensors").path, "--layers", "0,3,9",
                "--tokens", "output,keys", "--joins", "none", "--pools", "mean,grid3", "--transforms", "none",
                "--similarities", "cosine", "--deltas", "1,2,4", "--out", "s.json", "--quiet",
            ])
            let configurations = try #require(try json("s.json")["configurations"] as? [[String: Any]])
            var compared = 0
            for chosen in configurations {
                let layers = try #require(chosen["layers"] as? [Int]).map(String.init).joined(separator: "+")
                let name =
                    "\(layers) \(try #require(chosen["token"] as? String)) \(try #require(chosen["pool"] as? String))"
                guard let expected = reference.cells[name]?[place] else { continue }
                compared += 1
                let correct = try #require(chosen["top1"] as? [Int])
                for (one, wanted) in zip(correct, expected) { #expect(abs(one - wanted) <= 2, "\(name): \(correct)") }
            }
            #expect(compared == 8)
        }
    }

    private struct Reference: Decodable {
        let sources: [String]
        let cells: [String: [[Int]]]
    }
}
