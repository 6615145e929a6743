public import Geometry

/// Links boxes across frames into tracks, from where the boxes are and, if there are vectors, what they look like.
///
/// A value: it knows no video, no file and no network, shares nothing with other trackers and starts its ids at 1.
/// The same calls give the same tracks, and the order of a frame's observations does not matter.
///
/// Every frame: tracks are predicted to the frame's time; the boxes' common displacement is taken out; confident boxes
/// are assigned by overlap, distance, size and appearance, less confident ones to tracks that were seen in the frame
/// before, and what is left to lost tracks by appearance alone; boxes that remain start tracks.
public struct ObjectTracker: Sendable {
    /// The numbers it works with.
    public let configuration: TrackerConfiguration

    /// No step is taken to be longer, seconds; everything that was lost is gone by then.
    static let longestStep = 1e6

    let frameSize: (width: Double, height: Double)?
    let cost: AssociationCost
    let centreNoise: KalmanFilter.Noise
    let sizeNoise: KalmanFilter.Noise
    var tracks: [Track] = []
    var nextID = 1
    var lastSeconds: Double?
    var frame = FrameState()
    var matcher = ComponentMatcher()
    var cameraMotion = CameraMotion()
    var memory = AppearanceMemory()
    var borderWaits = BorderWaits()

    /// Creates a tracker without tracks.
    ///
    /// The frame size is in pixels of the displayed frame; where it is known, a lost track whose object has left the
    /// frame is not looked for by motion any more.
    ///
    /// - Throws: `TrackerError` if a number of the configuration is out of range or the frame size is not positive.
    public init(
        configuration: TrackerConfiguration = TrackerConfiguration(), frameWidth: Double? = nil,
        frameHeight: Double? = nil
    ) throws(TrackerError) {
        try configuration.validate()
        if let frameWidth, let frameHeight {
            guard frameWidth > 0, frameHeight > 0, frameWidth.isFinite, frameHeight.isFinite else {
                throw .frameSize(width: frameWidth, height: frameHeight)
            }
            frameSize = (frameWidth, frameHeight)
        } else {
            frameSize = nil
        }
        self.configuration = configuration
        cost = AssociationCost(configuration)
        centreNoise = configuration.centreNoiseModel
        sizeNoise = configuration.sizeNoiseModel
    }

    /// Takes in the boxes of one frame and says which track each one belongs to.
    ///
    /// `seconds` is the frame's time; a time that repeats, goes back or is not finite moves nothing. `vectors` has one
    /// row per observation, in the same order; vectors that are zero or not finite are taken as missing.
    ///
    /// Returns at most one entry per observation, in the order of `observations`. Boxes that are not well formed, that
    /// the configuration finds too weak, or whose track is not confirmed yet have none.
    ///
    /// - Precondition: `vectors`, if given, has as many rows as there are observations.
    /// - Complexity: O(tracks · boxes) for finding pairs that overlap, and the assignment within groups of them.
    public mutating func update(
        seconds: Double, observations: [Observation], vectors: FeatureVectors? = nil
    ) -> [TrackAssignment] {
        precondition(vectors == nil || vectors?.count == observations.count, "one vector per observation")
        advance(to: seconds)
        frame.begin(
            observations, tracks: tracks.count, minimumConfidence: configuration.minimumConfidence)
        if !memory.begin(vectors, order: frame.order) {
            for index in tracks.indices { tracks[index].memory = -1 }
        }
        if configuration.cameraMotion { compensateCamera() }
        matchConfident()
        matchLessConfident()
        matchByAppearance()
        return finish()
    }
}
