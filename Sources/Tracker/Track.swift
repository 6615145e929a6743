/// One object followed over time.
struct Track: Sendable {
    /// The id that is reported; 0 until the track is reported for the first time.
    var id = 0
    let classID: Int
    var motion: KalmanFilter
    /// Seconds since the last box.
    var unseenSeconds = 0.0
    /// How many boxes the track has had.
    var boxes = 1
    var isConfirmed: Bool
    /// Whether the track had a box in the frame before.
    var wasSeen = true
    /// Whether the track is past finding by motion: lost for too long, or out of the frame.
    var isGone = false
    /// Where the track's vectors are kept, −1 without any.
    var memory = -1

    init(classID: Int, motion: KalmanFilter, isConfirmed: Bool) {
        self.classID = classID
        self.motion = motion
        self.isConfirmed = isConfirmed
    }
}
