import Geometry

/// One object followed over time.
struct Track: Sendable {
    /// The id that is reported; 0 until the track is reported for the first time.
    var id = 0
    let classID: Int
    var motion: KalmanFilter
    /// The last box that was given to the track, moved with the camera since.
    var lastBox: Box
    /// Seconds since that box.
    var unseenSeconds = 0.0
    /// How many boxes the track has had.
    var boxes = 1
    var isConfirmed: Bool
    /// Where the track's vectors are kept, −1 without any.
    var memory = -1
    /// Whether the track had a box in the frame before.
    var wasSeen = true

    init(classID: Int, motion: KalmanFilter, box: Box, isConfirmed: Bool) {
        self.classID = classID
        self.motion = motion
        lastBox = box
        self.isConfirmed = isConfirmed
    }
}
