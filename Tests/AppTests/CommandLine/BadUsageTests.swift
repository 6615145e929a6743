import Foundation
import Testing

/// Wrong command lines end with the documented status and a sentence, and never with a trap.
@Suite struct BadUsageTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private static let wrong: [([String], Int32)] = [
        // Nothing where something is needed.
        (["run"], 64),
        (["run", "clip.mp4"], 64),
        (["track", "--boxes"], 64),
        (["unknown"], 64),
        // Both inputs on standard input.
        (["run", "-", "--boxes", "-"], 64),
        // Values out of range or of the wrong kind.
        (["run", "clip.mp4", "--boxes", "gt.txt", "--deltas", "0"], 64),
        (["run", "clip.mp4", "--boxes", "gt.txt", "--deltas", "1,x"], 64),
        (["run", "clip.mp4", "--boxes", "gt.txt", "--classes", "-1"], 64),
        (["run", "clip.mp4", "--boxes", "gt.txt", "--fps", "nan"], 64),
        (["run", "clip.mp4", "--boxes", "gt.txt", "--fps", "-5"], 64),
        (["run", "clip.mp4", "--boxes", "gt.txt", "--layer", "1/0"], 64),
        (["run", "clip.mp4", "--boxes", "gt.txt", "--pool", "grid0"], 64),
        (["run", "clip.mp4", "--boxes", "gt.txt", "--threads", "0"], 64),
        (["run", "clip.mp4", "--boxes", "gt.txt", "--max-boxes", "-1"], 64),
        (["run", "clip.mp4", "--boxes", "gt.txt", "--tiling", "round"], 64),
        (["run", "clip.mp4", "--boxes", "gt.txt", "--precision", "f16"], 64),
        (["run", "clip.mp4", "--boxes", "gt.txt", "--reuse", "-1"], 64),
        (["run", "clip.mp4", "--boxes", "gt.txt", "--reuse", "nan"], 64),
        (["run", "clip.mp4", "--boxes", "gt.txt", "--reuse", "256"], 64),
        // Every token, and fewer of them.
        (["run", "clip.mp4", "--boxes", "gt.txt", "--reuse", "1", "--compute", "all"], 64),
        (["track", "--boxes", "gt.txt", "--frame-size", "640"], 64),
        (["embed", "clip.mp4", "--out", "x", "--model", "m", "--frames", "5-2"], 64),
        // What cannot be measured, and a source without what it is for.
        (["bench", "--model", "none"], 64),
        (["embed", "clip.mp4", "--out", "x", "--model"], 64),
        (["model", "info", "none"], 64),
        (["bench", "--model", "m", "--precision", "f64"], 64),
        (["bench", "--model", "m", "--precision", "f32,f32"], 64),
        (["bench", "--model", "m", "--batch", "0"], 64),
        (["bench", "--model", "m", "--batch", ""], 64),
        (["bench", "--model", "m", "--rounds", "0"], 64),
        (["bench", "--model", "m", "--paced"], 64),
        (["bench", "--model", "m", "--boxes", "gt.txt"], 64),
        (["bench", "clip.mp4", "--model", "m"], 64),
        (["bench", "--model", "m", "--pool", "grid3"], 64),
        (["bench", "--model", "m", "--tiling", "pad"], 64),
        (["bench", "--model", "m", "--precision", "f32", "--batch", "1", "--paced", "--json"], 64),
        (["bench", "-", "--model", "m", "--boxes", "gt.txt"], 64),
        // A block that the architecture does not have.
        (["bench", "--model", "vit_tiny_patch16_224", "--layer", "13"], 64),
        // Tracks and report on the same stream.
        (["track", "--boxes", "gt.txt", "--out", "-", "--report", "-"], 64),
    ]

    @Test(arguments: wrong)
    func usage(_ arguments: [String], _ status: Int32) throws {
        let run = try CommandRun.vtrack(arguments, in: folder.url)
        #expect(run.status == status, "\(run.errors)")
        #expect(!run.errors.isEmpty)
        #expect(folder.names.isEmpty)
    }

    @Test func missingInputs() throws {
        let boxes = try folder.write("1,1,10,10,20,20,1,1,1\n", to: "gt.txt")
        // No such video, no such boxes, no such model name, no such preset, no such configuration.
        let cases: [([String], Int32)] = [
            (["run", "no.mp4", "--boxes", boxes], 66),
            (["track", "--boxes", "no.txt"], 66),
            (["run", TestFiles.demoClip, "--boxes", boxes, "--model", "no-such-model"], 66),
            // Random weights are for measuring alone.
            (["run", TestFiles.demoClip, "--boxes", boxes, "--model", "vit_tiny_patch16_224"], 66),
            (["bench", "--model", "no-such-model"], 66),
            (["bench", "no.mp4", "--boxes", boxes, "--model", "vit_tiny_patch16_224"], 66),
            (["track", "--boxes", boxes, "--preset", "no-such-preset"], 78),
            (["track", "--boxes", boxes, "--config", "no.yaml"], 66),
        ]
        for (arguments, status) in cases {
            let run = try CommandRun.vtrack(arguments, in: folder.url)
            #expect(run.status == status, "\(arguments): \(run.errors)")
            #expect(folder.names == ["gt.txt"])
        }
    }

    @Test func helpAndVersion() throws {
        #expect(try CommandRun.vtrack(["--version"]).output == "0.1.0\n")
        for command in [[], ["run"], ["track"], ["embed"], ["probe"], ["bench"]] {
            let run = try CommandRun.vtrack(command + ["--help"])
            #expect(run.status == 0)
            #expect(run.output.contains("USAGE"))
        }
        for shell in ["bash", "zsh", "fish"] {
            let run = try CommandRun.vtrack(["--generate-completion-script", shell])
            #expect(run.status == 0)
            #expect(run.output.contains("--boxes"))
        }
    }
}
