/// The rules that hold for the boxes of one frame together.
struct FrameCheck {
    let source: String
    let maximumBoxes: Int
    private var identities: [(identity: Int64, line: Int)] = []

    init(source: String, maximumBoxes: Int) {
        self.source = source
        self.maximumBoxes = maximumBoxes
    }

    /// Refuses more than `maximumBoxes` boxes and an identity that occurs twice.
    ///
    /// - Complexity: O(n log n) for n boxes.
    mutating func check(_ rows: some Collection<StoredRow>, frame: Int32) throws(FormatError) {
        if rows.count > maximumBoxes, let last = rows.dropFirst(maximumBoxes).first {
            throw .tooManyBoxes(SourcePlace(source: source, line: last.line), frame: Int(frame), limit: maximumBoxes)
        }
        identities.removeAll(keepingCapacity: true)
        for row in rows where row.identity >= 0 { identities.append((row.identity, row.line)) }
        identities.sort { $0 < $1 }
        for index in identities.indices.dropFirst() where identities[index].identity == identities[index - 1].identity {
            throw .duplicateIdentity(
                SourcePlace(source: source, line: identities[index].line), frame: Int(frame),
                identity: identities[index].identity)
        }
    }
}
