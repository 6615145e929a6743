import Decode
import Geometry
import Testing

/// The times and numbers of decoded frames, against what ffprobe says about the same clip.
@Suite(.enabled(if: MediaTools.areInstalled, "needs the ffmpeg and ffprobe commands"))
struct PresentationTimeTests {
    /// A clip that is made at test time.
    struct Recipe: Sendable, CustomStringConvertible {
        /// Arguments of ffmpeg, run one after the other.
        var commands: [String]
        /// The clip that they leave behind.
        var file: String
        /// Frames a second that its numbers are computed with.
        var rate: Double
        /// How many frames come out.
        var frames: Int
        var description: String { file }
    }

    static let source = "-f lavfi -i testsrc2=s=160x120:r=25:d=4"

    static let recipes = [
        // Reordered frames: decoding order is not presentation order.
        Recipe(
            commands: ["\(source) -c:v libx264 -preset ultrafast -bf 3 b.mp4"], file: "b.mp4", rate: 25, frames: 100),
        // An edit list: the first frames are decoded but not shown.
        Recipe(
            commands: [
                "\(source) -c:v libx264 -preset ultrafast -g 50 cut.mp4", "-ss 0.5 -i cut.mp4 -c copy edit.mp4",
            ], file: "edit.mp4",
            rate: 25, frames: 87),
        // Variable rate: two of three frames are left out from the second second on.
        Recipe(
            commands: [
                "\(source) -vf select='lt(n,25)+not(mod(n,3))' -fps_mode vfr -c:v libx264 -preset ultrafast vfr.mkv"
            ],
            file: "vfr.mkv", rate: 25, frames: 50),
        // 10 bits a sample.
        Recipe(
            commands: ["\(source) -c:v libx264 -preset ultrafast -pix_fmt yuv420p10le ten.mp4"], file: "ten.mp4",
            rate: 25, frames: 100),
        // Odd sizes without chroma subsampling.
        Recipe(
            commands: ["-f lavfi -i testsrc=s=321x241:r=25:d=1 -c:v ffv1 -pix_fmt yuv444p odd.mkv"], file: "odd.mkv",
            rate: 25, frames: 25),
        // Odd sizes with it, and a rate that is no decimal fraction.
        Recipe(
            commands: ["-f lavfi -i testsrc=s=161x121:r=30000/1001:d=1 -c:v ffv1 -pix_fmt yuv420p ntsc.mkv"],
            file: "ntsc.mkv", rate: 30000.0 / 1001, frames: 30),
        // Transport stream whose packets were lost: the numbers have holes.
        Recipe(
            commands: ["\(source) -c:v mpeg2video -g 1 -bsf:v noise=drop='not(mod(n\\,7))' lost.ts"], file: "lost.ts",
            rate: 25, frames: 85),
        // Time stamps that begin below zero.
        Recipe(
            commands: [
                "\(source) -c:v mpeg4 m.mkv",
                "-i m.mkv -c copy -bsf:v setts=ts=TS-2000 -avoid_negative_ts disabled negative.mkv",
            ], file: "negative.mkv", rate: 25, frames: 100),
        // AVI has no presentation times, only an order.
        Recipe(commands: ["\(source) -c:v mpeg4 -bf 2 a.avi"], file: "a.avi", rate: 25, frames: 100),
        Recipe(
            commands: ["\(source) -c:v libvpx -deadline realtime -cpu-used 8 v.webm"], file: "v.webm", rate: 25,
            frames: 100),
        Recipe(commands: ["\(source) -c:v flv f.flv"], file: "f.flv", rate: 25, frames: 100),
        Recipe(commands: ["\(source) -c:v mpeg1video p.mpg"], file: "p.mpg", rate: 25, frames: 100),
        Recipe(commands: ["\(source) -c:v wmv2 w.asf"], file: "w.asf", rate: 25, frames: 100),
        Recipe(commands: ["\(source) -c:v libx264 -preset ultrafast -bf 2 t.ts"], file: "t.ts", rate: 25, frames: 100),
        // An elementary stream has no time stamps at all.
        Recipe(
            commands: ["\(source) -c:v libx264 -preset ultrafast -bf 2 e.h264"], file: "e.h264", rate: 25, frames: 100),
        Recipe(
            commands: ["\(source) -c:v libvpx -deadline realtime -cpu-used 8 i.ivf"], file: "i.ivf", rate: 25,
            frames: 100),
        Recipe(commands: ["\(source) -pix_fmt yuv420p y.y4m"], file: "y.y4m", rate: 25, frames: 100),
    ]

    @Test(arguments: recipes)
    func generatedClips(_ recipe: Recipe) throws {
        let folder = try Folder()
        for command in recipe.commands { try MediaTools.ffmpeg(command, in: folder) }
        let path = folder.file(recipe.file)
        let reader = try VideoReader(source: .path(path))
        #expect(reader.info.frameRate == recipe.rate)
        let (times, numbers) = try timesAndNumbers(reader)
        let expected = try MediaTools.presentationTimes(path)
        #expect(times == expected)
        #expect(numbers == PresentationTimeTests.numbers(expected, rate: recipe.rate))
        #expect(numbers.count == recipe.frames)
        #expect(reader.statistics.frames == recipe.frames)
        #expect(reader.statistics.lostFrames == (numbers.last ?? 0) - recipe.frames)
        #expect(reader.statistics.missingTimestamps == expected.count { $0 == nil })
        #expect(reader.statistics.decodeErrors == 0)
    }

