import Evaluation
import Foundation
import Geometry
import Testing

@Suite struct RetrievalRecordTests {
    /// The record of one sequence, made by a study of its own.
    private func record(_ position: Int, _ golden: GoldenStrata, _ index: Int) throws -> RetrievalRecord {
        var study = try golden.study(golden.cases[index])
        try golden.read(position, golden.cases[index], into: &study)
        return study.record()
    }

    private func roundTrip(_ record: RetrievalRecord) throws -> RetrievalRecord {
        try JSONDecoder().decode(RetrievalRecord.self, from: JSONEncoder().encode(record))
    }

    // Records of single sequences, saved and loaded, add up to the bits of one study: `==` of doubles.
    @Test(arguments: 0..<3)
    func recordsAddUpToOneStudy(_ index: Int) throws {
        let golden = try GoldenStrata.load()
        var whole = try golden.study(golden.cases[index])
        var merged = try golden.study(golden.cases[index])
        for position in golden.sequences.indices {
            try golden.read(position, golden.cases[index], into: &whole)
            try merged.add(roundTrip(record(position, golden, index)))
        }
        let wanted = whole.finish()
        #expect(wanted.allSatisfy { $0.queries > 0 })
        #expect(merged.finish() == wanted)
        #expect(merged.strata == whole.strata)
        #expect(merged.worstMisses == whole.worstMisses)
        #expect(merged.strata.allSatisfy { !$0.isEmpty })
        #expect(merged.worstMisses.allSatisfy { $0.isEmpty == !golden.cases[index].vectors })
    }

    // A study that read one sequence and takes the record of another; records made along the way change nothing.
    @Test func recordsAndFramesMix() throws {
        let golden = try GoldenStrata.load()
        var whole = try golden.study(golden.cases[0])
        var mixed = try golden.study(golden.cases[0])
        for position in 0..<3 {
            try golden.read(position, golden.cases[0], into: &whole)
            if position == 1 {
                try mixed.add(record(position, golden, 0))
            } else {
                try golden.read(position, golden.cases[0], into: &mixed)
                #expect(try mixed.record() == record(position, golden, 0))
            }
        }
        #expect(mixed.finish() == whole.finish())
        #expect(mixed.strata == whole.strata)
        #expect(mixed.worstMisses == whole.worstMisses)
    }

    @Test(arguments: 0..<3)
    func jsonBringsEveryBitBack(_ index: Int) throws {
        let golden = try GoldenStrata.load()
        for position in golden.sequences.indices {
            let record = try record(position, golden, index)
            #expect(try roundTrip(record) == record)
        }
        // A sequence without frames, at gaps in seconds.
        var study = try RetrievalStudy(deltas: [.seconds(0.1), .frames(3)], recording: RetrievalRecording())
        try study.beginSequence(name: "é\u{0}\"<&", frameRate: 29.97, attributes: ["a": "\n"])
        let empty = study.record()
        #expect(try roundTrip(empty) == empty)
        #expect(empty.gaps.map(\.frames) == [3, 3])
    }

    // Other gaps, another similarity, another gate, other vectors.
    @Test func recordsOfAnotherStudyAreRefused() throws {
        let golden = try GoldenStrata.load()
        let record = try record(0, golden, 0)
        let recording = RetrievalRecording()
        for study in [
            try RetrievalStudy(deltas: [.frames(1)], recording: recording),
            try RetrievalStudy(deltas: record.gaps.map(\.requested), similarity: .l2, recording: recording),
            try RetrievalStudy(deltas: record.gaps.map(\.requested), classGate: true, recording: recording),
        ] {
            var study = study
            let error = #expect(throws: EvaluationError.recordMismatch(sequence: "one")) { try study.add(record) }
            #expect(error?.category == .badData)
        }
        var study = try golden.study(golden.cases[2])
        try golden.read(1, golden.cases[2], into: &study)
        #expect(throws: EvaluationError.recordMismatch(sequence: "one")) { try study.add(record) }
    }

    // Negative and huge counts, a chance that is none, no gap, no rate, no box, bins out of range, no base64.
    @Test(arguments: [
        (#""queries":"#, "-1"), (#""queries":"#, "9007199254740992"), (#""chance":"#, "-0.5"),
        (#""frames":"#, "0"), (#""frames":"#, "2000000"), (#""frame_rate":"#, "0"), (#""frame":"#, "0"),
        (#""frame":"#, "9223372036854775807"), (#""requested":"#, #""0""#), (#""pairs":"#, #""gICABAEB""#),
        (#""pairs":"#, #""?""#), (#""pairs":"#, #""AAE=""#), (#""pairs":"#, #""////////""#),
        (#""similarity":"#, #""dot""#), (#""box":"#, "[1,2,3]"), (#""box":"#, "[1,2,-3,4]"),
    ])
    func damageIsRefused(_ key: String, _ value: String) throws {
        let golden = try GoldenStrata.load()
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let text = String(decoding: try encoder.encode(record(0, golden, 0)), as: UTF8.self)
        let start = try #require(text.range(of: key)).upperBound
        let rest = text[start...]
        let end =
            rest.first == "\""
            ? rest.dropFirst().firstIndex(of: "\"").map(rest.index(after:))
            : rest.first == "["
                ? rest.firstIndex(of: "]").map(rest.index(after:))
                : rest.firstIndex { ",}".contains($0) }
        let damaged = text[..<start] + value + text[try #require(end)...]
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(RetrievalRecord.self, from: Data(String(damaged).utf8))
        }
    }

    // Bytes changed, left out and doubled at random: refused, or taken without a trap.
    @Test func anyDamageIsSurvived() throws {
        let golden = try GoldenStrata.load()
        let bytes = [UInt8](try JSONEncoder().encode(record(1, golden, 0)))
        var random = SplitMix64(seed: 5)
        var taken = 0
        for _ in 0..<400 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<damaged.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: damaged[place] = UInt8.random(in: 0...255, using: &random)
                case 1: damaged[place] = UInt8(ascii: "9")
                case 2: damaged.remove(at: place)
                default: damaged.insert(damaged[place], at: place)
                }
            }
            guard let record = try? JSONDecoder().decode(RetrievalRecord.self, from: Data(damaged)) else { continue }
            var study = try golden.study(golden.cases[0])
            guard (try? study.add(record)) != nil, (try? study.add(record)) != nil else { continue }
            #expect(study.finish().count == 3)
            _ = study.worstMisses(limit: 9)
            taken += 1
        }
        #expect(taken > 0)
    }
}
