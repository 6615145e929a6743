/// What a study keeps beside its counts, so that its sequences can be saved and its misses be shown.
public struct RetrievalRecording: Equatable, Sendable {
    /// How many of the worst misses a sequence keeps for each gap.
    public var missesPerSequence: Int
    /// How many of them the study keeps for each gap, of all sequences.
    public var misses: Int

    /// Creates a choice; 12 misses a sequence, 24 of all, for each gap.
    public init(missesPerSequence: Int = 12, misses: Int = 24) {
        self.missesPerSequence = max(0, missesPerSequence)
        self.misses = max(0, misses)
    }
}
