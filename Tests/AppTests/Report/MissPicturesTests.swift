import Decode
import Evaluation
import Foundation
import Geometry
import Testing

@testable import App

@Suite struct MissPicturesTests {
    /// A folder of pictures in which a bright square moves to the right over grey.
    private func folder(_ scratch: ScratchFolder, frames: ClosedRange<Int>) throws -> String {
        for number in frames {
            var canvas = Canvas(image: RGBImage(width: 320, height: 200))
            canvas.fill(x: 0, y: 0, width: 320, height: 200, .init(red: 90, green: 90, blue: 90))
            canvas.fill(x: 20 * number, y: 80, width: 40, height: 40, .init(red: 250, green: 30, blue: 30))
            let url = scratch.url.appending(path: "00000\(number).jpg")
            try Data(JPEGEncoder.encode(canvas.image, scale: 1)).write(to: url)
        }
        return scratch.url.path
    }

    /// The one miss of two frames in which two boxes have changed places.
    private func miss(_ boxes: [Box], frames: (Int, Int)) throws -> WorstMiss {
        let delta = RetrievalDelta.frames(frames.1 - frames.0)
        var study = try RetrievalStudy(deltas: [delta], recording: RetrievalRecording())
        try study.beginSequence(name: "s", frameRate: nil)
        for (number, identities) in [(frames.0, [Int64(1), 2]), (frames.1, [2, 1])] {
            try study.add(
                RetrievalFrame(
                    number: FrameIndex(number), boxes: boxes, identities: identities, classes: [1, 1],
                    vectors: FeatureVectors(count: 2, dimension: 2, values: [1, 0, 0, 1])))
        }
        _ = study.finish()
        return try #require(study.worstMisses[0].first { $0.query.box == boxes[0] })
    }

    @Test func boxesAreCutFromTheirFrames() throws {
        let scratch = try ScratchFolder()
        let path = try folder(scratch, frames: 1...6)
        // Not wanted, so not read: a damaged picture is no matter.
        try Data("no picture".utf8).write(to: scratch.url.appending(path: "000003.jpg"))
        let miss = try miss(
            [Box(x: 40, y: 80, width: 40, height: 40), Box(x: 100, y: 80, width: 40, height: 40)], frames: (2, 5))
        func cut() throws -> [MissPictures.Triple] {
            try MissPictures.cut(source: .path(path), options: DecodeOptions(), misses: [miss, miss])
        }
        let triples = try cut()
        #expect(try cut() == triples)
        #expect(triples.count == 2 && triples[0] == triples[1])
        let query = try #require(triples[0].query)
        #expect(max(query.width, query.height) <= BoxCutter.side)
        #expect(query.bytes.count < 20_000)
        // In frame 2 the square is at 40, where the query is; in frame 5 at 100, where the right box is.
        #expect(try redShare(query) > 0.95)
        #expect(try redShare(try #require(triples[0].right)) > 0.95)
        #expect(try redShare(try #require(triples[0].wrong)) < 0.05)
    }

    /// How much of the box's inside is red.
    private func redShare(_ picture: BoxPicture) throws -> Double {
        let scratch = try ScratchFolder()
        try Data(picture.bytes).write(to: scratch.url.appending(path: "1.jpg"))
        let frame = try #require(try VideoReader(source: .path(scratch.url.path)).next())
        var image = RGBImage()
        try FrameScaler().scale(frame, width: picture.width, height: picture.height, into: &image)
        var (red, all) = (0, 0)
        let (box, width, height) = (picture.box, Double(picture.width), Double(picture.height))
        for y in Int(box.y * height) + 3..<Int(box.maxY * height) - 3 {
            for x in Int(box.x * width) + 3..<Int(box.maxX * width) - 3 {
                all += 1
                if image.pixels[(y * image.width + x) * 3] > 180 { red += 1 }
            }
        }
        return Double(red) / Double(max(all, 1))
    }

    // Frames that are not there, a box beyond the border, no misses, another numbering.
    @Test func whatCannotBeCutIsLeftOut() throws {
        let scratch = try ScratchFolder()
        let path = try folder(scratch, frames: 1...3)
        let outside = try miss(
            [Box(x: 400, y: 10, width: 5, height: 5), Box(x: 10, y: 10, width: 5, height: 5)], frames: (2, 9))
        let triple = try MissPictures.cut(source: .path(path), options: DecodeOptions(), misses: [outside])[0]
        #expect(triple == MissPictures.Triple())
        let shifted = try miss(
            [Box(x: 1, y: 1, width: 50, height: 5), Box(x: 10, y: 10, width: 5, height: 5)], frames: (101, 103))
        #expect(
            try MissPictures.cut(source: .path(path), options: DecodeOptions(), misses: [shifted])[0]
                == MissPictures.Triple())
        let found = try MissPictures.cut(
            source: .path(path), options: DecodeOptions(), misses: [shifted], sourceFrame: { $0 - 100 })[0]
        #expect(found.query != nil && found.wrong != nil && found.right != nil)
        #expect(try MissPictures.cut(source: .path(path), options: DecodeOptions(), misses: []).isEmpty)
        #expect(throws: DecodeError.self) {
            try MissPictures.cut(source: .path(path + "/none"), options: DecodeOptions(), misses: [shifted])
        }
    }

    // Huge, tiny, at corners, without area: always inside of the frame and at least a pixel.
    @Test(arguments: [
        Box(x: 0, y: 0, width: 0, height: 0), Box(x: 639.9, y: 359.9, width: 3, height: 3),
        Box(x: -1e18, y: -1e18, width: 2e18, height: 2e18), Box(x: 300, y: 100, width: 2, height: 1),
        Box(x: -5, y: 350, width: 10, height: 100), Box(x: 1, y: 1, width: 638, height: 2),
    ])
    func regionsStayInsideTheFrame(_ box: Box) throws {
        let region = BoxCutter.region(around: box, width: 640, height: 360)
        guard box.maxX > 0, box.maxY > 0 else {
            #expect(region == nil)
            return
        }
        let found = try #require(region)
        #expect(found.x >= 0 && found.y >= 0 && found.width >= 1 && found.height >= 1)
        #expect(found.x + found.width <= 640 && found.y + found.height <= 360)
    }
}
