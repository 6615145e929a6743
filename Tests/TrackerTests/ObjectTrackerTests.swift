import Geometry
import Testing

@testable import Tracker

@Suite struct ObjectTrackerTests {
    // Two people of different build walk through one another.
    @Test(arguments: [12.0, 25, 60])
    func crossingObjectsKeepTheirIds(rate: Double) throws {
        let scene = Scene(
            objects: [
                .init(start: Box(x: 100, y: 100, width: 40, height: 110), velocityX: 60),
                .init(start: Box(x: 340, y: 96, width: 38, height: 100), velocityX: -60),
            ], rate: rate)
        var tracker = try ObjectTracker()
        #expect(scene.idsOfObjects(frames: 0..<Int(4 * rate), tracker: &tracker) == [[1], [2]])
    }

    // Hidden for 0.6 s while it moves on: found again at any frame rate, because time is in seconds.
    @Test(arguments: [12.0, 25, 60])
    func occludedObjectIsFoundAgain(rate: Double) throws {
        let scene = Scene(
            objects: [
                .init(
                    start: Box(x: 100, y: 100, width: 50, height: 110), velocityX: 25, hidden: 1.5..<2.1),
                .init(start: Box(x: 500, y: 100, width: 50, height: 110)),
            ], rate: rate)
        var tracker = try ObjectTracker()
        #expect(scene.idsOfObjects(frames: 0..<Int(4 * rate), tracker: &tracker) == [[1], [2]])
    }

    // Longer away than lost tracks are kept: a new object.
    @Test(arguments: [12.0, 60])
    func lostTracksExpireInSeconds(rate: Double) throws {
        var configuration = TrackerConfiguration()
        configuration.lostSeconds = 1
        for (gap, expected) in [(0.8, 1), (1.3, 2)] {
            let scene = Scene(
                objects: [.init(start: Box(x: 100, y: 100, width: 50, height: 110), hidden: 1..<(1 + gap))], rate: rate)
            var tracker = try ObjectTracker(configuration: configuration)
            let ids = scene.idsOfObjects(frames: 0..<Int(4 * rate), tracker: &tracker)
            #expect(ids[0].count == expected, "gap of \(gap) s")
        }
    }

    // A box of another class never continues a track, unless that is switched off.
    @Test func classesShareNoTrack() throws {
        let box = Box(x: 100, y: 100, width: 50, height: 110)
        for (perClass, expected) in [(true, 2), (false, 1)] {
            var configuration = TrackerConfiguration()
            configuration.perClass = perClass
            var tracker = try ObjectTracker(configuration: configuration)
            _ = tracker.update(seconds: 0, observations: [Observation(box: box, classID: 1)])
            let second = tracker.update(seconds: 0.04, observations: [Observation(box: box, classID: 3)])
            #expect(second.map(\.track) == [expected])
        }
    }

    // Ids of one frame follow x, then y, whatever the order of the rows, and have no gaps later on.
    @Test func idsFollowPlaceAtBirth() throws {
        var tracker = try ObjectTracker()
        let places = [(300.0, 10.0), (100, 400), (100, 50), (200, 10)]
        let observations = places.map { Observation(box: Box(x: $0.0, y: $0.1, width: 20, height: 20)) }
        let first = tracker.update(seconds: 0, observations: observations)
        #expect(first.map(\.track) == [4, 2, 1, 3])
        #expect(first.allSatisfy { $0.state == .born && $0.similarity == nil })
        let second = tracker.update(
            seconds: 0.04,
            observations: observations + [Observation(box: Box(x: 0, y: 0, width: 20, height: 20))])
        #expect(second.map(\.track) == [4, 2, 1, 3, 5])
        #expect(second.map(\.state) == [.tracked, .tracked, .tracked, .tracked, .born])
    }

    // Shuffled input rows give the same tracks, box for box.
    @Test(arguments: 0..<5)
    func rowOrderDoesNotMatter(seed: Int) throws {
        var random = Numbers(seed: seed)
        var straight = try ObjectTracker()
        var shuffled = try ObjectTracker()
        var boxes = (0..<25).map { _ in
            Box(x: random.uniform(0...600), y: random.uniform(0...300), width: 40, height: 90)
        }
        for frame in 0..<80 {
            for index in boxes.indices {
                boxes[index].x += random.uniform(-4...4)
                boxes[index].y += random.uniform(-3...3)
            }
            let observations = boxes.map { Observation(box: $0, confidence: random.uniform(0...1)) }
            let order = Array(observations.indices).shuffled(using: &random)
            let expected = straight.update(seconds: Double(frame) / 25, observations: observations)
            let result = shuffled.update(seconds: Double(frame) / 25, observations: order.map { observations[$0] })
            let byRow = result.map { assignment in
                TrackAssignment(
                    observation: order[assignment.observation], track: assignment.track,
                    similarity: assignment.similarity, state: assignment.state)
            }
            #expect(byRow.sorted { $0.observation < $1.observation } == expected)
        }
    }

