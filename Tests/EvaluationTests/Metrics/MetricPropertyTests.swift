import Evaluation
import Testing

/// What must hold for any sequence.
struct MetricPropertyTests {
    /// The fast paths agree with matrices and definitions.
    @Test func plainTwinsAgree() throws {
        var sequences = (0..<60).map { RandomSequences.walk(seed: $0) }
        sequences += try GoldenMetrics.load().cases.map(\.sequence)
        for (index, sequence) in sequences.enumerated() {
            let plain = PlainMetrics(sequence: sequence)
            let scores = TrackingScores(sequence)
            for (level, expected) in plain.hota().enumerated() {
                #expect(abs(scores.hota.hota[level] - expected.hota) < 1e-9, "sequence \(index)")
                #expect(abs(scores.hota.detA[level] - expected.detA) < 1e-9, "sequence \(index)")
                #expect(abs(scores.hota.assA[level] - expected.assA) < 1e-9, "sequence \(index)")
                #expect(abs(scores.hota.locA[level] - expected.locA) < 1e-9, "sequence \(index)")
            }
            guard let clear = plain.clear() else { continue }
            #expect(scores.clear.truePositives == clear.matched, "sequence \(index)")
            #expect(scores.clear.identitySwitches == clear.switches, "sequence \(index)")
            #expect(
                [scores.clear.mostlyTracked, scores.clear.partlyTracked, scores.clear.mostlyLost] == clear.tracked,
                "sequence \(index)")
            #expect(scores.clear.fragmentations == clear.fragments, "sequence \(index)")
            #expect(abs(scores.clear.overlapSum - clear.sum) < 1e-9, "sequence \(index)")
        }
    }

    /// Numbers of identities do not matter, nor does the order of boxes where no assignment ties.
    ///
    /// The server's figures are the exception that is copied: of two objects that were last matched to the same track,
    /// the one that stands first in the frame keeps it.
    @Test(arguments: 0..<20) func numbersAndOrderDoNotMatter(seed: UInt64) {
        let sequence = RandomSequences.walk(seed: seed, frames: 25, objects: 12)
        let renumbered = RandomSequences.shuffled(sequence, seed: seed &+ 77, keepingOrder: true)
        let shuffled = RandomSequences.shuffled(sequence, seed: seed &+ 77)
        for (one, two) in [
            (TrackingScores(sequence).columns(), TrackingScores(renumbered).columns()),
            (TrackingScores(sequence).columns(), TrackingScores(shuffled).columns()),
            (ServerScores(sequence).fields, ServerScores(renumbered).fields),
        ] {
            for (left, right) in zip(one, two) { #expect(abs(left.number - right.number) < 1e-12, "\(left.name)") }
        }
    }

    /// Ground truth as result is perfect; in a sequence without objects nothing can be.
    @Test(arguments: 0..<10) func truthAsResultIsPerfect(seed: UInt64) {
        let sequence = RandomSequences.walk(seed: seed, frames: 30, objects: 9, exact: true)
        let scores = TrackingScores(sequence)
        #expect(scores.hota.fields.first { $0.name == "HOTA" }?.number == 1)
        #expect(scores.hota.locA.allSatisfy { $0 == 1 })
        #expect(scores.clear.mota == 1)
        #expect(scores.clear.motp == 1)
        #expect(scores.clear.mostlyTracked == sequence.truthIdentities)
        #expect(scores.identity.f1 == 1)
        #expect(scores.vace.trackingAccuracy == 1)
        #expect(abs(scores.vace.detectionAccuracy - 1) < 1e-12)
        let server = ServerScores(sequence)
        #expect((server.mota, server.motp, server.idf1) == (1, 1, 1))
    }

    /// More pairs of objects and tracks than a table of all would hold: the same figures as with few.
    @Test func manyShortTracksNeedNoTable() {
        let length = 3000
        let frames = (0..<length).map { index in
            MetricSequence.Frame(
                truth: [Int32(index)], result: [Int32(length - 1 - index)], similarity: [index % 2 == 0 ? 0.8 : 0.3])
        }
        let sequence = MetricSequence(frames: frames, truthIdentities: length, resultIdentities: length)
        let scores = TrackingScores(sequence)
        #expect(scores.identity.truePositives == length / 2)
        #expect(scores.clear.truePositives == length / 2)
        #expect(scores.clear.mostlyTracked == length / 2)
        #expect(abs(scores.hota.assA[0] - 1) < 1e-12)
        #expect(abs(scores.vace.trackingAccuracy - 0.5) < 1e-12)
    }
}
