public import Geometry

/// Writes tracks as Scalabel JSON, the format in which results of BDD100K are handed in.
///
/// Source: bdd100k `doc/source/evaluate.rst` (multiple object tracking): a list of frames `{videoName, name,
/// frameIndex, labels: [{id, category, score, box2d}]}`. `frameIndex` counts from 0, pictures' names from 1. `index`
/// says the same for TrackEval, which knows no other name.
public enum ScalabelWriter {
    /// One video as a whole file, a frame a line.
    ///
    /// - Parameters:
    ///   - video: The video's name.
    ///   - frames: Numbers from 1 of all frames that the labels count, in rising order; those without a row are written
    ///     with no labels, because both kits want every frame. Rows of other frames are written too.
    ///   - rows: Tracks; classes are those of `ScalabelCategory`, and rows of any other class are left out.
    public static func text(video: String, frames: some Sequence<FrameIndex>, rows: [TrackRow]) -> String {
        let byFrame = Dictionary(grouping: rows, by: \.frame)
        let numbers = Set(frames).union(byFrame.keys).sorted()
        let lines = numbers.map { line(video: video, frame: $0, rows: byFrame[$0] ?? []) }
        return "[\n\(lines.joined(separator: ",\n"))\n]\n"
    }

    /// One frame, without a comma or a line end; rows sorted by id.
    public static func line(video: String, frame: FrameIndex, rows: [TrackRow]) -> String {
        let index = frame.rawValue - 1
        let digits = String(frame.rawValue)
        let padding = String(repeating: "0", count: max(0, 7 - digits.utf8.count))
        let labels = rows.sorted { $0.track < $1.track }.compactMap(label)
        return "{\"videoName\":\(JSONEscapes.literal(video)),"
            + "\"name\":\(JSONEscapes.literal("\(video)-\(padding)\(digits).jpg")),"
            + "\"frameIndex\":\(index),\"index\":\(index),\"labels\":[\(labels.joined(separator: ","))]}"
    }

    private static func label(_ row: TrackRow) -> String? {
        guard let category = ScalabelCategory.name(of: row.record.classID) else { return nil }
        let box = row.record.box
        return "{\"id\":\"\(row.track)\",\"category\":\"\(category)\",\"score\":\(number(row.record.confidence)),"
            + "\"box2d\":{\"x1\":\(number(box.x)),\"y1\":\(number(box.y)),"
            + "\"x2\":\(number(box.maxX)),\"y2\":\(number(box.maxY))}}"
    }

    /// JSON has no word for a number that is not finite.
    private static func number(_ value: Double) -> String {
        value.isFinite ? decimalText(value) : "null"
    }
}
