import Features
import Formats
import Geometry

/// `--features`: one row per box with its vector, frame, identity and row in the boxes file, as safetensors.
///
/// Tensors: `features` F32 [boxes, D], `frame` I64 [boxes], `id` I64 [boxes] (−1 where the box has none),
/// `row` I64 [boxes]. Vectors are written as they are compared, except that they are not yet L2-normalised.
final class FeatureSink {
    private var file: OutputFile
    private let path: String
    private let metadata: [String: String]
    private var writer: SafetensorsWriter?

    /// Checks the place; the writer starts with the first vectors, when D is known.
    init(path: String, inputs: [String], metadata: [String: String]) throws(AppError) {
        guard path != "-" else { throw .usage("--features needs a file name") }
        self.path = path
        self.metadata = metadata
        file = try OutputFile(path: path, inputs: inputs)
        try file.requireRegularFile(for: "--features")
    }

    /// Adds the boxes of a frame.
    func write(frame: FrameIndex, records: [BoxRecord], vectors: FeatureVectors) throws {
        try file.naming {
            try open(dimension: vectors.dimension)
            try writer?.append(vectors.values, to: "features")
            try writer?.append(records.map { _ in Int64(frame.rawValue) }, to: "frame")
            try writer?.append(records.map { $0.identity ?? -1 }, to: "id")
            try writer?.append(records.map { Int64($0.row) }, to: "row")
        }
    }

    /// Finishes the file and puts it in its place; without any box the tensors have no rows.
    func finish(dimension: Int) throws {
        try file.naming {
            try open(dimension: dimension)
            try writer?.finish()
        }
        try file.publish()
    }

    private func open(dimension: Int) throws {
        guard writer == nil else { return }
        writer = try SafetensorsWriter(
            path: file.temporaryPath, overwriting: true,
            columns: [
                .floats("features", rowShape: [dimension]),
                .integers("frame"),
                .integers("id"),
                .integers("row"),
            ], metadata: metadata)
    }
}
