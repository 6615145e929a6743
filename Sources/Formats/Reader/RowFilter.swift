/// Decides which boxes are kept, and counts the others by reason.
struct RowFilter {
    /// The classes to keep, nil for all.
    private let classes: Set<Int>?
    private let isGroundTruth: Bool
    private let minimumConfidence: Double
    private let strict: Bool
    private let source: String
    /// The counts so far.
    var summary: BoxSummary

    /// A filter for a format that is known by now.
    init(format: BoxFormat, options: BoxOptions, source: String, summary: BoxSummary = BoxSummary()) {
        isGroundTruth = format == .motGT
        classes = options.classes ?? (format == .motGT ? [1] : nil)
        minimumConfidence = options.minimumConfidence ?? -.infinity
        strict = options.strict
        self.source = source
        self.summary = summary
        self.summary.keepsDefaultClass = format == .motGT && options.classes == nil
    }

    /// Whether a box is kept.
    ///
    /// What is left out for its class or its mark is not looked at further: nobody will use it.
    ///
    /// - Throws: `unusableBox` in strict mode.
    mutating func keeps(_ row: StoredRow) throws(FormatError) -> Bool {
        summary.rows += 1
        if isGroundTruth, row.confidence == 0 {
            summary.markedZero += 1
            return false
        }
        if let classes, !classes.contains(Int(row.classID)) {
            summary.countClass(Int(row.classID))
            return false
        }
        if let fault = row.fault {
            let place = SourcePlace(source: source, line: row.line)
            if strict { throw .unusableBox(place, fault) }
            summary.unusable[fault, default: 0] += 1
            if summary.firstUnusable == nil { summary.firstUnusable = place }
            return false
        }
        if row.confidence < minimumConfidence {
            summary.belowConfidence += 1
            return false
        }
        summary.kept += 1
        return true
    }
}
