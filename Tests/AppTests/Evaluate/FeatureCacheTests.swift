import Features
import Foundation
import Geometry
import Logging
import Testing

@testable import App

@Suite struct FeatureCacheTests {
    private let scratch: ScratchFolder
    private let opening = FeatureOpening(frameRate: 30000.0 / 1001, sourceRate: nil, width: 640, height: 480)
    private let closing = FeatureClosing(frames: 3, pictures: 4, decodeErrors: 0, notices: ["a “note”"])

    init() throws { scratch = try ScratchFolder() }

    private func cache(limit: Int = 1 << 30) throws -> FeatureCache {
        var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        return try FeatureCache(folder: scratch.path("cache"), limit: limit, logger: logger)
    }

    private func key(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 64 - digits.count) + digits
    }

    private func path(_ number: Int) -> String { scratch.path("cache/\(key(number)).features") }

    /// A frame with two boxes, one without any, one without vectors.
    private var frames: [FeatureFrame] {
        let odd: [Float] = [-0, .leastNonzeroMagnitude, .infinity, 1 / 3, .greatestFiniteMagnitude, -1e-30]
        return [
            FeatureFrame(
                number: FrameIndex(1), width: 640, height: 480,
                vectors: FeatureVectors(count: 2, dimension: 3, values: odd),
                histograms: FeatureVectors(count: 2, dimension: 1, values: [0.5, 0.25])),
            FeatureFrame(number: FrameIndex(2), width: 640, height: 480),
            FeatureFrame(
                number: FrameIndex(1_000_000_000), width: 1, height: 2,
                histograms: FeatureVectors(count: 1, dimension: 2, values: [1, 0])),
        ]
    }

    private func write(_ number: Int, to cache: FeatureCache, frames: [FeatureFrame]? = nil) throws {
        let writer = try #require(cache.create(key(number), opening: opening))
        for frame in frames ?? self.frames {
            try writer.write(frame, boxes: frame.vectors?.count ?? frame.histograms?.count ?? 0)
        }
        try writer.publish(closing)
    }

    private func read(_ reader: FeatureFileReader) throws -> [FeatureFrame] {
        var frames: [FeatureFrame] = []
        while let frame = try reader.next() { frames.append(frame) }
        return frames
    }

    @Test func comesBackToTheBit() throws {
        let cache = try cache()
        let none = try cache.open(key(1), check: {})
        #expect(none == nil)
        try write(1, to: cache)
        let opened = try cache.open(key(1), check: {})
        let reader = try #require(opened)
        #expect(reader.opening == opening)
        let found = try read(reader)
        #expect(found == frames)
        #expect(
            found[0].vectors?.values.map(\.bitPattern) == frames[0].vectors?.values.map(\.bitPattern))
        #expect(try reader.close() == closing)
    }

    // More than the reader takes at a time.
    @Test func longFilesComeBack() throws {
        let cache = try cache()
        let values = (0..<300_000).map { Float($0) }
        let long = (1...5).map {
            FeatureFrame(
                number: FrameIndex($0), width: 8, height: 8,
                vectors: FeatureVectors(count: 300, dimension: 1000, values: values))
        }
        try write(1, to: cache, frames: long)
        let opened = try cache.open(key(1), check: {})
        #expect(try read(try #require(opened)) == long)
    }

    // Cut at any place, and any byte changed: a miss, and the file is gone.
    @Test func damageIsAMiss() throws {
        let cache = try cache()
        try write(1, to: cache)
        let whole = try #require(FileManager.default.contents(atPath: path(1)))
        for place in stride(from: 0, to: whole.count, by: 7) {
            try Data(whole.prefix(place)).write(to: URL(fileURLWithPath: path(1)))
            let cut = try cache.open(key(1), check: {})
            #expect(cut == nil)
            #expect(!FileManager.default.fileExists(atPath: path(1)))
            var changed = whole
            changed[place] ^= 0x10
            try changed.write(to: URL(fileURLWithPath: path(1)))
            let other = try cache.open(key(1), check: {})
            #expect(other == nil)
        }
    }

    // Whole files that say what cannot be, as in a folder that others write to: damage, no trap.
    @Test(arguments: [0, -3, 1_000_000_001])
    func impossibleFramesAreDamage(number: Int) throws {
        let cache = try cache()
        try write(1, to: cache, frames: [FeatureFrame(number: FrameIndex(1), width: 640, height: 480)])
        try write(2, to: cache, frames: [FeatureFrame(number: FrameIndex(number), width: 640, height: 480)])
        try write(3, to: cache, frames: [FeatureFrame(number: FrameIndex(1), width: 1 << 30, height: 480)])
        for place in 1...3 {
            let opened = try cache.open(key(place), check: {})
            let reader = try #require(opened)
            if place == 1 {
                #expect(try read(reader).count == 1)
            } else {
                #expect(throws: FeatureFileReader.Damage.self) { try read(reader) }
            }
        }
    }

    // A file under another key's name is not what was asked for.
    @Test func anotherKeysFileIsAMiss() throws {
        let cache = try cache()
        try write(1, to: cache)
        try FileManager.default.moveItem(atPath: path(1), toPath: path(2))
        let other = try cache.open(key(2), check: {})
        #expect(other == nil)
    }

    @Test func abandonedFilesLeaveNothing() throws {
        let cache = try cache()
        do {
            let writer = try #require(cache.create(key(1), opening: opening))
            try writer.write(frames[0], boxes: 2)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("cache")).isEmpty)
    }

    // Writers of one key at the same time: what is there is complete.
    @Test func writersDoNotMeet() async throws {
        let cache = try cache()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<10 { try? self.write(1, to: cache) } }
            }
        }
        let opened = try cache.open(key(1), check: {})
        #expect(try read(try #require(opened)) == frames)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("cache")).count == 1)
    }

    @Test func leastRecentlyUsedGo() throws {
        let cache = try cache(limit: 0)
        let large = try self.cache(limit: 1 << 30)
        for number in 1...3 {
            try write(number, to: cache)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(number))], ofItemAtPath: path(number))
        }
        large.makeRoom()
        #expect(FileManager.default.fileExists(atPath: path(1)))
        // Used now, so that it is the last to go.
        _ = try cache.open(key(1), check: {})
        let size = try #require(FilePlace.size(of: path(1)))
        try self.cache(limit: size).makeRoom()
        #expect((1...3).map { FileManager.default.fileExists(atPath: path($0)) } == [true, false, false])
        cache.makeRoom()
        #expect(!FileManager.default.fileExists(atPath: path(1)))
    }
}
