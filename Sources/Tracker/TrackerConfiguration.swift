/// Every number of the tracker, with the tuned preset as defaults.
///
/// Lengths are in units of a box's scale (the geometric mean of its sides), times in seconds, so that one configuration
/// serves every resolution and frame rate. configs/default.yaml has the same keys with their effects.
public struct TrackerConfiguration: Equatable, Sendable {
    /// Boxes of different classes never share a track.
    public var perClass = true
    /// The boxes' common displacement is taken as camera motion and removed before matching.
    public var cameraMotion = true
    /// Boxes of tracks that are not confirmed are reported, as tentative.
    public var reportTentative = false

    /// Boxes less confident than this are ignored.
    public var minimumConfidence = 0.17
    /// Boxes at least this confident are matched first.
    public var highConfidence = 0.48
    /// Only boxes at least this confident start a track.
    public var birthConfidence = 0.77
    /// A track that starts with at least this confidence is confirmed at once.
    public var instantConfidence = 0.0
    /// Boxes that any other track needs before it is confirmed.
    public var confirmationBoxes = 2.0

    /// Standard deviation of a measured centre, scales.
    public var centreNoise = 0.054
    /// White acceleration of the centre, scales per s^1.5.
    public var centreAcceleration = 1.64
    /// Standard deviation of the centre's velocity at birth, scales per second.
    public var centreInitialVelocity = 2.15
    /// Standard deviation of a measured side, scales.
    public var sizeNoise = 0.12
    /// White acceleration of a side, scales per s^1.5.
    public var sizeAcceleration = 0.103
    /// Standard deviation of a side's rate of change at birth, scales per second.
    public var sizeInitialVelocity = 0.44
    /// Time constant with which the velocity of a lost track fades, seconds.
    public var velocityFadeSeconds = 0.57

    /// Boxes grow by this share of their sides on each side before overlap is measured.
    public var overlapBuffer = 0.11
    /// Cost of a distance of one scale between centres, beside 1 − overlap.
    public var distanceWeight = 0.284
    /// How many times more a vertical offset counts than a horizontal one.
    public var verticalWeight = 4.5
    /// Weight of a difference in height.
    public var heightWeight = 0.124
    /// Difference of the logarithms of heights at which its term begins to flatten.
    public var heightTolerance = 0.031
    /// Weight of a difference in width.
    public var widthWeight = 0.037
    /// Difference of the logarithms of widths at which its term begins to flatten.
    public var widthTolerance = 0.067
    /// Cost of each second that a track has been lost.
    public var lostWeight = 0.028
    /// A pair must cost less than this in the first stage.
    public var matchLimit = 1.36
    /// A pair must cost less than this in the stage for less confident boxes.
    public var lowMatchLimit = 0.65

    /// How long a track is kept without a box, seconds.
    public var lostSeconds = 2.54
    /// How long a track that is not confirmed is kept without a box, seconds.
    public var tentativeLostSeconds = 0.1
    /// At most this many tracks are kept without a box; the longest lost go first.
    public var maximumLost = 1000.0

    /// Camera motion needs at least this many pairs that agree.
    public var cameraMinimumPairs = 3.0
    /// Pairs agree if they lie within this many scales of the median displacement.
    public var cameraAgreement = 0.19
    /// How many standard errors a common displacement must be large to be believed.
    public var cameraCertainty = 2.0
    /// New tracks start with the tracks' common velocity if most lie within this many scales per second of it.
    public var birthAgreement = 0.96

    /// Cost of a cosine like that of different objects, against one like that of the same object.
    public var appearanceWeight = 0.4
    /// Time constant of a track's moving average of vectors, seconds.
    public var memorySeconds = 0.5
    /// How much like the same object (1) rather than a different one (0) a lost track must look to be found again.
    public var reentryScore = 0.35
    /// By how much it must look better than any other candidate.
    public var reentryMargin = 0.12
    /// How long a track with vectors is kept without a box, seconds.
    public var appearanceLostSeconds = 10.0
    /// How long boxes whose centre is beyond a border wait, unreported, for a track that left there, seconds.
    public var returnWaitSeconds = 0.4

    /// Creates the tuned preset.
    public init() {}

    /// Noise of the centre as the filter wants it.
    var centreNoiseModel: KalmanFilter.Noise {
        KalmanFilter.Noise(
            measurement: centreNoise, acceleration: centreAcceleration, initialVelocity: centreInitialVelocity)
    }

    /// Noise of the sides as the filter wants it.
    var sizeNoiseModel: KalmanFilter.Noise {
        KalmanFilter.Noise(
            measurement: sizeNoise, acceleration: sizeAcceleration, initialVelocity: sizeInitialVelocity)
    }
}
