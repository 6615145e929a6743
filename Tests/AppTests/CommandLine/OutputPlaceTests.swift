import Foundation
import Testing

/// Where outputs may go, under which names, and what is left when a run ends early.
@Suite struct OutputPlaceTests {
    private let folder: ScratchFolder
    private let run = [
        "run", TestFiles.demoClip, "--boxes", TestFiles.demoTruth, "--classes", "1,3", "--model", "none", "--quiet",
    ]

    init() throws { folder = try ScratchFolder() }

    /// Two outputs cannot be one file, however it is spelled.
    @Test func twoOutputsInOneFile() throws {
        let result = try CommandRun.vtrack(
            run + ["--out", "x", "--report", "../\(folder.url.lastPathComponent)/./x"], in: folder.url)
        #expect(result.status == 64)
        #expect(folder.names.isEmpty)
    }

    /// No input is overwritten: neither the model nor the configuration.
    @Test func inputsStay() throws {
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
        let configuration = try folder.write("features:\n  pool: mean\n", to: "c.yaml")
        let model = folder.data("tiny.safetensors")
        for output in ["tiny.safetensors", "c.yaml"] {
            let result = try CommandRun.vtrack(
                run + ["--model", folder.path("tiny.safetensors"), "--config", configuration, "--out", output],
                in: folder.url)
            #expect(result.status == 73, "\(result.errors)")
        }
        #expect(folder.data("tiny.safetensors") == model)
        #expect(folder.text("c.yaml") == "features:\n  pool: mean\n")
    }

    /// Files that are not written from first to last cannot be devices, which must survive.
    @Test(arguments: ["--features", "--annotate", "--save-statistics"])
    func devices(_ option: String) throws {
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
        let made = try CommandRun.shell("mkfifo fifo", [], in: folder.url)
        try #require(made.status == 0)
        let result = try CommandRun.vtrack(
            run + ["--model", folder.path("tiny.safetensors"), option, "fifo"], in: folder.url)
        #expect(result.status == 64)
        #expect(folder.names == ["fifo", "tiny.safetensors"])
    }

    /// Names as long as Linux allows, longer ones, and names with line breaks and letters of all kinds.
    @Test func names() throws {
        let longest = String(repeating: "ä", count: 127) + "a"
        for name in [longest, "line\nbreak", "with space", "-dash", "…€😀", "http:x"] {
            let result = try CommandRun.vtrack(
                run + ["--out=\(name)", name == longest ? "--report=r" : "--report=\(name).r"],
                environment: ["LC_ALL": "C"], in: folder.url)
            #expect(result.status == 0, "\(result.errors)")
            #expect(folder.text(name)?.isEmpty == false)
            #expect(!folder.names.contains { $0.hasSuffix(".partial") })
        }
        #expect(try CommandRun.vtrack(run + ["--out", longest + "a"], in: folder.url).status == 73)
        let deep = String(repeating: "d/", count: 3000)
        #expect(try CommandRun.vtrack(run + ["--out", deep + "x"], in: folder.url).status == 73)
        for source in [["run", deep, "--boxes", "x"], ["track", "--boxes", deep]] {
            #expect(try CommandRun.vtrack(source, in: folder.url).status == 66)
        }
    }

    /// A JSON Lines file replaces an older one with its first line, and not before.
    @Test func olderLinesStayUntilTheFirstOne() throws {
        _ = try folder.write("old\n", to: "t.jsonl")
        let missing = try CommandRun.vtrack(
            ["run", "no.mp4", "--boxes", TestFiles.demoTruth, "--format", "jsonl", "--out", "t.jsonl"], in: folder.url)
        #expect(missing.status == 66)
        #expect(folder.text("t.jsonl") == "old\n")
        #expect(try CommandRun.vtrack(run + ["--format", "jsonl", "--out", "t.jsonl"], in: folder.url).status == 0)
        #expect(folder.text("t.jsonl")?.split(separator: "\n").count == 225)
    }

    /// A second signal ends the run at once and leaves no partial file.
    @Test func secondSignal() throws {
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
        let script = """
            mkfifo boxes
            "$0" run "$1" --boxes boxes --boxes-format jsonl --model tiny.safetensors --out t.txt --report r.json \
                --features f.safetensors --annotate a.mp4 --progress json 2>progress >summary &
            process=$!
            exec 3>boxes
            for n in $(seq 9); do
                echo "{\\"frame\\": $n, \\"boxes\\": [{\\"box\\": [$n, 20, 30, 40], \\"class\\": 1}]}" >&3
            done
            for i in $(seq 600); do sleep 0.05; grep -q '"frame"' progress && break; done
            # Both arrive together, so that the first one cannot finish its work.
            kill -STOP $process; kill -INT $process; kill -TERM $process; kill -CONT $process
            wait $process
            echo $?
            rm -f boxes progress summary tiny.safetensors
            """
        let result = try CommandRun.shell(script, [CommandRun.binary.path, TestFiles.demoClip], in: folder.url)
        #expect(["130\n", "143\n"].contains(result.output), "\(result.errors)")
        #expect(folder.names.isEmpty)
    }

    /// Before anything has been read there is nothing to publish: one signal is enough.
    @Test(arguments: [("INT", 130), ("TERM", 143)])
    func signalWhileOpening(_ name: String, _ status: Int) throws {
        _ = try folder.write("1,1,1,2,30,40,1,1,1\n", to: "gt.txt")
        let script = """
            mkfifo silent
            sleep 60 >silent & writer=$!
            "$0" run silent --boxes gt.txt --model none --out t.txt & process=$!
            # The partial file tells that signals are taken care of.
            for i in $(seq 600); do sleep 0.05; ls .t.txt* >/dev/null 2>&1 && break; done
            kill -\(name) $process
            wait $process
            echo $?
            kill $writer
            rm -f silent
            """
        let result = try CommandRun.shell(script, [CommandRun.binary.path], in: folder.url)
        #expect(result.output == "\(status)\n", "\(result.errors)")
        #expect(folder.names == ["gt.txt"])
    }
}
