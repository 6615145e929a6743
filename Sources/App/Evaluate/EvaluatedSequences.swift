import Evaluation

/// The sequences of a data set that can be evaluated, and those that cannot with their reasons.
struct EvaluatedSequences {
    var usable: [DatasetSequence] = []
    var skipped: [EvaluationManifest.Skipped]

    init(_ dataset: Dataset, boxes: BoxChoice) {
        skipped = dataset.skipped.map {
            EvaluationManifest.Skipped(name: $0.name, reason: $0.reason, isDamaged: $0.isDamaged)
        }
        for sequence in dataset.sequences {
            if let reason = Self.reason(sequence, boxes: boxes) {
                skipped.append(EvaluationManifest.Skipped(name: sequence.name, reason: reason, isDamaged: false))
            } else {
                usable.append(sequence)
            }
        }
        skipped.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Why a sequence cannot be evaluated; nil where it can.
    private static func reason(_ sequence: DatasetSequence, boxes: BoxChoice) -> String? {
        var missing: [String] = []
        let isEmpty = sequence.pictures.flatMap(PictureFolder.init)?.names.isEmpty == true
        if sequence.pictures == nil || isEmpty { missing.append("no pictures") }
        if sequence.truth == nil { missing.append("no ground truth") }
        if boxes == .published, sequence.detections == nil { missing.append("no public detections") }
        return missing.isEmpty ? nil : missing.joined(separator: " and ")
    }
}
