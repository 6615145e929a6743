import Decode
import Foundation
import Geometry
import Testing

/// Pictures of a folder that are cut short or overwritten are counted; intact ones are not.
@Suite struct DamagedPictureTests {
    /// A picture of noise that is the same in every run, so that every byte of the file matters.
    private let intact: [UInt8]

    init() throws {
        var image = RGBImage(width: 320, height: 240)
        var random = SplitMix64(seed: 7)
        for index in image.pixels.indices { image.pixels[index] = UInt8(random.next() & 63) + UInt8(index % 190) }
        intact = try JPEGEncoder.encode(image)
    }

    /// How many pictures of a folder come, and how many errors are counted; an intact one stands first.
    private func read(_ pictures: [[UInt8]]) throws -> (frames: Int, errors: Int, lastPixels: [UInt8]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (number, bytes) in ([intact] + pictures).enumerated() {
            try Data(bytes).write(to: folder.appending(path: "\(number + 1).jpg"))
        }
        let reader = try VideoReader(source: .path(folder.path))
        var image = RGBImage()
        var frames = 0
        while let frame = try reader.next() {
            frames += 1
            try FrameScaler().scale(frame, width: 320, height: 240, into: &image)
        }
        return (frames, reader.statistics.decodeErrors, image.pixels)
    }

    @Test func intactOnesAreNotCounted() throws {
        let first = try read([])
        // Padding and foreign bytes after the end belong to nobody.
        let others = try read([intact, intact + [UInt8](repeating: 0, count: 700), intact + [1, 2, 3, 0xFF, 0xDA, 9]])
        #expect((others.frames, others.errors) == (4, 0))
        #expect(others.lastPixels == first.lastPixels)
    }

    /// What is left of a cut picture still comes, and so do whole ones after it, unharmed.
    @Test(arguments: [0.25, 0.5, 0.75, 0.9, 0.99])
    func cutOnesAreCounted(share: Double) throws {
        let cut = Array(intact.prefix(Int(Double(intact.count) * share)))
        let twice = try read([cut, cut])
        #expect((twice.frames, twice.errors) == (3, 2))
        let followed = try read([cut, intact])
        #expect((followed.frames, followed.errors) == (3, 1))
        let whole = try read([])
        #expect(followed.lastPixels == whole.lastPixels)
    }

    @Test func lastBytesAreMissed() throws {
        for count in 1...60 {
            let found = try read([intact.dropLast(count)])
            #expect((found.frames, found.errors) == (2, 1), "\(count) bytes cut")
        }
    }

    /// Nothing of the picture itself is there.
    @Test(arguments: [0, 2, 20, 150])
    func headersAloneAreNoPicture(count: Int) throws {
        let found = try read([Array(intact.prefix(count))])
        #expect((found.frames, found.errors) == (1, 1))
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func overwrittenOnesAreCounted(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var bytes = intact
        let start = bytes.count / 2
        for index in start..<start + 3000 { bytes[index] = UInt8(truncatingIfNeeded: random.next()) }
        let found = try read([bytes, intact])
        #expect(found.errors == 1)
        let whole = try read([])
        #expect(found.lastPixels == whole.lastPixels)
    }
}
