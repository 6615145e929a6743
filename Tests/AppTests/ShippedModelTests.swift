import Features
import Foundation
import Testing

@testable import App

/// The file in Models/ itself, and what it is worth on the demo clip.
@Suite
struct ShippedModelTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func vtrack(_ arguments: [String]) throws -> CommandRun {
        let result = try CommandRun.vtrack(
            arguments, environment: InstalledPrefix.isolated(in: scratch), in: scratch.url)
        #expect(result.status == 0, "\(arguments): \(result.errors)")
        return result
    }

    /// The build tree's program finds the build tree's file, and all that it needs to know stands in it.
    @Test func isFoundAndComplete() throws {
        let output = try vtrack(["model", "info", "--json"]).output
        let facts = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        #expect(facts["path"] as? String == TestFiles.shippedModel)
        #expect(facts["name"] as? String == ShippedModel.name)
        #expect(facts["parameters"] as? Int ?? .max <= 6_000_000)
        #expect(facts["bytes"] as? Int ?? .max <= 12_000_000)
        #expect(facts["preferred_layer"] is Int)
        #expect(facts["preferred_pool"] is String)
        #expect((facts["notes"] as? [String])?.isEmpty == true, "\(facts["notes"] ?? "")")
        let checkpoint = try Checkpoint(path: TestFiles.shippedModel)
        #expect(checkpoint.tensors.allSatisfy { $0.type == .float16 })
        // 14×14 tokens a tile, or finer.
        #expect(checkpoint.description.gridSide >= 14)
        _ = try vtrack(["model", "verify"])
    }

    /// The digests in its metadata are those of its tensors and of its configuration, as training/vtrain/export.py makes them.
    @Test func digestsAreItsOwn() throws {
        let file = try Data(contentsOf: URL(fileURLWithPath: TestFiles.shippedModel))
        let length = file.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        let header = try #require(
            try JSONSerialization.jsonObject(with: file.dropFirst(8).prefix(length)) as? [String: [String: Any]])
        let metadata = try #require(header["__metadata__"] as? [String: String])
        var content: [UInt8] = []
        for (name, tensor) in header.sorted(by: { $0.key < $1.key }) where name != "__metadata__" {
            let shape = try #require(tensor["shape"] as? [Int])
            let ends = try #require(tensor["data_offsets"] as? [Int])
            // Python's way of writing a tuple.
            let tuple = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
            content += Array("\(name)(\(tuple))".utf8) + file[(8 + length + ends[0])..<(8 + length + ends[1])]
        }
        #expect(metadata["tensors_sha256"] == HubDouble.digest(content))
        let configuration = try #require(metadata["training.config"])
        #expect(metadata["training.config_sha256"] == HubDouble.digest(Array(configuration.utf8)))
    }

    /// On the demo clip appearance is worth its forward passes: better HOTA and IDF1 than motion alone, and the walker
    /// who leaves the picture and comes back 2.2 s later keeps the track.
    @Test func beatsMotionAloneOnTheDemoClip() throws {
        for (name, model) in [("motion", ["--model", "none"]), ("model", [])] {
            try FileManager.default.createDirectory(atPath: scratch.path(name), withIntermediateDirectories: false)
            _ = try vtrack(
                ["run", TestFiles.demoClip, "--boxes", TestFiles.demoTruth, "--classes", "1,3", "--no-retrieval"]
                    + ["--quiet", "--out", "\(name)/DEMO.txt"] + model)
        }
        let truth = TestFiles.root.appending(path: "demo/scoring").path
        _ = try vtrack(["score", "mot17", "--gt", truth, "--tracks", "motion", "model", "--csv", "s.csv"])
        let rows = try #require(scratch.text("s.csv")).split(separator: "\n").map { $0.split(separator: ",") }
        func figures(_ column: String) throws -> [Double] {
            let place = try #require(rows[0].firstIndex { $0 == column }, "\(rows[0])")
            return try ["motion", "model"].map { name in
                try #require(rows.first { $0.contains(Substring(name)) }.flatMap { Double($0[place]) })
            }
        }
        for column in ["HOTA___AUC", "IDF1"] {
            let found = try figures(column)
            #expect(found[1] > found[0], "\(column): motion alone \(found[0]), with the model \(found[1])")
        }
        #expect(try tracksOfTheWalker("motion").count > 1)
        #expect(try tracksOfTheWalker("model").count == 1)
    }

    /// The tracks that identity 3 is in: a track's box is the truth's, number by number.
    private func tracksOfTheWalker(_ name: String) throws -> Set<Int> {
        func key(_ fields: [Substring]) -> [Double] { [0, 2, 3, 4, 5].compactMap { Double(fields[$0]) } }
        let truth = try String(contentsOfFile: TestFiles.demoTruth, encoding: .utf8)
        let walker = Set(
            truth.split(separator: "\n").map { $0.split(separator: ",") }.filter { $0[1] == "3" }.map(key))
        let rows = try #require(scratch.text("\(name)/DEMO.txt")).split(separator: "\n").map {
            $0.split(separator: ",")
        }
        let tracks = rows.filter { walker.contains(key($0)) }.compactMap { Int($0[1]) }
        #expect(tracks.count == walker.count)
        return Set(tracks)
    }
}
