import Evaluation
import Foundation
import Testing

/// Names, order and form of the figures.
struct ScoreFieldTests {
    private static let data = URL(
        filePath: ProcessInfo.processInfo.environment["VTRACK_TEST_DATA"]
            ?? URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../../shared/data").path)

    private static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: data.appending(path: path).path)
    }

    /// TrackEval's three sequences with their figures in full precision.
    @Test(.enabled(if: has("trackeval/synthetic.json"), "needs trackeval/synthetic.json: set VTRACK_TEST_DATA"))
    func syntheticSequencesHaveTheirFigures() throws {
        struct Input: Decodable {
            let truth, result: [[Int32]]
            let similarity: [[[Double]]]

            enum CodingKeys: String, CodingKey {
                case similarity
                case truth = "gt_ids"
                case result = "tracker_ids"
            }
        }
        struct Entry: Decodable {
            let hota, clear, identity: [String: GoldenMetrics.Figure]
            let input: Input

            enum CodingKeys: String, CodingKey {
                case input
                case hota = "HOTA"
                case clear = "CLEAR"
                case identity = "Identity"
            }
        }
        let entries = try JSONDecoder().decode(
            [String: Entry].self, from: Data(contentsOf: Self.data.appending(path: "trackeval/synthetic.json")))
        #expect(entries.count == 3)
        for (name, entry) in entries {
            let input = entry.input
            let sequence = MetricSequence(
                frames: input.truth.indices.map {
                    MetricSequence.Frame(
                        truth: input.truth[$0], result: input.result[$0],
                        similarity: input.similarity[$0].flatMap { $0 })
                },
                truthIdentities: Int(input.truth.joined().max() ?? -1) + 1,
                resultIdentities: Int(input.result.joined().max() ?? -1) + 1)
            let scores = TrackingScores(sequence)
            #expect(GoldenMetrics.differences(scores.hota.fields, entry.hota).isEmpty, "\(name)")
            #expect(GoldenMetrics.differences(scores.clear.fields, entry.clear).isEmpty, "\(name)")
            #expect(GoldenMetrics.differences(scores.identity.fields, entry.identity).isEmpty, "\(name)")
        }
    }

    /// The columns of a CSV that TrackEval wrote for HOTA, CLEAR, Identity and Count.
    @Test(.enabled(if: has("mpntrack/MPNTrack_pedestrian_detailed.csv"), "needs mpntrack: set VTRACK_TEST_DATA"))
    func columnsAreThoseOfTrackEval() throws {
        let text = try String(
            contentsOf: Self.data.appending(path: "mpntrack/MPNTrack_pedestrian_detailed.csv"), encoding: .utf8)
        let header = text.split(whereSeparator: \.isNewline)[0].split(separator: ",").dropFirst().map(String.init)
        let columns = TrackingScores(RandomSequences.walk(seed: 1)).columns(of: [.hota, .clear, .identity, .count])
        #expect(columns.map(\.name) == header)
    }

    /// The order of TrackEval's summary file, VACE's fields after the known ones.
    @Test func summariesHaveTrackEvalsOrder() {
        let names = TrackingScores(RandomSequences.walk(seed: 1)).summary().map(\.name)
        let expected =
            "HOTA DetA AssA DetRe DetPr AssRe AssPr LocA OWTA HOTA(0) LocA(0) HOTALocA(0) MOTA MOTP MODA CLR_Re CLR_Pr "
            + "MTR PTR MLR CLR_TP CLR_FN CLR_FP IDSW MT PT ML Frag sMOTA IDF1 IDR IDP IDTP IDFN IDFP Dets GT_Dets IDs "
            + "GT_IDs SFDA ATA"
        #expect(names.joined(separator: " ") == expected)
    }

    /// Python's `"{0:1.5g}".format(100 * x)`.
    @Test(arguments: [
        (0.61766123, "61.766"), (1, "100"), (0, "0"), (-0.125, "-12.5"), (0.1978021978, "19.78"),
        (1.23456e-8, "1.2346e-06"),
        (12345.678, "1.2346e+06"), (0.5, "50"), (-3, "-300"), (Double.nan, "nan"), (-Double.nan, "nan"),
        (-Double.infinity, "-inf"), (0.000123456, "0.012346"),
    ])
    func ratesArePrintedAsTrackEvalPrints(rate: Double, text: String) {
        #expect(ScoreField(name: "x", value: .rate(rate), isPercentage: true).summaryText == text)
    }

    /// A curve is one field, twenty columns, and its mean where one number is wanted.
    @Test func curvesHaveColumns() {
        let field = ScoreField(
            name: "HOTA", value: .curve((1...19).map { Double($0) / 19 }), isPercentage: true)
        #expect(field.columns.count == 20)
        #expect(field.columns[0] == ScoreField(name: "HOTA___5", value: .rate(1.0 / 19), isPercentage: true))
        #expect(field.columns[19].name == "HOTA___AUC")
        #expect(abs(field.scaledNumber - 1000.0 / 19) < 1e-9)
        #expect(ScoreField(name: "IDSW", value: .count(7), isPercentage: false).summaryText == "7")
    }

    /// A file that was changed by hand gives an error, not a trap.
    @Test(arguments: [
        #"{"IDTP":-1,"IDFN":0,"IDFP":0,"IDF1":0,"IDR":0,"IDP":0}"#,
        #"{"IDTP":9223372036854775807,"IDFN":9223372036854775807,"IDFP":0,"IDF1":0,"IDR":0,"IDP":0}"#,
        #"{"IDTP":1.5,"IDFN":0,"IDFP":0,"IDF1":0,"IDR":0,"IDP":0}"#,
        #"{"IDTP":1,"IDFN":0,"IDFP":0,"IDF1":"much","IDR":0,"IDP":0}"#,
        #"{"IDTP":1}"#,
    ])
    func damagedScoresAreRefused(text: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(IdentityScores.self, from: Data(text.utf8))
        }
    }
}
