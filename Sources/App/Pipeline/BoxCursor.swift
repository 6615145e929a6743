import Formats
import Geometry

/// Hands out the boxes of a frame as the video reaches it, and counts those whose frame never came.
///
/// For live boxes, asking for a frame waits until its boxes are complete.
struct BoxCursor {
    private let reader: BoxReader
    private var pending: FrameBoxes?
    private var exhausted = false
    /// Boxes on frames that the video skipped.
    private(set) var boxesOnMissingFrames = 0

    /// Takes over a reader.
    init(reader: BoxReader) {
        self.reader = reader
    }

    /// The boxes of `frame`; asked in increasing order of frames.
    mutating func boxes(at frame: FrameIndex) throws(FormatError) -> [BoxRecord] {
        while true {
            if pending == nil, !exhausted {
                pending = try reader.next()
                exhausted = pending == nil
            }
            guard let next = pending else { return [] }
            if next.frame > frame { return [] }
            pending = nil
            if next.frame == frame { return next.boxes }
            boxesOnMissingFrames += next.boxes.count
        }
    }

    /// After the last frame of the video: counts the boxes that are left over; live input is not waited for.
    mutating func countRest() throws(FormatError) -> Int {
        var rest = pending?.boxes.count ?? 0
        pending = nil
        guard !reader.isLive else { return rest }
        while let next = try reader.next() { rest += next.boxes.count }
        exhausted = true
        return rest
    }
}
