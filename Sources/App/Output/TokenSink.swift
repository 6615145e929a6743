import Features
import Formats
import Geometry

/// The safetensors file of `vtrack embed`: token maps by frame and vectors by box.
final class TokenSink {
    private var file: OutputFile
    private let vectorDimension: Int?
    private var writer: SafetensorsWriter?
    private var shape: (rows: Int, columns: Int, channels: Int) = (0, 0, 0)

    /// Takes over a checked place; `vectorDimension` is nil where no boxes are given.
    init(file: consuming OutputFile, vectorDimension: Int?) {
        self.file = file
        self.vectorDimension = vectorDimension
    }

    /// Adds the tokens of a frame; all frames must have maps of one shape.
    func write(frame: FrameIndex, map: TokenMap) throws {
        if shape.rows == 0 { shape = (map.rows, map.columns, map.channels) }
        guard shape == (map.rows, map.columns, map.channels) else {
            throw AppError.unsuitable(
                path: file.path,
                message: "frame \(frame) has \(map.rows)×\(map.columns) tokens where the first has "
                    + "\(shape.rows)×\(shape.columns): the video changes its size; choose --frames of one size")
        }
        try file.naming {
            if writer == nil { try open() }
            try writer?.append(map.values, to: "tokens")
            try writer?.append([Int64(frame.rawValue)], to: "frame")
        }
    }

    /// Adds the vectors of a frame's boxes.
    func write(frame: FrameIndex, records: [BoxRecord], vectors: FeatureVectors) throws {
        try file.naming {
            try writer?.append(vectors.values, to: "features")
            try writer?.append(records.map { _ in Int64(frame.rawValue) }, to: "box_frame")
            try writer?.append(records.map { $0.identity ?? -1 }, to: "id")
            try writer?.append(records.map { Int64($0.row) }, to: "row")
        }
    }

    /// Finishes the file and puts it in its place.
    func finish() throws {
        try file.naming { try writer?.finish() }
        try file.publish()
    }

    private func open() throws {
        var columns: [SafetensorsWriter.Column] = [
            .floats("tokens", rowShape: [shape.rows, shape.columns, shape.channels]),
            .integers("frame"),
        ]
        if let vectorDimension {
            columns.append(.floats("features", rowShape: [vectorDimension]))
            for name in ["box_frame", "id", "row"] {
                columns.append(.integers(name))
            }
        }
        writer = try SafetensorsWriter(
            path: file.temporaryPath, overwriting: true, columns: columns,
            metadata: ["source": "vtrack \(VTrack.version)"])
    }
}
