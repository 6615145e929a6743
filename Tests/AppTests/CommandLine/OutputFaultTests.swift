import Foundation
import Testing

/// What happens to outputs when something goes wrong (closed pipes, full disks, signals): whole files or none.
@Suite struct OutputFaultTests {
    private let folder: ScratchFolder
    private let run = [
        "run", TestFiles.demoClip, "--boxes", TestFiles.demoTruth, "--classes", "1,3", "--model", "none",
    ]

    init() throws { folder = try ScratchFolder() }

    /// The reader of the pipe leaves after one line: quiet end with status 141.
    @Test func closedPipe() throws {
        let result = try CommandRun.shell(
            "\"$0\" \"$@\" --format jsonl --quiet | head -n 1 >first; echo ${PIPESTATUS[0]}",
            [CommandRun.binary.path] + run, in: folder.url)
        #expect(result.output == "141\n")
        #expect(result.errors.isEmpty)
        #expect(folder.text("first")?.split(separator: "\n").count == 1)
    }

    @Test(arguments: [
        ["--out", "/dev/full"], ["--format", "jsonl", "--out", "/dev/full"], ["--report", "/dev/full"],
    ])
    func fullDisk(_ arguments: [String]) throws {
        let result = try CommandRun.vtrack(run + arguments, in: folder.url)
        #expect(result.status == 74)
        #expect(result.errors.contains("No space left"))
    }

    /// Standard output on a full device is an error as well.
    @Test func fullStandardOutput() throws {
        let result = try CommandRun.shell(
            "exec \"$0\" \"$@\" --format jsonl >/dev/full", [CommandRun.binary.path] + run, in: folder.url)
        #expect(result.status == 74)
    }

