/// One class of one sequence as metrics take it: after the benchmark's preprocessing, with identities renumbered.
///
/// Source: what TrackEval's `get_preprocessed_seq_data` hands to its metrics. Identities count from 0 without gaps in
/// the order of the file's numbers, boxes of a frame stand in the order of the file: ties of an assignment fall by these
/// orders, so that they are part of what is equal to the kits.
public struct MetricSequence: Equatable, Sendable {
    /// The boxes of one frame on both sides.
    public struct Frame: Equatable, Sendable {
        /// Identities of the true boxes, each at most once, from 0 until `truthIdentities`.
        public var truth: [Int32]
        /// Identities of the tracker's boxes, each at most once, from 0 until `resultIdentities`.
        public var result: [Int32]
        /// Intersection over union, true boxes × the tracker's, row-major.
        public var similarity: [Double]

        /// Creates a frame; `similarity` has a number for every pair.
        public init(truth: [Int32], result: [Int32], similarity: [Double]) {
            precondition(similarity.count == truth.count * result.count, "a similarity for every pair")
            self.truth = truth
            self.result = result
            self.similarity = similarity
        }
    }

    /// Every frame that the benchmark evaluates, in order, empty ones included.
    public var frames: [Frame]
    /// How many objects there are in truth.
    public var truthIdentities: Int
    /// How many tracks there are.
    public var resultIdentities: Int
    /// Whether the kit's matrices of overlaps lie column by column in memory, as in TrackEval those of BDD100K do and
    /// those of no other benchmark here.
    ///
    /// NumPy adds numbers that lie side by side in another order than others, so that the last bit of a sum, and with
    /// it a tie of an assignment, hangs on this. `Frame.similarity` is row-major whatever this says.
    public var isColumnMajor: Bool

    /// Creates a sequence.
    public init(frames: [Frame], truthIdentities: Int, resultIdentities: Int, isColumnMajor: Bool = false) {
        self.frames = frames
        self.truthIdentities = truthIdentities
        self.resultIdentities = resultIdentities
        self.isColumnMajor = isColumnMajor
    }

    /// How many true boxes there are.
    public var truthBoxes: Int { frames.reduce(0) { $0 + $1.truth.count } }
    /// How many boxes the tracker has.
    public var resultBoxes: Int { frames.reduce(0) { $0 + $1.result.count } }
}
