// The file of saved statistics is a safetensors file: `means` and `variances` (F32, [channels]) and `count` (I64, [1]).
extension ChannelStatistics {
    /// The most channels that are read: all blocks of the largest models, joined.
    static let maximumChannels = 1 << 20

    /// Reads statistics that `write(to:)` saved.
    ///
    /// - Throws: `FeatureError.weights` where the file cannot be read or lacks a tensor, `.statistics` where its numbers
    ///   cannot be used.
    public init(contentsOf path: String) throws(FeatureError) {
        let (count, means, variances): ([Int64], [Float], [Float])
        do throws(WeightsError) {
            let file = try SafetensorsFile(path: path)
            for name in ["count", "means", "variances"] {
                if let entry = file.entries[name], entry.count > Self.maximumChannels {
                    throw WeightsError.entry(
                        path: path, tensor: name,
                        problem: "\(entry.count) numbers, where statistics have at most \(Self.maximumChannels)")
                }
            }
            count = try file.integers("count")
            means = try file.floats("means")
            variances = try file.floats("variances")
        } catch {
            throw .weights(error)
        }
        guard count.count == 1 else {
            throw .statistics(source: path, reason: "\"count\" has \(count.count) numbers; it must have one")
        }
        try self.init(
            count: Int(clamping: count[0]), means: means.map(Double.init), variances: variances.map(Double.init),
            source: path)
    }

    /// Saves the statistics for `init(contentsOf:)`; the file appears complete or not at all.
    ///
    /// Numbers are rounded to single precision, which is what `FeatureTransform` computes with: a run with saved
    /// statistics gives the same bytes as the run that saved them.
    ///
    /// - Throws: `FeatureError.weights` where the file cannot be written.
    public func write(to path: String) throws(FeatureError) {
        let writer = try SafetensorsWriter(
            path: path, columns: [.integers("count"), .floats("means"), .floats("variances")])
        try writer.append([Int64(count)], to: "count")
        try writer.append(means.map(Float.init), to: "means")
        try writer.append(variances.map(Float.init), to: "variances")
        try writer.finish()
    }
}
