import Evaluation
import Foundation
import Testing

/// Every figure of small sequences against TrackEval's and scalabel's.
struct GoldenMetricsTests {
    private let golden: GoldenMetrics

    init() throws { golden = try GoldenMetrics.load() }

    @Test func sequencesHaveTrackEvalsFigures() {
        for each in golden.cases {
            let differences = GoldenMetrics.differences(TrackingScores(each.sequence).fields, each.expected)
            #expect(differences.isEmpty, "\(each.name)")
        }
    }

    /// A family alone takes another way through the frames than all together.
    @Test func familiesAloneHaveTheSameFigures() {
        for each in golden.cases {
            let (sequence, scores) = (each.sequence, TrackingScores(each.sequence))
            #expect(HOTAScores(sequence) == scores.hota, "\(each.name)")
            #expect(CLEARScores(sequence) == scores.clear, "\(each.name)")
            #expect(IdentityScores(sequence) == scores.identity, "\(each.name)")
            #expect(VACEScores(sequence) == scores.vace, "\(each.name)")
            #expect(CountScores(sequence) == scores.count, "\(each.name)")
            let two = TrackingScores(sequence, families: [.clear, .vace])
            #expect((two.clear, two.vace, two.count) == (scores.clear, scores.vace, scores.count), "\(each.name)")
            #expect(two.hota == TrackingScores.combined(sequences: []).hota, "\(each.name)")
        }
    }

    @Test func combinationsHaveTrackEvalsFigures() {
        for group in golden.groups {
            let parts = group.members.map { TrackingScores(golden.cases[$0].sequence) }
            let name = "\(group.members.map { golden.cases[$0].name })"
            let combined = TrackingScores.combined(sequences: parts)
            #expect(GoldenMetrics.differences(combined.fields, group.combined).isEmpty, "combined: \(name)")
            let pooled = TrackingScores.detectionAveraged(parts)
            #expect(GoldenMetrics.differences(pooled.fields, group.detectionAveraged).isEmpty, "pooled: \(name)")
            let averaged = TrackingScores.classAveraged(parts)
            // VACE's means leave empty classes out unless told not to, the others only when told to: TrackEval's
            // evaluator tells neither.
            #expect(
                GoldenMetrics.differences(averaged.fields, group.classAveraged).isEmpty, "averaged: \(name)")
            let nonEmpty = TrackingScores.classAveraged(parts, ignoringEmpty: true)
            #expect(GoldenMetrics.differences(nonEmpty.fields, group.nonEmptyAveraged).isEmpty, "non-empty: \(name)")
        }
    }

    @Test func videosHaveTheServersFigures() {
        for each in golden.cases {
            let differences = GoldenMetrics.differences(ServerScores(each.sequence).fields, each.server)
            #expect(differences.isEmpty, "\(each.name)")
        }
        for group in golden.groups {
            let parts = group.members.map { ServerScores(golden.cases[$0].sequence) }
            let combined = GoldenMetrics.differences(ServerScores.combined(parts).fields, group.server.combined)
            #expect(combined.isEmpty, "\(group.members)")
            let averaged = GoldenMetrics.differences(ServerScores.classAveraged(parts).fields, group.server.averaged)
            #expect(averaged.isEmpty, "\(group.members)")
        }
    }

    /// Scores that were written come back with all their bits, what JSON has no numbers for included.
    @Test func scoresComeBackFromJSON() throws {
        let encoder = JSONEncoder()
        let decoder = JSONDecoder()
        for each in golden.cases {
            let scores = TrackingScores(each.sequence)
            #expect(try decoder.decode(TrackingScores.self, from: encoder.encode(scores)) == scores, "\(each.name)")
            let server = ServerScores(each.sequence)
            #expect(try decoder.decode(ServerScores.self, from: encoder.encode(server)) == server, "\(each.name)")
        }
        let empty = TrackingScores.classAveraged([], ignoringEmpty: true)
        #expect(try decoder.decode(TrackingScores.self, from: encoder.encode(empty)) == empty)
    }
}