    @Test(
        .enabled(if: MediaTools.hasData, "needs the test videos, see VTRACK_TEST_DATA"),
        arguments: [
            ("car-detection.mp4", 377, 12.5),  // H.264 with B-frames, 12.5 frames a second, and sound
            ("bedroom.mp4", 200, 30.0),  // H.264
            ("MOT17-04_frames1-8.mp4", 8, 3.0),  // MPEG-4
        ])
    func testVideos(name: String, frames: Int, rate: Double) throws {
        let path = "\(MediaTools.dataFolder)/video/\(name)"
        let reader = try VideoReader(source: .path(path))
        #expect(reader.info.frameRate == rate)
        #expect(reader.info.frameCountEstimate == frames)
        let (times, numbers) = try timesAndNumbers(reader)
        #expect(times == (try MediaTools.presentationTimes(path)))
        #expect(numbers == Array(1...frames))
        #expect(reader.statistics.decodeErrors == 0)
        #expect(reader.statistics.irregularFrames == 0)
    }

    /// Time stamps that a remuxer has spoilt: numbers still rise, nothing is lost and it is said.
    @Test(arguments: [
        // Every frame at the same time.
        ("setts=ts=0", 40),
        // Every second frame a second early.
        ("setts=pts=if(mod(N\\,2)\\,PTS-1000\\,PTS):dts=DTS", 40),
        // Backwards.
        ("setts=ts=100000-TS", 40),
        // One enormous leap.
        ("setts=ts=if(eq(N\\,20)\\,4611686018427387904\\,TS)", 40),
        ("setts=ts=if(gt(N\\,20)\\,9223372036854770000\\,TS)", 40),
    ])
    func spoiltTimeStamps(filter: String, frames: Int) throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("-f lavfi -i testsrc2=s=64x64:r=25:d=1.6 -c:v mpeg4 -g 1 m.mkv", in: folder)
        try MediaTools.ffmpeg("-i m.mkv -c copy -bsf:v \(filter) -f nut spoilt.nut", in: folder)
        let reader = try VideoReader(source: .path(folder.file("spoilt.nut")))
        var previous: (number: Int, seconds: Double) = (0, -1)
        var count = 0
        while let frame = try reader.next() {
            #expect(frame.number.rawValue > previous.number)
            #expect(frame.seconds > previous.seconds && frame.seconds.isFinite)
            previous = (frame.number.rawValue, frame.seconds)
            count += 1
        }
        #expect(count == frames)
        #expect(reader.statistics.irregularFrames + reader.statistics.missingTimestamps > 0)
    }

    /// Plain ordinals where they are asked for.
    @Test func countedFrames() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg(
            "-f lavfi -i testsrc2=s=64x64:r=25:d=2 -vf select='not(mod(n,3))' -fps_mode vfr -c:v mpeg4 m.mkv",
            in: folder)
        var options = DecodeOptions()
        let byTime = try timesAndNumbers(VideoReader(source: .path(folder.file("m.mkv")), options: options))
        #expect(byTime.numbers == Array(stride(from: 1, through: 49, by: 3)))
        options.frameNumbering = .count
        let counted = try timesAndNumbers(VideoReader(source: .path(folder.file("m.mkv")), options: options))
        #expect(counted.numbers == Array(1...17))
        #expect(counted.times == byTime.times)
    }

    /// `--fps` takes the place of the container's rate.
    @Test func givenRate() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("-f lavfi -i testsrc2=s=64x64:r=25:d=1 -c:v mpeg4 m.mkv", in: folder)
        var options = DecodeOptions()
        options.frameRate = 50
        let reader = try VideoReader(source: .path(folder.file("m.mkv")), options: options)
        #expect(reader.info.frameRate == 50)
        #expect(try timesAndNumbers(reader).numbers == Array(stride(from: 1, through: 49, by: 2)))
    }

    /// Design §4 in floating point: max(previous + 1, round((pts − first pts) · rate) + 1).
    static func numbers(_ times: [Double?], rate: Double) -> [Int] {
        var numbers: [Int] = []
        var first: Double?
        for time in times {
            let next = (numbers.last ?? 0) + 1
            guard let time else {
                numbers.append(next)
                continue
            }
            first = first ?? time
            numbers.append(max(next, Int(((time - (first ?? time)) * rate).rounded()) + 1))
        }
        return numbers
    }
}

/// Reads a clip to its end.
func timesAndNumbers(_ reader: VideoReader) throws -> (times: [Double?], numbers: [Int]) {
    var times: [Double?] = []
    var numbers: [Int] = []
    while let frame = try reader.next() {
        // ffprobe prints six decimals.
        times.append(frame.presentationSeconds.map { ($0 * 1e6).rounded() / 1e6 })
        numbers.append(frame.number.rawValue)
    }
    return (times, numbers)
}
