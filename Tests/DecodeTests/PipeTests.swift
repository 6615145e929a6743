import Decode
import Foundation
import Geometry
import Glibc
import Testing

/// FIFOs and standard input: the same frames as from a file, time limits, and containers that cannot be piped.
@Suite(.enabled(if: MediaTools.areInstalled, "needs the ffmpeg and ffprobe commands"))
struct PipeTests {
    /// What a clip decodes to: numbers, times and small pictures.
    static func contents(_ source: VideoSource) throws -> [String] {
        let reader = try VideoReader(source: source)
        let scaler = FrameScaler()
        var image = RGBImage()
        var lines: [String] = []
        while let frame = try reader.next() {
            try scaler.scale(frame, width: 96, height: 64, into: &image)
            lines.append("\(frame.number) \(frame.seconds) \(image.pixels.hashValue)")
        }
        return lines
    }

    /// Feeds a file into a FIFO from another thread.
    static func feed(_ path: String, into fifo: String) {
        Thread.detachNewThread {
            // The reader may go away first.
            signal(SIGPIPE, SIG_IGN)
            guard let data = FileManager.default.contents(atPath: path) else { return }
            try? FileHandle(forWritingTo: URL(fileURLWithPath: fifo)).write(contentsOf: data)
        }
    }

    @Test(arguments: [
        // Index first.
        ("fast.mp4", "-c:v libx264 -preset ultrafast -bf 2 -movflags +faststart"),
        ("a.mkv", "-c:v libx264 -preset ultrafast -bf 2"),
        ("a.ts", "-c:v libx264 -preset ultrafast -bf 2"),
        ("a.webm", "-c:v libvpx -deadline realtime -cpu-used 8"),
        ("a.nut", "-c:v ffv1"),
        ("a.y4m", "-pix_fmt yuv420p"),
    ])
    func sameAsFile(name: String, codec: String) throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("-f lavfi -i testsrc2=s=192x128:r=25:d=2 \(codec) \(name)", in: folder)
        let fifo = try folder.makeFIFO()
        PipeTests.feed(folder.file(name), into: fifo)
        let piped = try PipeTests.contents(.path(fifo))
        #expect(piped == (try PipeTests.contents(.path(folder.file(name)))))
        #expect(piped.count == 50)
    }

    /// An mp4 that has its index last says how to make it pipeable.
    @Test func indexLast() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("-f lavfi -i testsrc2=s=320x240:r=25:d=2 -c:v mpeg4 -q:v 2 last.mp4", in: folder)
        let fifo = try folder.makeFIFO()
        PipeTests.feed(folder.file("last.mp4"), into: fifo)
        let error = #expect(throws: DecodeError.self) { try VideoReader(source: .path(fifo)) }
        #expect(error == .indexLastOnPipe(source: fifo))
        #expect(error?.category == .badData)
        #expect(error?.description.contains("-movflags +faststart") == true)
    }

    /// The same where the pipe ends before the index.
    @Test func indexCutOff() throws {
        let folder = try Folder()
        try MediaTools.ffmpeg("-f lavfi -i testsrc2=s=320x240:r=25:d=2 -c:v mpeg4 -q:v 2 last.mp4", in: folder)
        let whole = try folder.read("last.mp4")
        let half = try folder.write("half.mp4", whole.prefix(whole.count / 2))
        let fifo = try folder.makeFIFO()
        PipeTests.feed(half, into: fifo)
        let error = #expect(throws: DecodeError.self) { try VideoReader(source: .path(fifo)) }
        #expect(error == .indexMissing(source: fifo, isPipe: true))
        #expect(error?.description.contains("-movflags +faststart") == true)
    }

    /// A FIFO that is closed without a byte.
    @Test func emptyFIFO() throws {
        let folder = try Folder()
        let fifo = try folder.makeFIFO()
        PipeTests.feed(try folder.write("empty", Data()), into: fifo)
        let error = #expect(throws: DecodeError.self) { try VideoReader(source: .path(fifo)) }
        #expect(error == .emptyInput(source: fifo))
    }

    /// A FIFO that nobody writes to, and one whose writer stops in the middle.
    @Test(arguments: [false, true]) func timeLimit(hasWriter: Bool) throws {
        let folder = try Folder()
        let fifo = try folder.makeFIFO()
        var options = DecodeOptions()
        options.readTimeoutSeconds = 0.2
        // Opened for both, so that opening does not wait for the reader.
        let writer = hasWriter ? FileHandle(forUpdatingAtPath: fifo) : nil
        try writer?.write(contentsOf: Data("YUV4MPEG2 W64 H64 F25:1 Ip A1:1 C420\n".utf8))
        let error = #expect(throws: DecodeError.self) { try VideoReader(source: .path(fifo), options: options) }
        #expect(error == .timedOut(source: fifo, seconds: 0.2))
        #expect(error?.category == .timedOut)
        try writer?.close()
    }

    /// `cancel()` from another thread wakes a reader that waits.
    @Test func cancel() throws {
        let folder = try Folder()
        let fifo = try folder.makeFIFO()
        try MediaTools.ffmpeg("-f lavfi -i testsrc2=s=64x64:r=25:d=1 -pix_fmt yuv420p a.y4m", in: folder)
        let writer = FileHandle(forUpdatingAtPath: fifo)
        // Nine frames fit the pipe's own buffer; then nothing more comes.
        try writer?.write(contentsOf: folder.read("a.y4m").prefix(60_000))
        var options = DecodeOptions()
        options.readTimeoutSeconds = 60
        // Looking at the streams takes some frames; a slow machine only makes the wait longer.
        let reader = try VideoReader(source: .path(fifo), options: options)
        Thread.detachNewThread {
            usleep(100_000)
            reader.cancel()
        }
        let error = #expect(throws: DecodeError.self) { while try reader.next() != nil {} }
        #expect(error == .cancelled(source: fifo))
        try writer?.close()
    }

    /// Standard input as a pipe and as a redirected file, where any position can be read.
    @Test func standardInput() async throws {
        await #expect(processExitsWith: .success) {
            let folder = try Folder()
            try MediaTools.ffmpeg("-f lavfi -i testsrc2=s=192x128:r=25:d=1 -c:v mpeg4 last.mp4", in: folder)
            try MediaTools.ffmpeg("-i last.mp4 -c copy -movflags +faststart fast.mp4", in: folder)
            let fifo = try folder.makeFIFO()
            let expected = try PipeTests.contents(.path(folder.file("last.mp4")))
            #expect(expected.count == 25)
            try PipeTests.redirectInput(folder.file("last.mp4"))
            #expect(try PipeTests.contents(.standardInput) == expected)
            PipeTests.feed(folder.file("fast.mp4"), into: fifo)
            try PipeTests.redirectInput(fifo)
            #expect(try PipeTests.contents(.standardInput) == expected)
            try PipeTests.redirectInput("/dev/null")
            let error = #expect(throws: DecodeError.self) { try VideoReader(source: .standardInput) }
            #expect(error == .emptyInput(source: "standard input"))
        }
    }

    /// Makes a file or FIFO this process's standard input.
    static func redirectInput(_ path: String) throws {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        #expect(dup2(file.fileDescriptor, STDIN_FILENO) == STDIN_FILENO)
        try file.close()
    }
}