    /// Bad places are refused before decoding starts, and nothing is left behind.
    @Test func badPlaces() throws {
        try FileManager.default.createDirectory(at: folder.url.appending(path: "d"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder.path("loop"), withDestinationPath: "loop")
        let boxes = try folder.write("1,1,10,10,20,20,1,1,1\n", to: "gt.txt")
        let before = folder.names
        for option in ["--out", "--report", "--annotate"] {
            for place in ["d", "loop", "no/such/folder.txt"] {
                let result = try CommandRun.vtrack(run + [option, place], in: folder.url)
                #expect(result.status == 73, "\(option) \(place): \(result.errors)")
                #expect(folder.names == before)
            }
        }
        let same = try CommandRun.vtrack(["track", "--boxes", boxes, "--out", boxes], in: folder.url)
        #expect(same.status == 73)
        #expect(folder.text("gt.txt") == "1,1,10,10,20,20,1,1,1\n")
    }

    @Test(.enabled(if: getuid() != 0, "root may write everywhere"))
    func unwritablePlace() throws {
        let result = try CommandRun.vtrack(run + ["--out", "/tracks.txt"], in: folder.url)
        #expect(result.status == 77)
    }

    /// With every stage at work, a failing output at the end of the line stops them all.
    @Test func failingOutputStopsEveryStage() throws {
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
        let arguments = run + ["--model", "tiny.safetensors", "--format", "jsonl", "--quiet"]
        let full = try CommandRun.vtrack(arguments + ["--out", "/dev/full"], in: folder.url)
        #expect(full.status == 74)
        let closed = try CommandRun.shell(
            "\"$0\" \"$@\" | head -n 3 >first; echo ${PIPESTATUS[0]}", [CommandRun.binary.path] + arguments,
            in: folder.url)
        #expect(closed.output == "141\n", "\(closed.errors)")
        #expect(folder.text("first")?.split(separator: "\n").count == 3)
    }

    /// Boxes that end in a damaged line: the error names it whichever stage the frames before it are in, and no file
    /// is published.
    @Test func damagedBoxesStopEveryStage() throws {
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
        let lines = (1...20).map { "{\"frame\": \($0), \"boxes\": [{\"box\": [\($0), 20, 30, 40], \"class\": 1}]}\n" }
        let boxes = try folder.write(lines.joined() + "{\"frame\": 0}\n", to: "boxes.jsonl")
        let result = try CommandRun.shell(
            "exec \"$0\" run \"$1\" --boxes fd:3 --boxes-format jsonl --model tiny.safetensors --out t.txt 3<\"$2\"",
            [CommandRun.binary.path, TestFiles.demoClip, boxes], in: folder.url)
        #expect(result.status == 65, "\(result.errors)")
        #expect(result.errors.contains("21"))
        #expect(!folder.names.contains("t.txt"))
    }

    /// A signal publishes the complete frames: boxes of 37 frames have arrived, the 38th has not.
    ///
    /// With a network too, and where frames were held back for statistics.
    @Test(arguments: [
        ("INT", 130, ["--model", "none"]), ("TERM", 143, ["--model", "none"]),
        ("TERM", 143, ["--model", "tiny.safetensors"]),
        ("INT", 130, ["--model", "tiny.safetensors", "--standardize"]),
    ])
    func signalPublishesCompleteFrames(_ name: String, _ status: Int, _ model: [String]) throws {
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
        let script = """
            mkfifo boxes
            "$0" run "$1" --boxes boxes --boxes-format jsonl --out tracks.txt --report report.json \
                --progress json "${@:2}" 2>progress >summary &
            process=$!
            exec 3>boxes
            for n in $(seq 37); do
                echo "{\\"frame\\": $n, \\"boxes\\": [{\\"box\\": [$n, 20, 30, 40], \\"class\\": 1}]}" >&3
            done
            # Progress names frame 37 once it is complete; it is shown at most ten times a second, hence the last beat.
            for i in $(seq 600); do sleep 0.05; grep -q '"frame": 3[0-7]' progress && break; done
            sleep 1
            kill -\(name) $process
            wait $process
            echo $?
            """
        let result = try CommandRun.shell(
            script, [CommandRun.binary.path, TestFiles.demoClip] + model, in: folder.url)
        #expect(result.output == "\(status)\n", "\(result.errors) \(folder.text("progress") ?? "")")
        let rows = (folder.text("tracks.txt") ?? "").split(separator: "\n")
        #expect(rows.count == 37)
        #expect(rows.last?.hasPrefix("37,") == true)
        #expect(folder.text("report.json")?.contains("\"interrupted\" : true") == true)
    }

    /// Killed at any time, the final path holds the old file or the complete new one.
    @Test func killedAtRandomTimes() throws {
        let full = try CommandRun.vtrack(run + ["--out", "full.txt"], in: folder.url)
        #expect(full.status == 0)
        let script = """
            for delay in 0.00 0.01 0.02 0.04 0.06 0.09 0.13 0.18 0.25 0.40; do
                echo old >tracks.txt
                "$0" "$@" --out tracks.txt --quiet >/dev/null 2>&1 &
                sleep $delay
                kill -9 $! 2>/dev/null
                wait $! 2>/dev/null
                [ "$(cat tracks.txt)" = old ] || cmp -s tracks.txt full.txt || echo damaged after $delay
            done
            """
        let result = try CommandRun.shell(script, [CommandRun.binary.path] + run, in: folder.url)
        #expect(result.output.isEmpty)
    }

    /// Redirected messages are plain text, progress can be JSON, and numbers have points in any locale.
    @Test func plainTextOffTheTerminal() throws {
        let plain = try CommandRun.vtrack(run, environment: ["LC_ALL": "de_DE.UTF-8"], in: folder.url)
        #expect(plain.status == 0)
        #expect(!plain.errors.contains("\r") && !plain.errors.contains("\u{1B}"))
        let rows = (folder.text("tracks.txt") ?? "").split(separator: "\n")
        #expect(!rows.isEmpty)
        #expect(rows.allSatisfy { $0.split(separator: ",").count == 10 })

        let json = try CommandRun.vtrack(run + ["--progress", "json", "--quiet"], in: folder.url)
        let lines = json.errors.split(separator: "\n")
        #expect(!lines.isEmpty)
        for line in lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["frames"] is Int)
        }
    }
}
