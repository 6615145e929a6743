import Formats
import Geometry
import Glibc

/// Form of the tracks that are written.
enum TrackFormat: String, CaseIterable {
    /// MOTChallenge text, a row a box; appears complete or not at all.
    case mot
    /// JSON Lines, a line a frame, flushed at once.
    case jsonl
}

/// Where tracks go: a file or standard output, as MOT text or JSON Lines.
struct TrackSink: ~Copyable {
    private let format: TrackFormat
    private var sink: ByteSink
    /// The file that is renamed into place: at the end, or with the first line of JSON Lines; nil for streams.
    private var file: OutputFile?

    /// Opens the output; `-` is standard output.
    init(format: TrackFormat, path: String, inputs: [String]) throws(AppError) {
        self.format = format
        if path == "-" {
            sink = ByteSink(descriptor: STDOUT_FILENO, path: "standard output", ownsDescriptor: false)
            file = nil
            return
        }
        let prepared = try OutputFile(path: path, inputs: inputs)
        sink = try prepared.openSink()
        file = consume prepared
    }

    /// Writes the rows of one frame, sorted by track.
    mutating func write(frame: FrameIndex, rows: [TrackRow], highNormTokens: Int? = nil) throws(AppError) {
        switch format {
        case .mot:
            for row in rows { try sink.write(MOTWriter.line(row) + "\n") }
        case .jsonl:
            // Lines are read while they come, so the file gets its name with the first one; until then, as where the
            // source cannot be opened, an older file stays.
            if file != nil {
                try file?.publish()
                file = nil
            }
            try sink.write(JSONLinesWriter.line(frame: frame, rows: rows, highNormTokens: highNormTokens) + "\n")
            try sink.flush()
        }
    }

    /// Publishes what was written.
    mutating func finish() throws(AppError) {
        try sink.flush()
        guard file != nil else { return }
        try sink.synchronize()
        try file?.publish()
    }
}

/// Writes a whole text as a file that appears complete or not at all; `-` is standard output.
struct TextOutput: ~Copyable {
    private var file: OutputFile?

    /// Checks the place; call before the work starts.
    init(path: String, inputs: [String]) throws(AppError) {
        file = path == "-" ? nil : try OutputFile(path: path, inputs: inputs)
    }

    /// Writes and publishes.
    mutating func publish(_ text: String) throws(AppError) {
        guard file != nil else { return try printOut(text) }
        guard var sink = try file?.openSink() else { return }
        try sink.write(text)
        try sink.synchronize()
        try file?.publish()
    }
}
