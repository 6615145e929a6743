import Evaluation
import Formats
import Geometry

/// Writes the tracks of a sequence in the benchmark's result format, numbered as the source's frames.
///
/// The file appears complete or not at all.
struct SequenceTracks: ~Copyable {
    private let benchmark: Benchmark
    private let name: String
    private let frames: [Int]
    private var sink: ByteSink
    private var file: OutputFile
    /// Rows of formats that are one document.
    private var rows: [TrackRow] = []

    /// The ending of such files.
    static func ending(of benchmark: Benchmark) -> String { benchmark == .bdd100k ? "json" : "txt" }

    /// - Parameter frames: The numbers of all frames that the labels count.
    init(path: String, benchmark: Benchmark, name: String, frames: [Int]) throws(AppError) {
        self.benchmark = benchmark
        self.name = name
        self.frames = frames
        let prepared = try OutputFile(path: path, inputs: [])
        sink = try prepared.openSink()
        file = consume prepared
    }

    /// Adds the rows of a frame, sorted by track.
    mutating func write(_ rows: [TrackRow]) throws(AppError) {
        switch benchmark {
        case .bdd100k: self.rows += rows
        case .kitti:
            for row in rows {
                if let line = KITTIWriter.line(row) { try sink.write(line + "\n") }
            }
        case .mot15, .mot16, .mot17, .mot20, .dancetrack, .folder:
            for row in rows { try sink.write(MOTWriter.line(row) + "\n") }
        }
    }

    /// Publishes what was written.
    mutating func finish() throws(AppError) {
        if benchmark == .bdd100k {
            try sink.write(ScalabelWriter.text(video: name, frames: frames.map { FrameIndex($0) }, rows: rows))
        }
        try sink.synchronize()
        try file.publish()
    }
}
