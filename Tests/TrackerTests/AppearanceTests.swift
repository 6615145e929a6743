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
}
