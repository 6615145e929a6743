import Geometry
import Tracker

/// A made-up scene: objects that move steadily and may be hidden for a while.
struct Scene {
    struct Object {
        var start: Box
        /// Pixels per second.
        var velocityX = 0.0
        var velocityY = 0.0
        var classID = 1
        /// Seconds in which the object has no box.
        var hidden: Range<Double> = -1 ..< -1
        /// Seconds in which the object exists.
        var lifetime: Range<Double> = -1..<1e9
    }

    var objects: [Object]
    var rate = 25.0

    /// The visible objects of a frame, and which ones they are.
    func observations(frame: Int) -> (boxes: [Observation], objects: [Int]) {
        let seconds = Double(frame) / rate
        var boxes: [Observation] = []
        var identities: [Int] = []
        for (index, object) in objects.enumerated()
        where object.lifetime.contains(seconds) && !object.hidden.contains(seconds) {
            var box = object.start
            box.x += object.velocityX * seconds
            box.y += object.velocityY * seconds
            boxes.append(Observation(box: box, classID: object.classID))
            identities.append(index)
        }
        return (boxes, identities)
    }

    /// Runs a tracker over the scene; the set of track ids that each object was given.
    func idsOfObjects(
        frames: Range<Int>, tracker: inout ObjectTracker, vectors: ((Int, Int) -> [Float])? = nil
    ) -> [Set<Int>] {
        var ids = [Set<Int>](repeating: [], count: objects.count)
        for frame in frames {
            let (boxes, identities) = observations(frame: frame)
            var features: FeatureVectors?
            if let vectors, !boxes.isEmpty {
                let rows = identities.map { vectors($0, frame) }
                features = FeatureVectors(count: rows.count, dimension: rows[0].count, values: rows.flatMap { $0 })
            }
            let assignments = tracker.update(
                seconds: Double(frame) / rate, observations: boxes, vectors: features)
            for assignment in assignments { ids[identities[assignment.observation]].insert(assignment.track) }
        }
        return ids
    }
}
