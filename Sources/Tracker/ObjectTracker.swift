public import Geometry

/// Links boxes across frames into tracks, from where the boxes are and, if there are vectors, what they look like.
///
/// A value: it knows no video, no file and no network, shares nothing with other trackers and starts its ids at 1.
/// The same calls give the same tracks, and the order of a frame's observations does not matter.
///
/// Every frame: tracks are predicted to the frame's time; the boxes' common displacement is taken out; confident boxes
/// are assigned by overlap, distance, size and appearance; then less confident ones to tracks that were seen in the
/// frame before; then what is left by overlap with the last observed box; then lost tracks by appearance alone; boxes
/// that remain start tracks.
public struct ObjectTracker: Sendable {
    /// The numbers it works with.
    public let configuration: TrackerConfiguration

    var tracks: [Track] = []
    var nextID = 1
    var lastSeconds: Double?
    var cameraMotion = CameraMotion()
    var matcher = ComponentMatcher()
    var memory = AppearanceMemory()
    var frame = FrameState()

    /// Creates a tracker without tracks.
    ///
    /// The frame size, where it is known, is in pixels of the displayed frame.
    ///
    /// - Throws: `TrackerError` if a number of the configuration is out of range or the frame size is not positive.
    public init(
        configuration: TrackerConfiguration = TrackerConfiguration(), frameWidth: Double? = nil,
        frameHeight: Double? = nil
    ) throws(TrackerError) {
        try configuration.validate()
        let (width, height) = (frameWidth ?? 1, frameHeight ?? 1)
        guard width > 0, height > 0, width.isFinite, height.isFinite else {
            throw .frameSize(width: width, height: height)
        }
        self.configuration = configuration
    }

    /// Takes in the boxes of one frame and says which track each one belongs to.
    ///
    /// `seconds` is the frame's time; a time that repeats, goes back or is not finite moves nothing. `vectors` has one
    /// row per observation, in the same order.
    ///
    /// Returns at most one entry per observation, in the order of `observations`. Boxes that are not well formed, that the configuration
    /// finds too weak, or whose track is not confirmed yet have none.
    ///
    /// - Precondition: `vectors`, if given, has as many rows as there are observations.
    public mutating func update(
        seconds: Double, observations: [Observation], vectors: FeatureVectors? = nil
    ) -> [TrackAssignment] {
        precondition(vectors == nil || vectors?.count == observations.count, "one vector per observation")
        advance(to: seconds)
        frame.begin(observations, minimumConfidence: configuration.minimumConfidence)
        frame.startTracks(count: tracks.count)
        memory.begin(vectors, order: frame.order)

        if configuration.cameraMotion { compensateCamera() }
        matchConfident()
        matchLessConfident()
        matchLastObserved()
        matchByAppearance()
        let assignments = finish(observations)
        return assignments
    }

    /// Predicts every track to `seconds` and drops those that have been lost for too long.
    private mutating func advance(to seconds: Double) {
        var step = 0.0
        if seconds.isFinite {
            if let last = lastSeconds, seconds > last { step = min(seconds - last, 1e6) }
            lastSeconds = seconds
        }
        guard step > 0 else { return }
        let lostLimit =
            memory.isInUse
            ? max(configuration.lostSeconds, configuration.appearanceLostSeconds) : configuration.lostSeconds
        for index in tracks.indices {
            tracks[index].unseenSeconds += step
            if !tracks[index].wasSeen { fade(&tracks[index], step: step) }
            tracks[index].motion.predict(
                step: step, centreNoise: configuration.centreNoiseModel, sizeNoise: configuration.sizeNoiseModel)
        }
        // A track seen in the frame before has not been lost, however long the step.
        let tentativeLimit = configuration.tentativeLostSeconds
        removeTracks { track in
            !track.wasSeen && track.unseenSeconds > (track.isConfirmed ? lostLimit : tentativeLimit)
        }
        trimLost()
    }

    private func fade(_ track: inout Track, step: Double) {
        let factor = max(0, 1 - step / configuration.velocityFadeSeconds)
        track.motion.damp(centre: factor, size: factor)
    }

    private mutating func trimLost() {
        let cap = Int(configuration.maximumLost)
        var lost = 0
        for track in tracks where !track.wasSeen { lost += 1 }
        guard lost > cap else { return }
        let oldest = tracks.indices.filter { !tracks[$0].wasSeen }
            .sorted { (tracks[$0].unseenSeconds, $1) > (tracks[$1].unseenSeconds, $0) }
        var isExcess = [Bool](repeating: false, count: tracks.count)
        for index in oldest.prefix(lost - cap) { isExcess[index] = true }
        var index = -1
        removeTracks { _ in
            index += 1
            return isExcess[index]
        }
    }

    private mutating func removeTracks(where shouldRemove: (Track) -> Bool) {
        var kept = 0
        for index in tracks.indices {
            if shouldRemove(tracks[index]) {
                memory.release(tracks[index].memory)
            } else {
                if kept != index { tracks[kept] = tracks[index] }
                kept += 1
            }
        }
        tracks.removeLast(tracks.count - kept)
    }
}
