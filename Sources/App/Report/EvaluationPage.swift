import Evaluation

/// What the page of an evaluation (`--html`) shows; `html()` writes it.
///
/// All texts are shown as they are, whatever is in them. Nothing here may differ between equal runs: times stand in a
/// file beside the page, which is only named.
struct EvaluationPage: Sendable {
    /// What was evaluated, as in "MOT17 · train".
    var title: String
    /// Why the figures are not of everything, sentences; not empty: the page says at its top that it is partial.
    var partial: [String] = []
    /// The figures that stand at the top, as in HOTA and 63.2; a handful.
    var highlights: [Fact] = []
    /// What was chosen: options, models, digests.
    var configuration: [Fact] = []
    /// What the classes are called, by their numbers.
    var classNames: [Int: String] = [:]
    /// Retrieval of every model, with and without a class gate.
    var retrieval: [Retrieval] = []
    /// Tracking scores: a table a tracker or class.
    var scores: [Table] = []
    /// Misses with their pictures, worst first.
    var misses: [Miss] = []
    /// What has to be said, sentences.
    var notes: [String] = []
    /// Sequences that cannot be evaluated, and why.
    var skipped: [SkippedSequence] = []
    /// Sequences that failed, and why.
    var failed: [SkippedSequence] = []
    /// The name of the file with the times; nil where none is written.
    var timingsFile: String?

    /// A name with its value.
    struct Fact: Equatable, Sendable {
        var name: String
        var value: String
    }

    /// What a model's features retrieve.
    struct Retrieval: Sendable {
        /// What tables and figures call the model.
        var model: String
        /// Whether queries were compared with boxes of their class only.
        var classGate: Bool
        /// A result a gap, of all sequences.
        var results: [RetrievalResult]
        /// The strata of each gap (`RetrievalStudy.strata`).
        var strata: [[StratumResult]] = []
        /// A result a gap of every sequence by itself.
        var sequences: [SequenceResults] = []
    }

    /// What one sequence gives by itself.
    struct SequenceResults: Sendable {
        var name: String
        var results: [RetrievalResult]
    }

    /// A table of texts; the first column names the rows.
    struct Table: Sendable {
        /// What the table is of.
        var title: String
        /// What its figures are, a sentence; the table's caption.
        var explanation = ""
        var headers: [String]
        /// Every row has a cell a header.
        var rows: [[String]]
        /// The last so many rows are sums or means of the others: they stay last however the table is sorted.
        var totals = 0
    }

    /// A miss with what can be shown of it; a picture that could not be cut is nil.
    struct Miss: Sendable {
        /// The model that missed.
        var model: String
        /// Whether queries were compared with boxes of their class only.
        var classGate = false
        var miss: WorstMiss
        var pictures: MissPictures.Triple = .init()
    }
}
