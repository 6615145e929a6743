/// What a sequence took, in seconds; stages overlap.
struct SequenceSeconds: Codable, Sendable {
    /// Whether vectors and histograms came from the cache.
    var cached = false
    /// Whether the record was there already.
    var resumed = false
    /// Reading everything for its digest.
    var digest = 0.0
    var decode = 0.0
    var embed = 0.0
    var pool = 0.0
    var associate = 0.0
    var retrieval = 0.0
    var score = 0.0
    var total = 0.0
}

/// timings.json: the only output that wall-clock times stand in.
struct EvaluationTimings: Codable {
    var version = VTrack.version
    var jobs: Int
    /// Threads of each job's network.
    var threads: Int
    var load: Double
    var total: Double
    var sequences: [String: SequenceSeconds]
}
