import ArgumentParser

/// Where tracks and the report go: what `run` and `track` share.
struct TrackOutputArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write tracks here; - is standard output. Default: tracks.txt for mot, standard output for jsonl.",
            valueName: "file"), completion: .file())
    var out: String?

    @Option(
        help: ArgumentHelp("Tracks as MOTChallenge text (mot) or a JSON line a frame (jsonl).", valueName: "mot|jsonl"))
    var format: TrackFormat = .mot

    @Option(
        help: ArgumentHelp("Write a JSON report here; - is standard output.", valueName: "file"), completion: .file())
    var report: String?

    /// The path of the tracks, `-` for standard output.
    var tracksPath: String { out ?? (format == .mot ? "tracks.txt" : "-") }

    /// Whether standard output is taken by data, so that tables go to standard error.
    var usesStandardOutput: Bool { tracksPath == "-" || report == "-" }

    func validate() throws {
        if tracksPath == "-", report == "-" {
            throw ValidationError("tracks and --report cannot both go to standard output")
        }
    }

    /// Opens the tracks, checking the place.
    func openTracks(inputs: [String]) throws(AppError) -> TrackSink {
        try TrackSink(format: format, path: tracksPath, inputs: inputs)
    }

    /// Checks the report's place; nil where none is asked for.
    func openReport(inputs: [String]) throws(AppError) -> TextOutput? {
        guard let report else { return nil }
        return try TextOutput(path: report, inputs: inputs)
    }
}

extension TrackFormat: ExpressibleByArgument {}
