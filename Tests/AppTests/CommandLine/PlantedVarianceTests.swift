import Foundation
import Testing

/// Ten channels of huge variance ruin retrieval, as MAE's few do; dropping the ten of highest variance repairs it.
///
/// The final LayerNorm's gains of ten channels of a real model are raised, each three times as much as the one before:
/// the last of them alone decides which vectors are near, and nothing else of the model has changed.
@Suite(.enabled(if: TestFiles.hasData, "VTRACK_TEST_DATA has no weights"), .timeLimit(.minutes(3)))
struct PlantedVarianceTests {
    private static let planted = [7, 21, 40, 63, 77, 98, 120, 141, 163, 186]
    private static let clean = TestFiles.data.appending(path: "weights/deit_tiny_patch16_224.safetensors")
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        var bytes = try Data(contentsOf: Self.clean)
        let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try #require(
            try JSONSerialization.jsonObject(with: bytes.dropFirst(8).prefix(length)) as? [String: [String: Any]])
        let offsets = try #require(header["norm.weight"]?["data_offsets"] as? [Int])
        var factor: Float = 30
        for channel in Self.planted {
            let place = 8 + length + offsets[0] + 4 * channel
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
            let value = (abs(Float(bitPattern: bits)) * factor).bitPattern
            for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(byte))) }
            factor *= 3
        }
        try bytes.write(to: folder.url.appending(path: "planted.safetensors"))
    }

    /// Share of right answers over MOT17-05 and MOT17-10, gaps of one and two frames, and how many were asked.
    private func retrieval(_ model: String, _ options: [String] = []) throws -> (rate: Double, queries: Int) {
        var right = 0.0
        var queries = 0
        for name in ["MOT17-05-FRCNN", "MOT17-10-FRCNN"] {
            let sequence = TestFiles.data.appending(path: "mot17/\(name)").path
            let run = try CommandRun.vtrack(
                ["run", sequence, "--boxes", sequence + "/gt/gt.txt", "--model", model, "--deltas", "1,2", "-q"]
                    + ["--out", "t.txt", "--report", "r.json"] + options, in: folder.url)
            #expect(run.status == 0, "\(run.errors)")
            let report = try JSONSerialization.jsonObject(with: try #require(folder.data("r.json"))) as? [String: Any]
            for row in try #require(report?["retrieval"] as? [[String: Any]]) {
                guard let count = row["queries"] as? Int, let rate = row["top1"] as? Double else { continue }
                queries += count
                right += rate * Double(count)
            }
        }
        return (right / Double(max(1, queries)), queries)
    }

    @Test func droppingRepairsWhatPlantingRuined() throws {
        let clean = try retrieval(Self.clean.path)
        try #require(clean.queries >= 150)
        let ruined = try retrieval("planted.safetensors")
        #expect(ruined.rate < clean.rate / 2, "\(ruined.rate) of \(clean.rate)")
        let repaired = try retrieval("planted.safetensors", ["--drop-variance", "10"])
        #expect(abs(repaired.rate - clean.rate) <= 0.01, "\(repaired.rate), \(clean.rate)")
        #expect(repaired.queries == clean.queries)
    }

    /// The channels of highest variance are the planted ones and no other, and a run that takes the saved statistics is
    /// repaired, too.
    @Test func statisticsNameThePlantedChannels() throws {
        let sequence = TestFiles.data.appending(path: "mot17/MOT17-05-FRCNN").path
        let run = try CommandRun.vtrack(
            ["model", "stats", sequence, "--model", "planted.safetensors", "--out", "s.safetensors", "--json", "-q"],
            in: folder.url)
        #expect(run.status == 0, "\(run.errors)")
        let summary = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        let top = try #require(summary?["top"] as? [[String: Any]])
        #expect(Set(top.compactMap { $0["channel"] as? Int }) == Set(Self.planted))
        let clean = try retrieval(Self.clean.path)
        let repaired = try retrieval(
            "planted.safetensors", ["--drop-variance", "10", "--statistics", "s.safetensors"])
        #expect(abs(repaired.rate - clean.rate) <= 0.01, "\(repaired.rate), \(clean.rate)")
    }
}
