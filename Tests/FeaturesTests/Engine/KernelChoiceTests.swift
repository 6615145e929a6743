import Foundation
import Geometry
import Testing

@testable import Features

/// oneDNN falls back to plain loops, a thousand times slower, where it has no kernel for a layout: none may be run.
struct KernelChoiceTests {
    private static let architectures = ["vit_tiny_patch16_224", "vit_base_patch16_224", "vit_base_patch8_224"]

    static func check() throws {
        for architecture in architectures {
            let checkpoint = try Checkpoint(architecture: architecture)
            let network = try VisionTransformer(
                checkpoint: checkpoint, selection: LayerSelection(layers: [1]), threads: 1)
            var primitives = network.primitives
            let model = checkpoint.description
            let grid = try TileGrid(
                tiling: .whole, frameWidth: 1920, frameHeight: 1080, inputSide: model.inputSide, patch: model.patch)
            let plan = try TilePlan(
                model, rows: grid.mapRows, columns: grid.mapColumns, layouts: network.layouts,
                positions: [Float](repeating: 0, count: model.gridSide * model.gridSide * model.width))
            primitives += plan.primitives
            #expect(primitives.count > 20)
            for primitive in primitives {
                #expect(
                    !primitive.implementation.isEmpty && !primitive.implementation.hasPrefix("ref"),
                    "\(architecture): \(primitive.name) would run \(primitive.implementation)")
            }
        }
    }

    /// The measure of the engine's speed would mean nothing if it were slow itself; batches of 1 and 16.
    static func checkMatrixRate() throws {
        for architecture in architectures {
            let model = try Checkpoint(architecture: architecture).description
            for precision in Precision.allCases where precision.isSupported {
                for rows in [197, 16 * 197] {
                    let rate = try MatrixRate(model: model, rows: rows, precision: precision, threads: 2)
                    #expect(rate.primitives.count == 4)
                    for primitive in rate.primitives {
                        #expect(
                            !primitive.implementation.isEmpty && !primitive.implementation.hasPrefix("ref"),
                            "\(architecture) \(precision): \(primitive.name) would run \(primitive.implementation)")
                    }
                }
            }
        }
    }

    @Test
    func `The matrix rate is measured on no reference kernel`() throws {
        try Self.checkMatrixRate()
    }

    @Test
    func `The matrix rate is measured on no reference kernel without AVX-512`() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1)
            try KernelChoiceTests.checkMatrixRate()
            let model = try Checkpoint(architecture: "vit_tiny_patch16_224").description
            for precision in [Precision.bf16, .int8] {
                #expect(throws: FeatureError.engine(.precision(precision))) {
                    try MatrixRate(model: model, rows: 197, precision: precision, threads: 1)
                }
            }
        }
    }

    @Test
    func `No operation runs a reference kernel`() throws {
        try Self.check()
    }

    @Test
    func `No operation runs a reference kernel without AVX-512`() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1)
            try KernelChoiceTests.check()
        }
    }

    @Test
    func `Scores take at most a megabyte per thread`() throws {
        let model = try Checkpoint(architecture: "vit_base_patch8_224").description
        let positions = [Float](repeating: 0, count: model.gridSide * model.gridSide * model.width)
        // The model's own tile, a frame of 1024 pixels, and more than any tiling makes.
        for (rows, columns) in [(28, 28), (72, 128), (128, 128), (200, 200)] {
            let plan = try TilePlan(model, rows: rows, columns: columns, layouts: nil, positions: positions)
            #expect(plan.headsAtOnce * plan.attentionRows * plan.tokens * 4 <= 1 << 20)
            #expect(plan.chunks.map(\.rows).reduce(0, +) == plan.tokens)
        }
    }
}
