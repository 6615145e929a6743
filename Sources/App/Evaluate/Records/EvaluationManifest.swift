import Evaluation

/// What an evaluation is about, written before it starts: what resuming and merging compare.
struct EvaluationManifest: Codable, Equatable, Sendable {
    /// A sequence that cannot be evaluated, and why.
    struct Skipped: Codable, Equatable, Sendable {
        var name: String
        var reason: String
        /// Whether something is wrong with it, where otherwise something is only not there.
        var isDamaged: Bool

        enum CodingKeys: String, CodingKey {
            case name, reason
            case isDamaged = "damaged"
        }
    }

    var configuration: EvaluationConfiguration
    var root: String
    /// The folder of `--boxes`, where it is one.
    var boxesFolder: String?
    /// All sequences, those of other shards too, by name.
    var sequences: [String]
    var skipped: [Skipped]
    /// What has to be said about the data set, sentences.
    var notes: [String]
    /// As in `2/7`; nil where it is the whole.
    var shard: String?

    enum CodingKeys: String, CodingKey {
        case configuration, root, sequences, skipped, notes, shard
        case boxesFolder = "boxes_folder"
    }

    /// The sequences that this part of the evaluation has.
    var own: [String] { shard.flatMap(Shard.init(argument:))?.select(sequences) ?? sequences }
}
