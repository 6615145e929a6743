public import Geometry

/// Writes tracks as JSON Lines, one frame a line, so that a reader of boxes takes them as input again.
///
/// `{"frame":1,"tracks":[{"id":1,"box":[x,y,w,h],"confidence":1,"class":1,"row":1,
/// "similarity":0.9,"state":"tracked"}]}` on one line; what is absent is null.
public enum JSONLinesWriter {
    /// One frame, without a line end; rows sorted by id.
    ///
    /// - Parameter highNormTokens: How many of the frame's tokens are outliers; nil leaves the key out.
    public static func line(frame: FrameIndex, rows: [TrackRow], highNormTokens: Int? = nil) -> String {
        let tracks = rows.sorted { $0.track < $1.track }.map(track)
        let high = highNormTokens.map { "\"high_norm_tokens\":\($0)," } ?? ""
        return "{\"frame\":\(frame.rawValue),\(high)\"tracks\":[\(tracks.joined(separator: ","))]}"
    }

    private static func track(_ row: TrackRow) -> String {
        let box = row.record.box
        let corners = [box.x, box.y, box.width, box.height].map(number).joined(separator: ",")
        let similarity = row.similarity.map(number) ?? "null"
        return "{\"id\":\(row.track),\"box\":[\(corners)],\"confidence\":\(number(row.record.confidence)),"
            + "\"class\":\(row.record.classID),\"row\":\(row.record.row),\"similarity\":\(similarity),"
            + "\"state\":\(JSONEscapes.literal(row.state))}"
    }

    /// JSON has no word for a number that is not finite.
    private static func number(_ value: Double) -> String {
        value.isFinite ? decimalText(value) : "null"
    }
}
