import ArgumentParser
import Features
import Geometry

/// Whole runs over a source with the results thrown away: what each stage of the pipeline takes.
struct StageMeasurement {
    /// The run that is measured, but for its precision.
    let command: BenchCommand
    let source: String
    let boxes: String
    /// Random weights; nil where the command names a checkpoint.
    let random: Checkpoint?
    let interruption: Interruption

    /// One run: the report's stages, and the time of the run without loading the model.
    private struct Run {
        var report: Report
        var seconds: Double
    }

    /// Runs every precision in turns, so that all see the same machine.
    func results(_ precisions: [Precision], rounds: Int) throws -> [BenchReport.Stages] {
        var runs = [[Run]](repeating: [], count: precisions.count)
        for round in 0..<rounds {
            for step in precisions.indices {
                let index = (step + round) % precisions.count
                runs[index].append(try run(precisions[index]))
            }
        }
        return zip(precisions, runs).map { Self.result($0, $1) }
    }

    /// Runs once, as `vtrack run` would without measuring retrieval.
    private func run(_ precision: Precision) throws -> Run {
        // With "=" and behind "--", so that a name may begin with a hyphen.
        var arguments = ["--boxes=\(boxes)", "--out", "/dev/null", "--no-retrieval", "--progress", "none", "-q"]
        if let model = command.model { arguments.append("--model=\(model)") }
        if precision != .f32 { arguments += ["--precision", precision.rawValue] }
        if let threads = command.threads { arguments += ["--threads", "\(threads)"] }
        if let layer = command.layer { arguments += ["--layer", layer.description] }
        if let pool = command.pool { arguments += ["--pool", pool.pooling.name] }
        if let tiling = command.tiling { arguments += ["--tiling", tiling.rawValue] }
        var run = try RunCommand.parse(arguments + ["--", source])
        run.boxes.filter = command.filter
        let session = try RunSession(run, interruption: interruption, random: random)
        let started = ContinuousClock.now
        try session.run()
        return Run(report: session.report, seconds: (ContinuousClock.now - started).seconds)
    }

    /// What some runs in one precision come to.
    private static func result(_ precision: Precision, _ runs: [Run]) -> BenchReport.Stages {
        func median(_ value: (Run) -> Double) -> Double { runs.map(value).median }
        let seconds = median(\.seconds)
        let frames = runs.last?.report.frames ?? 0
        return BenchReport.Stages(
            precision: precision.rawValue, frames: frames, boxes: runs.last?.report.boxes ?? 0, seconds: seconds,
            framesPerSecond: Double(frames) / max(seconds, 1e-9), decode: median(\.report.seconds.decode),
            embed: median(\.report.seconds.embed), pool: median(\.report.seconds.pool),
            associate: median(\.report.seconds.associate),
            load: median(\.report.seconds.load))
    }
}
