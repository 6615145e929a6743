import Features
import Geometry
import Glibc

/// The engine's measurements of one `vtrack bench`.
struct BenchSession {
    let checkpoint: Checkpoint
    let selection: LayerSelection
    /// Threads that compute.
    let threads: Int
    let rounds: Int

    /// Measures one precision at every batch.
    ///
    /// - Parameter accuracy: Where the tokens are to be compared with those in single precision.
    func measure(_ precision: Precision, batches: [Int], accuracy: TokenAccuracy?) throws -> [BenchReport.Result] {
        let (network, loadingPeak) = try load(precision)
        let compared = try accuracy?.compare(network)
        return try batches.map { batch in
            var measurement = try EngineMeasurement(network, batch: batch, loadingPeak: loadingPeak)
            for round in 1...rounds { try measurement.round(remaining: rounds - round) }
            var result = measurement.result
            result.tokenCosine = compared?.cosine
            result.relativeError = compared?.relativeError
            return result
        }
    }

    /// Measures a round for every line of standard input, and answers each with a line of JSON.
    ///
    /// The first line that is printed says that the engine is ready; its times are 0.
    func paced(_ precision: Precision, batch: Int) throws {
        let (network, loadingPeak) = try load(precision)
        var measurement = try EngineMeasurement(network, batch: batch, loadingPeak: loadingPeak)
        var sink = ByteSink(descriptor: STDOUT_FILENO, path: "standard output", ownsDescriptor: false)
        try sink.write("{\"ready\":true}\n")
        try sink.flush()
        while readLine() != nil {
            try measurement.round(remaining: rounds)
            try sink.write(try BenchReport.line(measurement.lastResult))
            try sink.flush()
        }
    }

    private func load(_ precision: Precision) throws -> (VisionTransformer, loadingPeak: Double) {
        ProcessFacts.forgetPeak()
        let network = try VisionTransformer(
            checkpoint: checkpoint, selection: selection, precision: precision, threads: threads)
        return (network, ProcessFacts.peakMemory)
    }
}
