/// Scores of one tracker: of every sequence and class, and combined.
///
/// Sequences are combined in the order of their names' bytes, which is TrackEval's, so that a table does not depend on
/// the order in which sequences were finished.
public struct ScoreTable: Equatable, Sendable {
    /// The figures of one class, or of several combined, in one sequence or in all.
    public struct Row: Equatable, Sendable {
        /// The sequence's name; nil for all sequences.
        public var sequence: String?
        /// The class's name, a group's, or what the kit calls an average.
        public var className: String
        /// The figures.
        public var scores: ProfileScores
    }

    /// The classes of the benchmark.
    public let classes: ClassList
    /// Whose figures they are.
    public let profile: ScoringProfile
    private var scores: [String: [Int: ProfileScores]] = [:]

    /// Creates a table without sequences.
    public init(classes: ClassList, profile: ScoringProfile) {
        self.classes = classes
        self.profile = profile
    }

    /// Scores every class of a sequence, for `add`.
    ///
    /// - Parameter families: TrackEval's figures that are wanted; others must not be looked at.
    public static func scores(
        _ sequences: [(classID: Int, sequence: MetricSequence)], profile: ScoringProfile,
        families: [MetricFamily] = MetricFamily.allCases
    ) -> [Int: ProfileScores] {
        var scores: [Int: ProfileScores] = [:]
        for (classID, sequence) in sequences {
            scores[classID] = ProfileScores(sequence, profile: profile, families: families)
        }
        return scores
    }

    /// Adds a sequence, or replaces it.
    public mutating func add(sequence: String, scores: [Int: ProfileScores]) { self.scores[sequence] = scores }

    /// The names of the sequences, by their bytes.
    public var sequences: [String] { scores.keys.sorted { $0.precedesByBytes($1) } }

    /// The figures of a class in a sequence.
    public func scores(of sequence: String, classID: Int) -> ProfileScores? { scores[sequence]?[classID] }

    /// The figures of every class in a sequence.
    public func rows(of sequence: String) -> [Row] {
        classes.evaluated.compactMap { entry in
            scores(of: sequence, classID: entry.id).map {
                Row(sequence: sequence, className: entry.name, scores: $0)
            }
        }
    }

    /// The figures of all sequences: of every class, then over classes, then of groups of classes, as TrackEval orders
    /// them (eval.py lines 119–152).
    public func combined() -> [Row] {
        let sequences = sequences
        var classScores: [(id: Int, scores: ProfileScores)] = []
        for entry in classes.evaluated {
            let parts = sequences.compactMap { scores(of: $0, classID: entry.id) }
            if let scores = ProfileScores.combined(parts) { classScores.append((entry.id, scores)) }
        }
        let rows = classScores.map { Row(sequence: nil, className: classes.name(of: $0.id), scores: $0.scores) }
        guard classes.combines else { return rows }
        return rows
            + ProfileScores.overClasses(classScores, groups: classes.superClasses).map {
                Row(sequence: nil, className: $0.name, scores: $0.scores)
            }
    }
}
