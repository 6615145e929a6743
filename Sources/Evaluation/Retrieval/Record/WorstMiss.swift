public import Geometry

/// A query whose nearest box is another object, with the box that would have been right.
public struct WorstMiss: Equatable, Sendable {
    /// A box of a miss.
    public struct Place: Equatable, Sendable {
        /// The frame's number.
        public let frame: FrameIndex
        /// The rectangle, pixels.
        public let box: Box
        /// Who it is; nil where nobody knows.
        public let identity: Int64?
        /// Its class.
        public let classID: Int
    }

    /// The sequence's name.
    public let sequence: String
    /// The gap that was asked for.
    public let requested: RetrievalDelta
    /// The box that was asked about.
    public let query: Place
    /// The box that was taken.
    public let wrong: Place
    /// The box that has the query's identity.
    public let right: Place
    /// How alike query and wrong match are.
    public let wrongSimilarity: Double
    /// How alike query and right match are.
    public let rightSimilarity: Double

    /// By how much the wrong match is more alike than the right one: how sure the feature was of its mistake.
    public var margin: Double { wrongSimilarity - rightSimilarity }
    /// The gap in frames.
    public var gap: Int { right.frame.rawValue - query.frame.rawValue }
}
