import Assignment

/// Looks at every frame once for all the families that are asked for.
struct SequenceScoring {
    private let sequence: MetricSequence
    private let overlaps: SequenceOverlaps
    private var hotaTally: HOTATally?
    private var clearTally: CLEARTally?
    private var vaceTally: VACETally?

    init(_ sequence: MetricSequence, _ families: Set<MetricFamily>) {
        self.sequence = sequence
        var frameOverlaps = FrameOverlaps()
        let overlaps = SequenceOverlaps(sequence, buffer: &frameOverlaps)
        self.overlaps = overlaps
        if !overlaps.isOneSided {
            if families.contains(.hota) { hotaTally = HOTATally(overlaps) }
            if families.contains(.clear) { clearTally = CLEARTally(objects: sequence.truthIdentities) }
        }
        if families.contains(.vace) { vaceTally = VACETally() }
        guard hotaTally != nil || clearTally != nil || vaceTally != nil else { return }

        var assignment = FrameAssignment()
        var entries = 0
        for frame in sequence.frames where !(frame.truth.isEmpty && frame.result.isEmpty) {
            frameOverlaps.read(frame)
            vaceTally?.add(frameOverlaps, assignment: &assignment)
            guard !frame.truth.isEmpty, !frame.result.isEmpty else { continue }
            let next = entries + frameOverlaps.count
            hotaTally?.add(
                frameOverlaps, truth: frame.truth, result: frame.result,
                pair: overlaps.pairOfEntry.span.extracting(entries..<next), assignment: &assignment)
            entries = next
            clearTally?.add(frameOverlaps, truth: frame.truth, result: frame.result, assignment: &assignment)
        }
    }

    var hota: HOTAScores {
        hotaTally?.scores(overlaps)
            ?? HOTAScores(unmatchedTruth: overlaps.truthBoxes, unmatchedResult: overlaps.resultBoxes)
    }

    var clear: CLEARScores {
        clearTally?.scores(overlaps, frames: sequence.frames.count)
            ?? CLEARScores(
                unmatchedTruth: overlaps.truthBoxes, unmatchedResult: overlaps.resultBoxes,
                lost: overlaps.resultBoxes == 0 ? sequence.truthIdentities : 0)
    }

    /// Boxes of the best pairing of objects with tracks.
    ///
    /// TrackEval minimises cg + cp − 2 · overlaps over pairs and cg, cp over what is left alone (`identity.py:64-86`):
    /// that is all boxes less twice the overlaps of the pairs, so that every optimum has the same, largest, sum of
    /// overlaps, and with it the same counts.
    ///
    /// Tables up to 128 MiB are solved as a whole where they are dense.
    var identity: IdentityScores {
        let (numbers, starts, columns) = overlaps.halfPairs()
        let weights = numbers.map { Double(overlaps.halves[$0]) }
        let matched: Int
        let (cells, overflow) = sequence.truthIdentities.multipliedReportingOverflow(by: sequence.resultIdentities)
        if !overflow, cells <= Self.largestTable, numbers.count > cells / 8 {
            // Where most objects meet most tracks, a table is faster than lists.
            var cost = CostMatrix(rows: sequence.truthIdentities, columns: sequence.resultIdentities, repeating: 0)
            for row in 0..<sequence.truthIdentities {
                for entry in starts[row]..<starts[row + 1] { cost[row, columns[entry]] = -weights[entry] }
            }
            var matcher = HungarianMatcher()
            matched = matcher.match(cost).enumerated().reduce(0) { sum, pair in
                pair.element < 0 ? sum : sum - Int(cost[pair.offset, pair.element])
            }
        } else {
            var matcher = SparseMatcher()
            let entryOfRow = matcher.match(
                columns: sequence.resultIdentities, starts: starts, column: columns, weights: weights)
            matched = entryOfRow.reduce(0) { $1 < 0 ? $0 : $0 + Int(overlaps.halves[numbers[$1]]) }
        }
        return IdentityScores(
            truePositives: matched, falseNegatives: overlaps.truthBoxes - matched,
            falsePositives: overlaps.resultBoxes - matched)
    }

    private static let largestTable = 1 << 24

    var vace: VACEScores {
        vaceTally?.scores(overlaps, sequence)
            ?? VACEScores(tracks: 0, objects: 0, frames: 0, trackingSum: 0, detectionSum: 0)
    }

    var count: CountScores {
        CountScores(
            resultBoxes: overlaps.resultBoxes, truthBoxes: overlaps.truthBoxes, tracks: sequence.resultIdentities,
            objects: sequence.truthIdentities)
    }
}

extension TrackingScores {
    /// Scores one class of one sequence.
    ///
    /// Families that are not asked for cost no time and come out as those of a sequence without a frame; counts and
    /// Identity are always there.
    public init(_ sequence: MetricSequence, families: Set<MetricFamily> = Set(MetricFamily.allCases)) {
        let scoring = SequenceScoring(sequence, families)
        let nothing = MetricSequence(frames: [], truthIdentities: 0, resultIdentities: 0)
        self.init(
            hota: families.contains(.hota) ? scoring.hota : HOTAScores(nothing),
            clear: families.contains(.clear) ? scoring.clear : CLEARScores(nothing), identity: scoring.identity,
            vace: scoring.vace, count: scoring.count)
    }
}

extension HOTAScores {
    /// Scores one class of one sequence.
    public init(_ sequence: MetricSequence) { self = SequenceScoring(sequence, [.hota]).hota }
}

extension CLEARScores {
    /// Scores one class of one sequence.
    public init(_ sequence: MetricSequence) { self = SequenceScoring(sequence, [.clear]).clear }
}

extension IdentityScores {
    /// Scores one class of one sequence.
    public init(_ sequence: MetricSequence) { self = SequenceScoring(sequence, []).identity }
}

extension VACEScores {
    /// Scores one class of one sequence.
    public init(_ sequence: MetricSequence) { self = SequenceScoring(sequence, [.vace]).vace }
}
