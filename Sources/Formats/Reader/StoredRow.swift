import Geometry

/// One box between parsing and delivery, packed: 72 bytes, so that a detection file of 100 MB takes some 220 MB.
struct StoredRow {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
    var confidence: Double
    /// The identity, or −1 for none.
    var identity: Int64
    /// The frame's number, from 1 to `FrameRule.largest`.
    var frame: Int32
    var classID: Int32
    /// `BoxRecord.row`.
    var row: Int
    /// The line of the box, for messages.
    var line: Int

    /// Why the box cannot be used; nil where it can.
    var fault: BoxFault? {
        .of(x: x, y: y, width: width, height: height, confidence: confidence)
    }

    var record: BoxRecord {
        BoxRecord(
            box: Box(x: x, y: y, width: width, height: height), confidence: confidence, classID: Int(classID),
            identity: identity < 0 ? nil : identity, row: row)
    }
}

extension StoredRow {
    /// Packs a record; nil for a class number that does not fit.
    init?(_ record: BoxRecord, frame: Int32) {
        guard let classID = Int32(exactly: record.classID) else { return nil }
        self.init(
            x: record.box.x, y: record.box.y, width: record.box.width, height: record.box.height,
            confidence: record.confidence, identity: record.identity ?? -1, frame: frame, classID: classID,
            row: record.row, line: record.row)
    }
}

/// What frame numbers may be.
enum FrameRule {
    /// The largest frame number that is believed: over a year at 25 frames a second.
    static let largest = 1_000_000_000
    /// For messages.
    static let expected = "a frame number from 1 to 1000000000"
}
