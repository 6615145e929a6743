import Features
import Foundation
import Testing

/// The same input gives the same bytes, whether it comes as a file, through a pipe or box by box, on any thread count.
@Suite struct StreamingTests {
    private let folder: ScratchFolder
    private let model: [String]

    init() throws {
        folder = try ScratchFolder()
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
        model = ["--model", folder.path("tiny.safetensors"), "--classes", "1,3", "--quiet"]
    }

    private func outputs(_ name: String) -> [String] {
        ["--out", "\(name).txt", "--features", "\(name).safetensors"]
    }

    private func expectSame(_ left: String, _ right: String) {
        #expect(folder.data("\(left).txt") == folder.data("\(right).txt"))
        #expect(folder.data("\(left).safetensors") == folder.data("\(right).safetensors"))
        #expect((folder.data("\(left).txt")?.count ?? 0) > 100)
    }

    @Test func filePipeAndLiveBoxesAgree() throws {
        let file = try CommandRun.vtrack(
            ["run", TestFiles.demoClip, "--boxes", TestFiles.demoTruth] + model + outputs("file"), in: folder.url)
        #expect(file.status == 0, "\(file.errors)")

        let pipe = try CommandRun.shell(
            "cat \"$1\" | \"$0\" run - \"${@:2}\"",
            [CommandRun.binary.path, TestFiles.demoClip, "--boxes", TestFiles.demoTruth] + model + outputs("pipe"),
            in: folder.url)
        #expect(pipe.status == 0, "\(pipe.errors)")
        expectSame("file", "pipe")

        let fifo = try CommandRun.shell(
            "mkfifo boxes; cat \"$1\" >boxes & \"$0\" run \"$2\" --boxes boxes \"${@:3}\"",
            [CommandRun.binary.path, TestFiles.demoTruth, TestFiles.demoClip] + model + outputs("fifo"),
            in: folder.url)
        #expect(fifo.status == 0, "\(fifo.errors)")
        expectSame("file", "fifo")

        let descriptor = try CommandRun.shell(
            "\"$0\" run \"$2\" --boxes fd:3 \"${@:3}\" 3<\"$1\"",
            [CommandRun.binary.path, TestFiles.demoTruth, TestFiles.demoClip] + model + outputs("fd"), in: folder.url)
        #expect(descriptor.status == 0, "\(descriptor.errors)")
        expectSame("file", "fd")
    }

    @Test func threadCountChangesNothing() throws {
        for threads in ["1", "2", "4"] {
            let run = try CommandRun.vtrack(
                ["run", TestFiles.demoClip, "--boxes", TestFiles.demoTruth, "--threads", threads] + model
                    + outputs("t\(threads)"), in: folder.url)
            #expect(run.status == 0, "\(run.errors)")
        }
        expectSame("t1", "t2")
        expectSame("t1", "t4")
    }

    /// A detector that sends a frame's boxes only once it has the tracks of the frame before gets every line: no stage
    /// waits for the next frame.
    @Test func tracksComeBeforeTheNextFrame() throws {
        let script = """
            mkfifo boxes
            "$0" run "$1" --boxes boxes --boxes-format jsonl --format jsonl --out tracks.jsonl "${@:2}" &
            exec 3>boxes
            for n in $(seq 12); do
                echo "{\\"frame\\": $n, \\"boxes\\": [{\\"box\\": [$n, 20, 30, 40], \\"class\\": 1}]}" >&3
                for i in $(seq 600); do
                    grep -q "\\"frame\\":$n," tracks.jsonl 2>/dev/null && break
                    sleep 0.02
                done
                grep -q "\\"frame\\":$n," tracks.jsonl || echo "no tracks of frame $n"
            done
            exec 3>&-
            wait $!
            echo $?
            """
        let result = try CommandRun.shell(script, [CommandRun.binary.path, TestFiles.demoClip] + model, in: folder.url)
        #expect(result.output == "0\n", "\(result.errors)")
    }

