import Features
import Foundation
import Geometry

/// Speed of the engine beside that of oneDNN's bare matrix products, in the same run.
///
///     EngineBenchmark [--model FILE | --arch vit_base_patch16_224] [--batch 8,16] [--threads 2] [--rounds 5] [--json]
///     EngineBenchmark … --frame 1920x1080 [--tiling fit|pad|whole] [--rounds 100]    time and memory of whole frames
@main
struct EngineBenchmark {
    struct Usage: Error, CustomStringConvertible {
        let description: String
    }

    static func main() {
        do {
            try measure()
        } catch {
            FileHandle.standardError.write(Data("EngineBenchmark: \(error)\n".utf8))
            exit(error is Usage ? 64 : 1)
        }
    }

    private static func measure() throws {
        var model: String?
        var architecture = "vit_base_patch16_224"
        var batches = [8, 16]
        var threads = 0
        var rounds = 5
        var json = false
        var frame: [Int] = []
        var tiling = Tiling.fit
        var arguments = CommandLine.arguments.dropFirst()
        while let option = arguments.popFirst() {
            if option == "--json" {
                json = true
                continue
            }
            guard let value = arguments.popFirst() else { throw Usage(description: "\(option) needs a value") }
            switch option {
            case "--model": model = value
            case "--arch": architecture = value
            case "--batch": batches = value.split(separator: ",").compactMap { Int($0) }
            case "--threads": threads = Int(value) ?? 0
            case "--frame": frame = value.split(separator: "x").compactMap { Int($0) }
            case "--tiling": tiling = Tiling(rawValue: value) ?? .fit
            case "--rounds": rounds = Int(value) ?? 5
            default: throw Usage(description: "unknown option \(option)")
            }
        }

        let checkpoint =
            try model.map { try Checkpoint(path: $0) } ?? Checkpoint(architecture: architecture)
        let description = checkpoint.description
        let network = try VisionTransformer(
            checkpoint: checkpoint, selection: LayerSelection(layers: [description.depth]), threads: threads)
        if frame.count == 2 {
            try measureFrames(network, width: frame[0], height: frame[1], tiling: tiling, rounds: rounds)
            return
        }
        for batch in batches {
            // A frame of one row of 256×256 squares makes a batch of tiles.
            let grid = try TileGrid(
                tiling: .fit, frameWidth: 256 * batch, frameHeight: 256, inputSide: description.inputSide,
                patch: description.patch)
            var picture = RGBImage(width: grid.pictureWidth, height: grid.pictureHeight)
            for index in picture.pixels.indices {
                picture.pixels[index] = UInt8(truncatingIfNeeded: index &* 2_654_435_761 >> 13)
            }
            let side = description.gridSide
            let rate = try MatrixRate(
                model: description, rows: batch * (side * side + description.prefixTokens), threads: network.threads)
            let operations = description.operations(rows: side, columns: side, blocks: description.depth)
            var map = TokenMap()
            let clock = ContinuousClock()
            try network.embed(picture, grid: grid, into: &map)
            try rate.run()

            var times: [Double] = []
            var processorTimes: [Double] = []
            var rates: [Double] = []
            for _ in 0..<rounds {
                let before = processorSeconds()
                let wall = try clock.measure { try network.embed(picture, grid: grid, into: &map) }
                times.append(wall / .milliseconds(batch))
                processorTimes.append((processorSeconds() - before) * 1000 / Double(batch * network.threads))
                // As long as the pass itself, roughly, so that both see the same machine.
                let repetitions = max(1, description.depth)
                let seconds = try clock.measure { for _ in 0..<repetitions { try rate.run() } } / .seconds(1)
                rates.append(rate.operations * Double(repetitions) / seconds / 1e9)
            }
            let (best, median) = (times.min() ?? 0, times.sorted()[times.count / 2])
            let (achieved, matrix) = (operations / median / 1e6, rates.sorted()[rates.count / 2])
            if json {
                print(
                    #"{"precision": "f32", "batch": \#(batch), "best_ms": \#(best), "best_cpu_ms": \#(processorTimes.min() ?? 0), "ms_per_image": \#(median), "#
                        + #""gflops": \#(achieved), "matrix_gflops": \#(matrix), "share": \#(achieved / matrix)}"#)
            } else {
                print(
                    "\(description.name) f32 batch \(batch) threads \(network.threads): "
                        + String(
                            format:
                                "best %.2f median %.2f ms/image, %.1f GFLOP/s; matrix products %.1f GFLOP/s; share %.3f",
                            best, median, achieved, matrix, achieved / matrix))
            }
        }
    }

    /// Time of a frame, and resident memory as frames go by: after the first it should stay where it is.
    static func measureFrames(
        _ network: VisionTransformer, width: Int, height: Int, tiling: Tiling, rounds: Int
    ) throws {
        let model = network.description
        let grid = try TileGrid(
            tiling: tiling, frameWidth: width, frameHeight: height, inputSide: model.inputSide, patch: model.patch)
        let picture = RGBImage(width: grid.pictureWidth, height: grid.pictureHeight)
        var map = TokenMap()
        for round in 0..<rounds {
            let time = try ContinuousClock().measure { try network.embed(picture, grid: grid, into: &map) }
            if round < 3 || round == rounds - 1 || round.isMultiple(of: 100) {
                print(
                    "frame \(round + 1): \(grid.columns)x\(grid.rows) tiles, map \(map.rows)x\(map.columns), "
                        + "\(time), memory \(memory("VmRSS")), highest \(memory("VmHWM"))")
            }
        }
    }

    /// A line of this process's status.
    static func memory(_ name: String) -> String {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
        return line.split(separator: " ", omittingEmptySubsequences: true).dropFirst().joined(separator: " ")
    }

    /// Processor time of all threads: what a shared machine leaves comparable.
    static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
