import Geometry
import Testing

@testable import Tracker

@Suite struct AppearanceTests {
    /// Vectors as a frozen network gives them: a large common part, a small part that tells objects apart, and noise.
    private func vector(object: Int, frame: Int, dimension: Int = 64) -> [Float] {
        var own = Numbers(seed: object * 7919 + 1)
        var noise = Numbers(seed: object * 1000 + frame)
        return (0..<dimension).map { _ in
            Float(1 + 0.35 * own.uniform(-1...1) + 0.12 * noise.uniform(-1...1))
        }
    }

    @Test func vectorsOfDifferentObjectsAreAlike() {
        // The premise of these tests: a bare cosine threshold would not do.
        func cosine(_ left: [Float], _ right: [Float]) -> Float {
            let dot = zip(left, right).map(*).reduce(0, +)
            return dot / (left.map { $0 * $0 }.reduce(0, +) * right.map { $0 * $0 }.reduce(0, +)).squareRoot()
        }
        #expect(cosine(vector(object: 0, frame: 0), vector(object: 1, frame: 0)) > 0.9)
    }

    private let row = (0..<5).map { index in
        Scene.Object(start: Box(x: 130 * Double(index), y: 100, width: 50, height: 110))
    }

    // One of five leaves for three seconds and comes back elsewhere; motion alone cannot know it.
    @Test(arguments: [10.0, 25])
    func objectThatLeavesAndReturnsKeepsItsId(rate: Double) throws {
        var objects = row
        objects[2].hidden = 2..<5
        objects[2].velocityX = 90
        objects[2].start.y = 300
        let scene = Scene(objects: objects, rate: rate)
        var tracker = try ObjectTracker()
        let ids = scene.idsOfObjects(
            frames: 0..<Int(7 * rate), tracker: &tracker, vectors: { vector(object: $0, frame: $1) })
        #expect(ids == [[1], [2], [3], [4], [5]])
    }

    // A newcomer while another one is gone is not taken for it.
    @Test func newcomerIsNotMistaken() throws {
        var objects = row
        objects[2].lifetime = 0..<2
        objects.append(.init(start: Box(x: 300, y: 400, width: 50, height: 110), lifetime: 3..<9))
        let scene = Scene(objects: objects)
        var tracker = try ObjectTracker()
        let ids = scene.idsOfObjects(
            frames: 0..<150, tracker: &tracker, vectors: { vector(object: $0, frame: $1) })
        #expect(ids == [[1], [2], [3], [4], [5], [6]])
    }

    // Similarity is reported from the second box on; a zero vector has none to report and is not remembered.
    @Test func similarityIsReported() throws {
        var tracker = try ObjectTracker()
        let boxes = [Observation(box: Box(x: 0, y: 0, width: 50, height: 100))]
        func step(_ frame: Int, _ values: [Float]) -> Double? {
            tracker.update(
                seconds: Double(frame) / 25, observations: boxes,
                vectors: FeatureVectors(count: 1, dimension: 2, values: values)
            )[0].similarity
        }
        #expect(step(0, [3, 4]) == nil)
        #expect(abs((step(1, [6, 8]) ?? 0) - 1) < 1e-6)
        #expect(step(2, [0, 0]) == 0)
        #expect(abs((step(3, [3, 4]) ?? 0) - 1) < 1e-6)
    }

    /// A walker that leaves over the left border and is back after two seconds, facing the other way: what is first seen
    /// of it, up to its centre, looks like nobody.
    private func returning(from identity: Int, wait: Double) throws -> (ids: Set<Int>, unreported: Int) {
        var configuration = TrackerConfiguration()
        configuration.returnWaitSeconds = wait
        var tracker = try ObjectTracker(configuration: configuration, frameWidth: 640, frameHeight: 480)
        var ids: Set<Int> = []
        var unreported = 0
        for frame in 0..<150 {
            let away = 50..<100
            var boxes = (1...4).map { Box(x: 120 * Double($0), y: 100, width: 50, height: 110) }
            var vectors = (1...4).map { vector(object: $0, frame: frame) }
            if !away.contains(frame) {
                // At −25 the centre is on the border.
                let x = frame < 50 ? 110 - 3 * Double(frame) : -40 + 3 * Double(frame - 100)
                boxes.append(Box(x: x, y: 300, width: 50, height: 110))
                let isSliver = frame >= 100 && x < -25
                vectors.append(vector(object: frame < 50 ? 0 : isSliver ? 9 : identity, frame: frame))
            }
            let assignments = tracker.update(
                seconds: Double(frame) / 25, observations: boxes.map { Observation(box: $0) },
                vectors: FeatureVectors(count: boxes.count, dimension: 64, values: vectors.flatMap { $0 }))
            if frame >= 100 {
                let own = assignments.first { $0.observation == 4 }
                if let own { ids.insert(own.track) } else { unreported += 1 }
            }
        }
        return (ids, unreported)
    }

    // The sliver waits for the five frames in which it looks like nobody, and the object keeps its track.
    @Test func sliverAtTheBorderWaitsForTheObject() throws {
        let (ids, unreported) = try returning(from: 0, wait: 0.4)
        // Of the tracks that begin together its is the leftmost.
        #expect(ids == [1])
        #expect(unreported == 5)
    }

    // Without waiting the sliver starts a track, which the object then keeps.
    @Test func sliverStartsATrackWithoutWaiting() throws {
        let (ids, unreported) = try returning(from: 0, wait: 0)
        #expect(ids == [6])
        #expect(unreported == 0)
    }

    // Somebody else comes in where the walker left: a new track, as soon as its centre is in, or when the time is up.
    @Test(arguments: [(0.4, 5), (0.1, 3)])
    func newcomerAtTheBorderWaitsForAWhile(wait: Double, frames: Int) throws {
        let (ids, unreported) = try returning(from: 8, wait: wait)
        #expect(ids == [6])
        #expect(unreported == frames)
    }

    // Nobody waits longer than one is to wait, however many objects leave over the same border meanwhile.
    @Test(arguments: [1, 5, 12])
    func waitDoesNotGrowWithTheTracksThatLeave(leavers: Int) throws {
        var tracker = try ObjectTracker(
            configuration: TrackerConfiguration(), frameWidth: 640, frameHeight: 480)
        var unreported = 0
        for frame in 0..<220 {
            let seconds = Double(frame) / 25
            var boxes = (1...4).map { Box(x: 110 * Double($0) + 40, y: 100, width: 50, height: 110) }
            var vectors = (1...4).map { vector(object: $0, frame: frame) }
            for leaver in 0..<leavers {
                // Each is 15 pixels outside 0.3 s after the one before, and not seen again.
                let centre = -15 + 75 * (3 + 0.3 * Double(leaver) - seconds)
                guard centre >= -15, centre < 300 else { continue }
                boxes.append(Box(x: centre - 20, y: 230, width: 40, height: 100))
                vectors.append(vector(object: 10 + leaver, frame: frame))
            }
            if seconds >= 3.2 {
                boxes.append(Box(x: -40, y: 350, width: 60, height: 110))
                vectors.append(vector(object: 5, frame: frame))
            }
            let newcomer = boxes.count - 1
            let assignments = tracker.update(
                seconds: seconds, observations: boxes.map { Observation(box: $0) },
                vectors: FeatureVectors(count: boxes.count, dimension: 64, values: vectors.flatMap { $0 }))
            if seconds >= 3.2, !assignments.contains(where: { $0.observation == newcomer }) { unreported += 1 }
        }
        // At 25 frames a second 0.4 s are ten frames, or eleven where sums of 0.04 stay below.
        #expect((1...11).contains(unreported))
    }
}