    /// Rows of the boxes file in another order: the same tracks.
    @Test func rowOrderChangesNothing() throws {
        let lines = try String(contentsOfFile: TestFiles.demoTruth, encoding: .utf8).split(separator: "\n")
        let shuffled = try folder.write(lines.reversed().joined(separator: "\r\n") + "\r\n", to: "shuffled.txt")
        for (name, boxes) in [("a", TestFiles.demoTruth), ("b", shuffled)] {
            let run = try CommandRun.vtrack(
                ["run", TestFiles.demoClip, "--boxes", boxes] + model + outputs(name), in: folder.url)
            #expect(run.status == 0, "\(run.errors)")
        }
        #expect(folder.data("a.txt") == folder.data("b.txt"))
    }

    /// A lossless clip and the folder of its frames as PNG: the same tracks and features, byte for byte.
    @Test(.enabled(if: TestFiles.hasFFmpeg, "ffmpeg is not installed"))
    func losslessClipAndImageFolderAgree() throws {
        let made = try CommandRun.shell(
            """
            mkdir frames
            ffmpeg -v error -i "$0" -frames:v 30 -c:v ffv1 -pix_fmt bgr0 clip.mkv
            ffmpeg -v error -i clip.mkv frames/%06d.png
            """, [TestFiles.demoClip], in: folder.url)
        #expect(made.status == 0, "\(made.errors)")
        for (name, source) in [("clip", "clip.mkv"), ("folder", "frames")] {
            let run = try CommandRun.vtrack(
                ["run", source, "--boxes", TestFiles.demoTruth, "--fps", "25"] + model + outputs(name),
                in: folder.url)
            #expect(run.status == 0, "\(run.errors)")
        }
        expectSame("clip", "folder")
    }

    /// A clip of subsampled YUV and its frames as PNG, which were converted at full size first: the same tracks, and
    /// vectors that point the same way.
    @Test(.enabled(if: TestFiles.hasFFmpeg, "ffmpeg is not installed"))
    func subsampledClipAndImageFolderAgreeClosely() throws {
        let made = try CommandRun.shell(
            """
            mkdir frames
            ffmpeg -v error -i "$0" -frames:v 40 -sws_flags bilinear+accurate_rnd+full_chroma_int+full_chroma_inp \
                frames/%06d.png
            awk -F, '$1 <= 40' "$1" >gt.txt
            """, [TestFiles.demoClip, TestFiles.demoTruth], in: folder.url)
        #expect(made.status == 0, "\(made.errors)")
        for (name, source) in [("clip", TestFiles.demoClip), ("folder", "frames")] {
            let run = try CommandRun.vtrack(
                ["run", source, "--boxes", "gt.txt", "--fps", "25"] + model + outputs(name), in: folder.url)
            #expect(run.status == 0, "\(run.errors)")
        }
        #expect(folder.data("clip.txt") == folder.data("folder.txt"))
        let vectors = try ["clip", "folder"].map {
            try SafetensorsFile(path: folder.path("\($0).safetensors")).floats("features")
        }
        #expect(vectors[0].count == vectors[1].count)
        for start in stride(from: 0, to: vectors[0].count, by: 64) {
            var dot = 0.0
            var squares = [0.0, 0.0]
            for index in start..<start + 64 {
                dot += Double(vectors[0][index]) * Double(vectors[1][index])
                for side in 0..<2 { squares[side] += Double(vectors[side][index]) * Double(vectors[side][index]) }
            }
            #expect(dot / (squares[0] * squares[1]).squareRoot() >= 0.99)
        }
    }

    /// An mp4 whose index comes last cannot be piped; the message says what to do.
    @Test(.enabled(if: TestFiles.hasFFmpeg, "ffmpeg is not installed"))
    func indexLastOnAPipe() throws {
        let result = try CommandRun.shell(
            """
            ffmpeg -v error -i "$1" -c copy last.mp4
            cat last.mp4 | "$0" run - --boxes "$2" --classes 1,3 --model none --out t.txt
            """, [CommandRun.binary.path, TestFiles.demoClip, TestFiles.demoTruth], in: folder.url)
        #expect(result.status == 65)
        #expect(result.errors.contains("faststart"))
        #expect(folder.names == ["last.mp4", "tiny.safetensors"])
    }
}
