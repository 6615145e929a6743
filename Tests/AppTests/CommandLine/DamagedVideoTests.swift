import Foundation
import Testing

/// Damaged video: every seed and every amount of damage ends with status 0 or 65, in bounded memory, never in a trap.
///
/// VTRACK_SWEEP_SEEDS sets the seeds a cell, 10 by default; scripts/sweep-damaged-video.sh runs 500.
@Suite(.enabled(if: TestFiles.hasFFmpeg && TestFiles.tool("zzuf"), "ffmpeg or zzuf is not installed"))
struct DamagedVideoTests {
    private static let seeds = ProcessInfo.processInfo.environment["VTRACK_SWEEP_SEEDS"].flatMap(Int.init) ?? 10

    @Test(arguments: ["mp4", "mkv", "ts"], ["0.0005", "0.002", "0.01"])
    func sweep(_ container: String, _ ratio: String) throws {
        let folder = try ScratchFolder()
        let made = try CommandRun.shell(
            """
            ffmpeg -v error -f lavfi -i testsrc2=size=320x240:rate=25:duration=2 -c:v libx264 -preset veryfast \
                -g 25 -pix_fmt yuv420p -movflags +faststart clip.$0
            for n in $(seq 50); do echo "$n,1,$n,50,40,60,1,1,1"; done >gt.txt
            """, [container], in: folder.url)
        try #require(made.status == 0, "\(made.errors)")
        var statuses: [Int32: Int] = [:]
        var (slowest, largest) = (0.0, 0)
        // With the first 4 KB protected the damage reaches the decoder; without, mostly the demuxer.
        let clip = folder.data("clip.\(container)")
        for range in [["-b", "4096-"], []] {
            for seed in 0..<Self.seeds {
                let damage = ChildProcess.run(
                    ["/usr/bin/env", "zzuf", "-s", "\(seed)", "-r", ratio] + range,
                    streams: [folder.path("clip.\(container)"), folder.path("damaged"), "/dev/null"])
                try #require(damage.status == 0 && folder.data("damaged") != clip)
                let run = ChildProcess.vtrack([
                    "run", folder.path("damaged"), "--boxes", folder.path("gt.txt"), "--out",
                    folder.path("tracks.txt"), "--model", "none",
                ])
                let what = "\(container), ratio \(ratio), zzuf \(range), seed \(seed)"
                #expect(!run.hung && run.seconds < 10, "\(what): \(run.seconds) s")
                #expect(run.status == 0 || run.status == 65, "\(what)")
                #expect(run.peakBytes < 600 << 20, "\(what)")
                statuses[run.status, default: 0] += 1
                slowest = max(slowest, run.seconds)
                largest = max(largest, run.peakBytes)
            }
        }
        guard Self.seeds > 10 else { return }
        let counts = statuses.sorted { $0.key < $1.key }.map { "\($0.value) runs ended with \($0.key)" }
        print(
            "sweep: \(container), ratio \(ratio): \(counts.joined(separator: ", ")); "
                + "slowest \(slowest) s, largest \(largest >> 20) MB")
    }
}
