import Foundation
import Geometry
import Testing

@testable import Formats

/// Boxes from FIFOs and descriptors, written by another thread while they are read.
@Suite(.timeLimit(.minutes(10))) struct LiveInputTests {
    /// Writes pieces into a FIFO from a thread of its own, and closes it when `release` says so, or at once without it.
    private func write(_ pieces: [String], to path: String, release: DispatchSemaphore? = nil) {
        Thread.detachNewThread {
            let descriptor = unsafe open(path, O_WRONLY)
            for piece in pieces {
                writeAll(Array(piece.utf8), to: descriptor)
                // Not needed for the result: it makes it likely that the reader sees the pieces one by one.
                Thread.sleep(forTimeInterval: 0.01)
            }
            release?.wait()
            _ = close(descriptor)
        }
    }

    @Test(arguments: [
        // Cut in the middle of a row and of a number.
        ["1,-1,1,2,3,4,0.5\n1,-1,5,2,", "3,4,0.5\n2,-1,1", "0,2,3,4,0.5\n", "4,-1,7,2,3,4,0.5"],
        // Cut anywhere in an object.
        [
            #"{"frame":1,"boxes":[{"box":[1,2,3,4]},{"bo"#, #"x":[5,2,3,4]}]}\#n{"frame":2,"box":[10,2,3,4]}"#,
            #"\#n{"frame":4,"box":[7,2,3,4]}\#n"#,
        ],
    ])
    func readsAFIFO(_ pieces: [String]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.fifo("boxes")
        // Opened before there is a writer.
        let reader = try BoxReader(location: BoxLocation(argument: path), options: BoxOptions())
        #expect(reader.isLive && reader.format == nil)
        write(pieces, to: path)
        let frames = try rest(of: reader)
        #expect(frames.map(\.frame.rawValue) == [1, 2, 4])
        #expect(frames.map { $0.boxes.map(\.box.x) } == [[1, 5], [10], [7]])
        #expect(try reader.next() == nil)
        #expect(reader.summary.kept == 4 && reader.summary.frames == 3)
    }

    /// A frame object is delivered at once, while its writer goes on waiting for the answer.
    @Test func aFrameObjectIsCompleteAtOnce() throws {
        let folder = try TemporaryFolder()
        let path = try folder.fifo("boxes")
        let reader = try BoxReader(location: .path(path), options: BoxOptions())
        let release = DispatchSemaphore(value: 0)
        let lines = [#"{"frame":1,"boxes":[{"box":[1,2,3,4]}]}\#n"#, #"{"frame":2,"boxes":[]}\#n"#]
        write(lines, to: path, release: release)
        #expect(try reader.next()?.frame == FrameIndex(1))
        #expect(try reader.next() == FrameBoxes(frame: FrameIndex(2), boxes: []))
        release.signal()
        #expect(try reader.next() == nil)
    }

    @Test func readsADescriptorAndLeavesItOpen() throws {
        var ends: [Int32] = [0, 0]
        let result = unsafe pipe(&ends)
        try #require(result == 0)
        defer { _ = close(ends[0]) }
        writeAll(Array("1,-1,1,2,3,4,0.5\n".utf8), to: ends[1])
        _ = close(ends[1])
        do {
            let reader = try BoxReader(location: BoxLocation(argument: "fd:\(ends[0])"), options: BoxOptions())
            #expect(try rest(of: reader).count == 1)
        }
        #expect(fcntl(ends[0], F_GETFD) >= 0)
    }

    @Test func givesUpAfterTheTimeAllowed() throws {
        let folder = try TemporaryFolder()
        let path = try folder.fifo("boxes")
        let options = BoxOptions(timeoutSeconds: 0.2)
        // Nobody ever opens the other end.
        let silent = try BoxReader(location: .path(path), options: options)
        #expect(throws: FormatError.timedOut(source: path, seconds: 0.2)) { try silent.next() }
        #expect(FormatError.timedOut(source: path, seconds: 0.2).category == .timedOut)
        // A frame that does not get complete while its writer waits; it is not lost.
        let release = DispatchSemaphore(value: 0)
        write(["1,-1,1,2,3,4,0.5\n"], to: path, release: release)
        let slow = try BoxReader(location: .path(path), options: options)
        #expect(throws: FormatError.timedOut(source: path, seconds: 0.2)) { try slow.next() }
        release.signal()
        var boxes: FrameBoxes?
        while boxes == nil {
            do throws(FormatError) {
                boxes = try slow.next()
                if boxes == nil { break }
            } catch .timedOut {
                continue
            }
        }
        #expect(boxes?.boxes.count == 1)
    }

    @Test func cancelEndsAWait() throws {
        let folder = try TemporaryFolder()
        let path = try folder.fifo("boxes")
        let reader = try BoxReader(location: .path(path), options: BoxOptions())
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: 0.1)
            reader.cancel()
            reader.cancel()
        }
        #expect(throws: FormatError.cancelled) { try reader.next() }
        #expect(throws: FormatError.cancelled) { try reader.next() }
    }

    @Test(arguments: [
        // A row of a frame that a later one completed.
        ("2,-1,1,2,3,4\n3,-1,1,2,3,4\n2,-1,5,2,3,4\n4,-1,1,2,3,4", 3, 2, 3, 1),
        // A second object of a frame.
        (#"{"frame":2,"boxes":[]}\#n{"frame":2,"boxes":[]}"#, 2, 2, 2, 1),
        // A box of a frame whose object has come.
        (#"{"frame":2,"boxes":[]}\#n{"frame":2,"box":[1,2,3,4]}"#, 2, 2, 2, 1),
        (#"{"frame":2,"boxes":[]}\#n{"frame":1,"box":[1,2,3,4]}"#, 2, 1, 2, 1),
        // An earlier frame while one is gathered.
        ("2,-1,1,2,3,4\n1,-1,1,2,3,4", 2, 1, 2, 0),
    ])
    func refusesFinishedFrames(_ text: String, _ line: Int, _ frame: Int, _ current: Int, _ before: Int) throws {
        let reader = try BoxReader(bytes: Array(text.utf8), name: "boxes", live: true)
        for _ in 0..<before { #expect(try reader.next() != nil) }
        let expected = FormatError.finishedFrame(
            SourcePlace(source: "boxes", line: line), frame: frame, current: current)
        #expect(throws: expected) { try reader.next() }
        #expect(expected.category == .badData)
    }

    @Test func theFirstFrameDecidesWhetherItIsGroundTruth() throws {
        let truth = "1,1,1,2,3,4,1,1,1\n1,2,1,2,3,4,1,3,1\n"
        let reader = try BoxReader(bytes: Array((truth + "2,-1,1,2,3,4,0.5\n").utf8), name: "boxes", live: true)
        #expect(reader.format == nil)
        #expect(try reader.next()?.boxes.map(\.row) == [1])
        #expect(reader.format == .motGT)
        let error = #expect(throws: FormatError.self) { try reader.next() }
        #expect(error == .notGroundTruth(SourcePlace(source: "boxes", line: 3), found: "the row has 7 columns"))
        #expect(error?.description.contains("--boxes-format mot-det") == true)
        // Detections may look like ground truth later, and a format that was given is kept.
        #expect(
            try frames(Array(("1,-1,1,2,3,4,1\n" + "2,1,1,2,3,4,0,7,1").utf8), live: true).map(\.boxes.count) == [1, 1])
        let asDetections = BoxOptions(format: .motDetections)
        #expect(try frames(Array(truth.utf8), asDetections, live: true).map(\.boxes.count) == [2])
    }

    /// In frame order, a pipe gives what a file gives, however it is cut.
    @Test(arguments: [1, 2, 3, 7, 64, 1000])
    func pipeAndFileAgree(_ step: Int) throws {
        var generator = SplitMix64(seed: UInt64(step))
        for isJSON in [false, true] {
            var text = ""
            for frame in 1...40 {
                for _ in 0..<Int.random(in: 0...4, using: &generator) {
                    let numbers = (0..<4).map { _ in
                        decimalText(Double(Int.random(in: -3...4000, using: &generator)) / 8)
                    }
                    let score = decimalText(Double(Int.random(in: 0...9, using: &generator)) / 10)
                    text +=
                        isJSON
                        ? "{\"frame\":\(frame),\"box\":[\(numbers.joined(separator: ","))],\"confidence\":\(score)}\n"
                        : "\(frame),-1,\(numbers.joined(separator: ",")),\(score)\r\n"
                }
            }
            let bytes = Array(text.utf8)
            let options = BoxOptions(minimumConfidence: 0.2)
            #expect(try frames(bytes, options) == frames(bytes, options, live: true, step: step))
        }
    }
}
