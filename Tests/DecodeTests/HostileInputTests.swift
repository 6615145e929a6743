import Decode
import Foundation
import Geometry
import Testing

/// Damaged, misleading and missing input: a typed error that says what to do, or the frames that can be saved.
@Suite(.enabled(if: MediaTools.areInstalled, "needs the ffmpeg and ffprobe commands"))
struct HostileInputTests {
    static let source = "-f lavfi -i testsrc2=s=160x120:r=25:d=4"
    static let h264 = "-c:v libx264 -preset ultrafast -bf 2 -g 25"

    /// Opens something that must not open.
    func failure(_ source: VideoSource, _ options: DecodeOptions = DecodeOptions()) -> DecodeError? {
        do {
            _ = try VideoReader(source: source, options: options)
            return nil
        } catch {
            return error
        }
    }

    /// Reads to the end and counts.
    func count(_ path: String, _ options: DecodeOptions = DecodeOptions()) throws -> (
        frames: Int, statistics: DecodeStatistics
    ) {
        let reader = try VideoReader(source: .path(path), options: options)
        var frames = 0
        while try reader.next() != nil { frames += 1 }
        return (frames, reader.statistics)
    }

    /// An mp4 that lost its second half and with it its index.
    @Test func truncatedWithoutIndex() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("\(HostileInputTests.source) \(HostileInputTests.h264) whole.mp4", in: folder)
        let whole = try folder.read("whole.mp4")
        let path = try folder.write("half.mp4", whole.prefix(whole.count / 2))
        let error = failure(.path(path))
        #expect(error == .indexMissing(source: path, isPipe: false))
        #expect(error?.category == .badData)
        #expect(error?.description.contains("moov atom not found") == true)
        #expect(error?.description.contains(path) == true)
    }

    /// The first half of a clip with its index first, or with none: about half of the frames, and damage is counted.
    @Test(arguments: ["fast.mp4", "half.ts", "half.mkv", "half.avi"])
    func truncated(name: String) throws {
        let folder = try Folder()
        let flags = name.hasSuffix("mp4") ? "-movflags +faststart" : ""
        try MediaTools.ffmpeg("\(HostileInputTests.source) \(HostileInputTests.h264) \(flags) \(name)", in: folder)
        let whole = try folder.read(name)
        let path = try folder.write(name, whole.prefix(whole.count / 2))
        let (frames, statistics) = try count(path)
        #expect((40...60).contains(frames))
        #expect(frames == (try MediaTools.presentationTimes(path)).count)
        #expect(statistics.decodeErrors > 0)
        #expect(statistics.isDegraded)
    }

    /// Bit noise all over the packets.
    @Test func noise() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("\(HostileInputTests.source) \(HostileInputTests.h264) clean.mkv", in: folder)
        try MediaTools.ffmpeg("-i clean.mkv -c copy -bsf:v noise=amount=200 noisy.mkv", in: folder)
        let (frames, statistics) = try count(folder.file("noisy.mkv"))
        #expect((1...100).contains(frames))
        #expect(statistics.decodeErrors > 0)
    }

    /// Nothing in it.
    @Test(arguments: ["/dev/null", "empty.mp4"])
    func empty(name: String) throws {
        let folder = try Folder()
        let path = name.hasPrefix("/") ? name : try folder.write(name, Data())
        let error = failure(.path(path))
        #expect(error == .emptyInput(source: path))
        #expect(error?.category == .badData)
    }

    /// Something else in it.
    @Test(arguments: [
        ("text.mp4", Data(String(repeating: "1,1,100,200,30,40,1,1,1\n", count: 200).utf8)),
        ("zero.mkv", Data(count: 100_000)),
        ("short.mp4", Data([0])),
    ])
    func notMedia(name: String, content: Data) throws {
        let folder = try Folder()
        let path = try folder.write(name, content)
        switch failure(.path(path)) {
        case .notMedia, .formatRefused, .noVideoStream: break
        case let error: Issue.record("\(String(describing: error))")
        }
        #expect(failure(.path(path))?.category == .badData)
    }

    /// Playlists under any name: the file they point to is never opened.
    @Test(arguments: [
        ("evil.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nSECRET\n#EXT-X-ENDLIST\n", "hls"),
        (
            "remote.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
            "hls"
        ),
        ("list.ffconcat", "ffconcat version 1.0\nfile SECRET\n", "concat"),
        ("list.mkv", "ffconcat version 1.0\nfile SECRET\n", "concat"),
        ("dash.mp4", "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"></MPD>\n", "dash"),
    ])
    func playlists(name: String, content: String, format: String) throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("\(HostileInputTests.source) \(HostileInputTests.h264) secret.ts", in: folder)
        let text = content.replacingOccurrences(of: "SECRET", with: folder.file("secret.ts"))
        let path = try folder.write(name, Data(text.utf8))
        let error = failure(.path(path))
        if format == "dash" {
            // FFmpeg may be built without it; then it is no media file at all.
            #expect(error?.category == .badData)
        } else {
            #expect(error == .formatRefused(source: path, format: format))
        }
    }

    /// A still picture is no video: FFmpeg's picture demuxers open series of files.
    @Test func stillPicture() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("\(HostileInputTests.source) -frames:v 1 still.png", in: folder)
        let path = folder.file("still.png")
        #expect(failure(.path(path)) == .formatRefused(source: path, format: "png_pipe"))
    }

    /// URLs of any kind, also where they name a file that exists.
    @Test(arguments: ["http://127.0.0.1:9/a.mp4", "file:", "concat:", "subfile,,start,0,end,99,,:", "pipe:0", "data:,"])
    func urls(prefix: String) throws {
        let folder = try Folder()
        let path = try folder.write("a.ts", Data([0x47]))
        let url = prefix.hasPrefix("http") || prefix == "pipe:0" ? prefix : prefix + path
        let error = failure(.path(url))
        #expect(error == .urlRefused(url))
        #expect(error?.category == .noInput)
    }

    /// A file whose name looks like a URL is still a file.
    @Test func nameWithColon() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("\(HostileInputTests.source) -frames:v 3 -c:v mpeg4 a.mkv", in: folder)
        let path = try folder.write("http:a.mkv", try folder.read("a.mkv"))
        #expect(try count(path).frames == 3)
    }

    /// Nothing there, or not readable, or not a file.
    @Test func missing() throws {
        let folder = try Folder()
        #expect(failure(.path(folder.file("none.mp4"))) == .notFound(path: folder.file("none.mp4")))
        #expect(failure(.path(folder.file("none.mp4")))?.category == .noInput)
        #expect(failure(.path(""))?.category == .noInput)
        guard case .noImages(folder.path, 0) = failure(.path(folder.path)) else {
            Issue.record("an empty folder opened")
            return
        }
    }

    /// Sound alone, and sound with a cover picture.
    @Test func soundOnly() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("-f lavfi -i sine=d=1 -c:a aac sound.mp4", in: folder)
        #expect(
            failure(.path(folder.file("sound.mp4")))
                == .noVideoStream(source: folder.file("sound.mp4"), streams: "audio (aac)"))
        try MediaTools.ffmpeg("-f lavfi -i testsrc=s=64x64:d=1 -frames:v 1 cover.png", in: folder)
        try MediaTools.ffmpeg(
            "-i sound.mp4 -i cover.png -map 0 -map 1 -c copy -disposition:v:0 attached_pic cover.mp4", in: folder)
        #expect(
            failure(.path(folder.file("cover.mp4")))
                == .noVideoStream(source: folder.file("cover.mp4"), streams: "audio (aac), cover picture (png)"))
    }

    /// A picture that would take half a gigabyte: refused by its claimed size, and where the container lies about it.
    ///
    /// In a process of its own, because memory is counted.
    @Test func bomb() async throws {
        await #expect(processExitsWith: .success) {
            let folder = try Folder()
            try MediaTools.ffmpeg(
                "-f lavfi -i color=s=12000x12000:d=1:r=1 -frames:v 1 -pix_fmt rgb24 -c:v png bomb.mkv", in: folder)
            let path = folder.file("bomb.mkv")
            #expect(
                HostileInputTests().failure(.path(path))
                    == .tooManyPixels(source: path, width: 12000, height: 12000, limit: 64_000_000))
            // Width and height elements of the track, 2 bytes each: 12000 becomes 64.
            var bytes = try folder.read("bomb.mkv")
            for element in [[0xB0, 0x82, 0x2E, 0xE0], [0xBA, 0x82, 0x2E, 0xE0]] as [[UInt8]] {
                let place = try #require(bytes.firstRange(of: Data(element)))
                bytes.replaceSubrange(place, with: Data(element.prefix(2) + [0, 64]))
            }
            let liar = try folder.write("liar.mkv", bytes)
            let error = HostileInputTests().failure(.path(liar))
            #expect(error?.category == .badData)
            #expect(error?.description.contains("12000x12000") == true)
            #expect(peakMemory() < 150 << 20)
        }
    }

    /// A limit on pixels that the user sets.
    @Test func pixelLimit() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("\(HostileInputTests.source) -frames:v 1 -c:v mpeg4 a.mkv", in: folder)
        var options = DecodeOptions()
        options.maxPixels = 160 * 120
        #expect(failure(.path(folder.file("a.mkv")), options) == nil)
        options.maxPixels -= 1
        guard case .tooManyPixels(_, 160, 120, 19199) = failure(.path(folder.file("a.mkv")), options) else {
            Issue.record("a frame over the limit was decoded")
            return
        }
    }

    /// Options out of range.
    @Test func options() {
        var options = DecodeOptions()
        for rate in [0, -1, .nan, .infinity, 1e9] {
            options.frameRate = rate
            #expect(failure(.path("x"), options)?.category == .usage)
        }
        options.frameRate = nil
        options.maxPixels = 0
        #expect(failure(.path("x"), options)?.category == .usage)
    }

    /// An mp4 header that announces forty million samples of one byte, whose index would take a gigabyte.
    @Test func announcedIndex() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("\(HostileInputTests.source) -frames:v 1 -c:v mpeg4 a.mp4", in: folder)
        var bytes = try folder.read("a.mp4")
        func put(_ number: UInt32, after box: String, at offset: Int) throws {
            let name = try #require(bytes.firstRange(of: Array(box.utf8)))
            for byte in 0..<4 {
                bytes[name.upperBound + offset + byte] = UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * byte))
            }
        }
        // ISO/IEC 14496-12: after version and flags, stsz has the samples' size and number, stsc the number of entries
        // and in each the first chunk and the samples of a chunk.
        try put(1, after: "stsz", at: 4)
        try put(40_000_000, after: "stsz", at: 8)
        try put(40_000_000, after: "stsc", at: 12)
        let before = peakMemory()
        #expect(failure(.path(try folder.write("announced.mp4", bytes)))?.category == .badData)
        #expect(peakMemory() - before < 100 << 20)
    }

    /// Random damage, header and all: frames or a typed error, and never more frames than there were.
    @Test(arguments: ["mp4", "mkv", "ts"])
    func randomDamage(container: String) throws {
        let folder = try Folder()
        let flags = container == "mp4" ? "-movflags +faststart" : ""
        try MediaTools.ffmpeg(
            "-f lavfi -i testsrc2=s=96x64:r=25:d=1 \(HostileInputTests.h264) \(flags) a.\(container)", in: folder)
        let clean = try folder.read("a.\(container)")
        for seed in 0..<12 {
            var generator = SplitMix64(seed: UInt64(seed))
            var bytes = clean
            for _ in 0..<(bytes.count * [1, 4, 16][seed % 3] / 2000) {
                let place = Int(generator.next() % UInt64(bytes.count))
                bytes[place] ^= UInt8(truncatingIfNeeded: 1 << (generator.next() % 8))
            }
            let path = try folder.write("damaged.\(container)", bytes)
            do throws(DecodeError) {
                let reader = try VideoReader(source: .path(path))
                var previous = 0
                var image = RGBImage()
                let scaler = FrameScaler()
                while let frame = try reader.next() {
                    #expect(frame.number.rawValue > previous)
                    previous = frame.number.rawValue
                    try scaler.scale(frame, width: 64, height: 64, into: &image)
                }
            } catch {
                #expect(error.category == .badData, "\(error)")
            }
        }
    }
}

/// Largest resident memory of this process so far, in bytes.
func peakMemory() -> Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
        let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
    else { return 0 }
    return kilobytes << 10
}
