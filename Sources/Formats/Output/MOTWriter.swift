import Geometry

/// Writes tracks as MOTChallenge result text: `frame,id,x,y,w,h,conf,-1,-1,-1`.
///
/// Numbers read back as the same Doubles (`decimalText`). Column 8 is −1 and not the class, because TrackEval reads it
/// as one and refuses every class but 1.
public enum MOTWriter {
    /// One row, without a line end.
    public static func line(_ row: TrackRow) -> String {
        let box = row.record.box
        var text = String(row.frame.rawValue)
        text += ","
        text += String(row.track)
        for number in [box.x, box.y, box.width, box.height, row.record.confidence] {
            text += ","
            text += decimalText(number)
        }
        text += ",-1,-1,-1"
        return text
    }

    /// Rows as a whole file: sorted by frame, then id, each with its line end.
    public static func text(_ rows: [TrackRow]) -> String {
        var text = ""
        for row in rows.sorted(by: { ($0.frame, $0.track) < ($1.frame, $1.track) }) {
            text += line(row)
            text += "\n"
        }
        return text
    }
}
