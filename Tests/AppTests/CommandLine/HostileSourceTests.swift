import Foundation
import Testing

/// Sources that are empty, silent, cut short, misleading or too large, as the program as a whole meets them.
@Suite(.enabled(if: TestFiles.hasFFmpeg, "ffmpeg is not installed"))
struct HostileSourceTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func make(_ script: String) throws {
        let made = try CommandRun.shell("set -e\nexec </dev/null\n\(script)", [], in: folder.url)
        try #require(made.status == 0, "\(made.errors)")
    }

    private func makeClip(_ name: String, _ options: String = "") throws {
        try make(
            """
            ffmpeg -v error -f lavfi -i testsrc2=s=160x120:r=25:d=4 -c:v libx264 -preset ultrafast -bf 2 -g 25 \
                -pix_fmt yuv420p \(options) \(name)
            for n in $(seq 100); do echo "$n,1,$n,50,40,60,1,1,1"; done >gt.txt
            """)
    }

    private func run(_ source: String, _ more: [String] = []) throws -> CommandRun {
        try CommandRun.vtrack(["run", source, "--boxes", "gt.txt", "--model", "none"] + more, in: folder.url)
    }

    private func report() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: #require(folder.data("r.json")))
        return try #require(object as? [String: Any])
    }

    /// The first half of an mp4 with its index last: nothing can be decoded, and no file is left behind.
    @Test func cutShortWithoutIndex() throws {
        try makeClip("whole.mp4")
        try make("head -c $(($(stat -c %s whole.mp4) / 2)) whole.mp4 >half.mp4")
        let before = folder.names
        let result = try run("half.mp4", ["--report", "r.json", "--annotate", "a.mp4"])
        #expect(result.status == 65)
        #expect(result.errors.contains("half.mp4: moov atom not found"))
        #expect(folder.names == before)
    }

    /// The first half of a clip with its index first, or with none: half of the frames, degraded; an error if strict.
    @Test(arguments: [("whole.mp4", "-movflags +faststart"), ("whole.ts", "")])
    func cutShort(_ name: String, _ options: String) throws {
        try makeClip(name, options)
        try make("head -c $(($(stat -c %s \(name)) / 2)) \(name) >half")
        #expect(try run("half", ["--report", "r.json"]).status == 0)
        let report = try report()
        #expect(report["degraded"] as? Bool == true)
        #expect((report["decode_errors"] as? Int ?? 0) > 0)
        #expect((40...60).contains(report["frames"] as? Int ?? 0))
        #expect(try run("half", ["--strict", "--out", "strict.txt"]).status == 65)
        #expect(folder.text("strict.txt") == nil)
    }

    /// Noise all over the packets: ends well, with no more frames than there were and little more memory.
    @Test func noise() throws {
        try makeClip("clean.mkv")
        try make("ffmpeg -v error -i clean.mkv -c copy -bsf:v noise=amount=200 noisy.mkv")
        #expect(try run("noisy.mkv", ["--report", "r.json"]).status == 0)
        let report = try report()
        #expect((1...100).contains(report["frames"] as? Int ?? 0))
        #expect(report["degraded"] as? Bool == true)
        let memory = ["clean.mkv", "noisy.mkv"].map {
            ChildProcess.vtrack([
                "run", folder.path($0), "--boxes", folder.path("gt.txt"), "--out", folder.path("t.txt"),
                "--model", "none",
            ]).peakBytes
        }
        #expect(Double(memory[1]) < 1.2 * Double(memory[0]), "\(memory)")
    }

    /// Lost frames leave holes: every row has the frame number that its time says.
    @Test func lostFrames() throws {
        try makeClip("whole.mkv")
        try make(
            """
            ffmpeg -v error -i whole.mkv -c copy -bsf:v "noise=drop='not(mod(n,7))'" lost.mkv
            ffprobe -v quiet -select_streams v -show_entries frame=pts_time -of csv=p=0 lost.mkv >times
            """)
        #expect(try run("lost.mkv").status == 0)
        let times = (folder.text("times") ?? "").split(separator: "\n").compactMap {
            Double($0.split(separator: ",").first ?? "")
        }
        let first = try #require(times.first)
        let expected = times.map { Int((($0 - first) * 25).rounded()) + 1 }
        let numbers = (folder.text("tracks.txt") ?? "").split(separator: "\n").compactMap {
            Int($0.split(separator: ",")[0])
        }
        #expect(numbers == expected)
        #expect(expected.count < 100)
    }

    /// Two sizes in one stream: all frames, said once.
    @Test func sizeChange() throws {
        try makeClip("a.ts")
        try make("ffmpeg -v error -f lavfi -i testsrc2=s=320x240:r=25:d=2 -c:v libx264 b.ts; cat a.ts b.ts >two.ts")
        let result = try run("two.ts", ["--report", "r.json"])
        #expect(result.status == 0)
        #expect(result.errors.split(separator: "\n").filter { $0.contains("320×240") }.count == 1)
        #expect(try report()["frames"] as? Int == 150)
    }

    /// Nothing at all, from standard input, a device and a file.
    @Test func empty() throws {
        _ = try folder.write("1,1,1,2,30,40,1,1,1\n", to: "gt.txt")
        _ = try folder.write("", to: "empty.mp4")
        for source in ["-", "/dev/null", "empty.mp4"] {
            let result = try run(source)
            #expect(result.status == 65)
            #expect(result.errors.contains("empty input"))
        }
    }

    /// Sources and detectors that keep silent: status 75 after the time allowed, and no outputs.
    @Test func silence() throws {
        _ = try folder.write("1,1,1,2,30,40,1,1,1\n", to: "gt.txt")
        // Open for reading and writing, a FIFO has a writer that never writes; the third and fifth have none at all.
        let waits = [
            "exec 3<>fifo; exec \"$0\" run - --boxes gt.txt --model none --read-timeout 0.5 <fifo",
            "exec 3<>fifo; exec \"$0\" run fifo --boxes gt.txt --model none --read-timeout 0.5",
            "exec \"$0\" run fifo --boxes gt.txt --model none --read-timeout 0.5",
            "exec 3<>fifo; exec \"$0\" run \"$1\" --boxes fifo --model none --boxes-timeout 0.5",
            "exec \"$0\" track --boxes fifo --boxes-timeout 0.5",
        ]
        try make("mkfifo fifo")
        for wait in waits {
            let result = try CommandRun.shell(wait, [CommandRun.binary.path, TestFiles.demoClip], in: folder.url)
            #expect(result.status == 75, "\(wait): \(result.errors)")
            #expect(folder.names == ["fifo", "gt.txt"])
        }
    }

    /// Playlists and URLs are refused, and a trace shows that what they point to is never opened.
    @Test(.enabled(if: TestFiles.tool("strace"), "strace is not installed"))
    func pointersAreNotFollowed() throws {
        try makeClip("secret.ts")
        let secret = folder.path("secret.ts")
        let playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n%\n#EXT-X-ENDLIST\n"
        _ = try folder.write(playlist.replacingOccurrences(of: "%", with: secret), to: "evil.mp4")
        _ = try folder.write(playlist.replacingOccurrences(of: "%", with: "http://127.0.0.1:9/a.ts"), to: "http.m3u8")
        _ = try folder.write("ffconcat version 1.0\nfile \(secret)\n", to: "list.ffconcat")
        let cases: [(String, Int32)] = [
            ("evil.mp4", 65), ("http.m3u8", 65), ("list.ffconcat", 65),
            ("file:\(secret)", 66), ("concat:\(secret)", 66), ("subfile,,start,0,end,999,,:\(secret)", 66),
            ("crypto:\(secret)", 66), ("http://127.0.0.1:9/a.mp4", 66),
        ]
        for (source, status) in cases {
            let result = try CommandRun.shell(
                "strace -f -o trace -e trace=open,openat,openat2,connect \"$0\" run \"$1\" --boxes gt.txt --model none",
                [CommandRun.binary.path, source], in: folder.url)
            #expect(result.status == status, "\(source): \(result.errors)")
            let trace = folder.text("trace") ?? ""
            #expect(trace.contains("open"), "the trace is empty: \(result.errors)")
            #expect(!trace.contains("secret.ts") && !trace.contains("connect("), "\(source)")
            #expect(folder.text("tracks.txt") == nil)
        }
    }

    /// A small file whose one picture would take half a gigabyte.
    @Test func bomb() throws {
        _ = try folder.write("1,1,1,2,30,40,1,1,1\n", to: "gt.txt")
        try make(
            "ffmpeg -v error -f lavfi -i color=s=12000x12000:d=1:r=1 -frames:v 1 -pix_fmt rgb24 -c:v png bomb.mkv")
        let run = ChildProcess.vtrack([
            "run", folder.path("bomb.mkv"), "--boxes", folder.path("gt.txt"), "--model", "none",
        ])
        #expect(run.status == 65)
        #expect(run.peakBytes < 150 << 20, "\(run.peakBytes)")
    }
}
