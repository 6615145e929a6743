import Features

/// `--save-statistics`: the channel statistics that a transform used, for another run.
final class StatisticsOutput {
    private var file: OutputFile

    /// Checks the place.
    init(path: String, inputs: [String]) throws(AppError) {
        guard path != "-" else { throw .usage("--save-statistics needs a file name") }
        file = try OutputFile(path: path, inputs: inputs)
        try file.requireRegularFile(for: "--save-statistics")
    }

    /// Writes and publishes.
    func publish(_ statistics: ChannelStatistics) throws {
        try file.naming { try statistics.write(to: file.temporaryPath) }
        try file.publish()
    }
}
