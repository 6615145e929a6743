import Features
import Formats
import Geometry

/// The vectors that `run --features` or `embed --boxes` wrote, found again by the row their box has in the boxes file.
struct VectorTable {
    /// Numbers per vector.
    let dimension: Int
    private let path: String
    private let values: [Float]
    /// Frame of each vector; and where the vector of a row of the boxes file lies, −1 for none.
    private let frames: [Int64]
    private var position: [Int32]

    /// Reads the file.
    init(path: String) throws {
        self.path = path
        let file = try SafetensorsFile(path: path)
        let shape = file.entries["features"]?.shape ?? []
        // `embed` has the numbers of its token maps in `frame`.
        let frameName = file.entries["box_frame"] == nil ? "frame" : "box_frame"
        for name in ["features", frameName, "row"] where file.entries[name] == nil {
            throw AppError.unsuitable(
                path: path,
                message: "tensor \(name) is missing; give a file that run --features or embed --boxes wrote")
        }
        values = try file.floats("features")
        frames = try file.integers(frameName)
        let rows = try file.integers("row")
        guard shape.count == 2, shape[0] == frames.count, frames.count == rows.count, shape[1] > 0
        else {
            throw AppError.unsuitable(
                path: path,
                message: "tensors features [boxes, D], \(frameName) [boxes] and row [boxes] do not fit together; "
                    + "give a file that run --features or embed --boxes wrote")
        }
        guard values.allSatisfy(\.isFinite) else {
            throw AppError.unsuitable(path: path, message: "a vector holds a number that is not finite")
        }
        dimension = shape[1]
        guard rows.allSatisfy({ (1...100_000_000).contains($0) }) else {
            throw AppError.unsuitable(path: path, message: "tensor row must hold row numbers from 1")
        }
        position = [Int32](repeating: -1, count: Int(rows.max() ?? 0) + 1)
        for (index, row) in rows.enumerated() { position[Int(row)] = Int32(index) }
    }

    /// The vectors of a frame's boxes, of unit length.
    func vectors(frame: FrameIndex, records: [BoxRecord]) throws(AppError) -> FeatureVectors {
        var result = FeatureVectors(zeros: records.count, dimension: dimension)
        for (index, record) in records.enumerated() {
            let found = record.row < position.count ? Int(position[record.row]) : -1
            guard found >= 0, frames[found] == Int64(frame.rawValue) else {
                throw .unsuitable(
                    path: path,
                    message: "no vector for row \(record.row) (frame \(frame)) of the boxes; "
                        + "the vectors must be made from the same boxes file with the same --classes")
            }
            // The file has vectors as they are before the last step of a transform, L2-normalisation.
            var squares = 0.0
            for value in values[found * dimension..<(found + 1) * dimension] {
                squares += Double(value) * Double(value)
            }
            guard squares > 0 else { continue }
            let inverse = 1 / squares.squareRoot()
            for channel in 0..<dimension {
                result.values[index * dimension + channel] = Float(
                    Double(values[found * dimension + channel]) * inverse)
            }
        }
        return result
    }
}
