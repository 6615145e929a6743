/// What labels say about one box beside its rectangle and class; nil where they say nothing.
public struct BoxTraits: Hashable, Sendable {
    /// Share of the object that can be seen, 0 to 1.
    public var visibility: Double?
    /// Whether something hides a part of it.
    public var isOccluded: Bool?
    /// Whether the picture's border cuts it.
    public var isTruncated: Bool?

    /// Creates traits; nothing is known unless given.
    public init(visibility: Double? = nil, isOccluded: Bool? = nil, isTruncated: Bool? = nil) {
        self.visibility = visibility
        self.isOccluded = isOccluded
        self.isTruncated = isTruncated
    }

    /// The traits of a true box.
    public init(_ box: TruthBox) {
        self.init(visibility: box.visibility, isOccluded: box.isOccluded, isTruncated: box.isTruncated)
    }
}