    // A weak box starts a track that is reported only once it is confirmed, or as tentative if that is asked for.
    @Test func weakBirthsAreTentative() throws {
        var configuration = TrackerConfiguration()
        configuration.birthConfidence = 0.5
        configuration.highConfidence = 0.5
        configuration.instantConfidence = 0.9
        configuration.confirmationBoxes = 3
        let weak = [Observation(box: Box(x: 10, y: 10, width: 30, height: 60), confidence: 0.7)]
        var silent = try ObjectTracker(configuration: configuration)
        configuration.reportTentative = true
        var talkative = try ObjectTracker(configuration: configuration)
        let quiet = (0..<4).map { silent.update(seconds: Double($0) / 25, observations: weak) }
        #expect(quiet.map { $0.map(\.state) } == [[], [], [.born], [.tracked]])
        #expect(quiet.flatMap { $0 }.allSatisfy { $0.track == 1 })
        let spoken = (0..<4).map { talkative.update(seconds: Double($0) / 25, observations: weak) }
        #expect(spoken.map { $0.map(\.state) } == [[.tentative], [.tentative], [.tracked], [.tracked]])
        #expect(spoken.flatMap { $0 }.allSatisfy { $0.track == 1 })
    }

    // Ground truth has confidence 1: every box has a track, from its first frame on.
    @Test func certainBoxesAreAllKept() throws {
        var random = Numbers(seed: 3)
        var tracker = try ObjectTracker()
        for frame in 0..<60 {
            let observations = (0..<random.below(40)).map { _ in
                Observation(
                    box: Box(
                        x: random.uniform(-100...700), y: random.uniform(-100...400), width: random.uniform(0...120),
                        height: random.uniform(0...200)))
            }
            let assignments = tracker.update(seconds: Double(frame) / 25, observations: observations)
            #expect(assignments.map(\.observation) == Array(observations.indices))
            #expect(Set(assignments.map(\.track)).count == observations.count)
        }
    }

    // Lost frames leave holes in time; the same motion is still followed.
    @Test func droppedFramesAreBridged() throws {
        let scene = Scene(
            objects: [
                .init(start: Box(x: 50, y: 100, width: 50, height: 110), velocityX: 70),
                .init(start: Box(x: 400, y: 100, width: 50, height: 110), velocityX: -40, velocityY: 10),
            ])
        var tracker = try ObjectTracker()
        var random = Numbers(seed: 9)
        var ids: [Set<Int>] = [[], []]
        for frame in 0..<100 where frame < 8 || random.below(3) > 0 {
            let found = scene.idsOfObjects(frames: frame..<frame + 1, tracker: &tracker)
            for index in 0..<2 { ids[index].formUnion(found[index]) }
        }
        #expect(ids == [[1], [2]])
    }

    // A repeated or earlier time, or none at all, moves nothing and loses nothing.
    @Test(arguments: [1.0, 0.5, -3, .nan, .infinity, -.infinity])
    func strangeTimesAreHarmless(second: Double) throws {
        var tracker = try ObjectTracker()
        let boxes = [Observation(box: Box(x: 50, y: 100, width: 50, height: 110))]
        #expect(tracker.update(seconds: 1, observations: boxes).map(\.track) == [1])
        #expect(tracker.update(seconds: second, observations: boxes).map(\.track) == [1])
        #expect(tracker.update(seconds: second, observations: boxes).map(\.track) == [1])
    }

    // Every box in the same place: the same answer every time.
    @Test func equalBoxesAreDeterministic() throws {
        let boxes = [Observation](repeating: Observation(box: Box(x: 50, y: 100, width: 50, height: 110)), count: 12)
        var first: [[TrackAssignment]]?
        for _ in 0..<100 {
            var tracker = try ObjectTracker()
            let result = (0..<5).map { tracker.update(seconds: Double($0) / 25, observations: boxes) }
            #expect(first == nil || first == result)
            first = result
        }
        #expect(first?.last.map { Set($0.map(\.track)) } == Set(1...12))
    }

    // A camera that jerks moves all boxes alike; no identity changes while neighbours are a step apart.
    @Test func cameraMotionIsTakenOut() throws {
        func ids(cameraMotion: Bool) throws -> Int {
            var configuration = TrackerConfiguration()
            configuration.cameraMotion = cameraMotion
            var tracker = try ObjectTracker(configuration: configuration)
            var changes = 0
            for frame in 0..<60 {
                // Every ninth frame the camera turns by two thirds of the distance between neighbours.
                let shift = 40 * Double(frame / 9)
                let boxes = (0..<8).map { index in
                    Observation(box: Box(x: 60 * Double(index) + shift, y: 100, width: 45, height: 90))
                }
                let result = tracker.update(seconds: Double(frame) / 25, observations: boxes)
                for assignment in result where assignment.track != assignment.observation + 1 { changes += 1 }
            }
            return changes
        }
        let (without, with) = (try ids(cameraMotion: false), try ids(cameraMotion: true))
        #expect(with <= without)
    }
}
