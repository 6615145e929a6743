import CKernels
import Foundation
import Geometry
import Testing

@testable import Features

/// oneDNN falls back to plain loops, a thousand times slower, where it has no kernel for a layout: none may be run.
struct KernelChoiceTests {
    private static let architectures = [
        "vit_tiny_patch16_224", "vit_base_patch16_224", "vit_base_patch8_224",
        // Other activations and widths: QuickGELU, SwiGLU in a narrow and in the widest model.
        "vit_large_patch14_clip_quickgelu_224", "vit_small_plus_patch16_dinov3", "vit_giant_patch14_dinov2",
    ]

    /// GELU's tanh form, which none of the architectures has.
    private static var tanhModel: Checkpoint {
        var structure = ModelStructure()
        structure.activation = .geluTanh
        return TinyCheckpoint.random(
            TinyCheckpoint.description(
                width: 384, depth: 1, heads: 6, hiddenWidth: 1536, patch: 14, side: 224, structure: structure))
    }

    static func check() throws {
        for checkpoint in try architectures.map({ try Checkpoint(architecture: $0) }) + [tanhModel] {
            let architecture = checkpoint.description.name
            for precision in Precision.allCases where precision.isSupported {
                let network = try VisionTransformer(
                    checkpoint: checkpoint, selection: LayerSelection(layers: [1]), precision: precision, threads: 1)
                var primitives = try network.primitives
                let model = checkpoint.description
                let grid = try TileGrid(
                    tiling: .whole, frameWidth: 1920, frameHeight: 1080, inputSide: model.inputSide,
                    patch: model.patch)
                let plan = try TilePlan(
                    model, kinds: ProductKinds(precision, model.structure.activation), rows: grid.mapRows,
                    columns: grid.mapColumns,
                    layouts: network.layouts, positions: nil, parts: true)
                primitives += plan.primitives
                #expect(primitives.count > 40)
                for primitive in primitives {
                    #expect(
                        !primitive.implementation.isEmpty && !primitive.implementation.hasPrefix("ref"),
                        "\(architecture) \(precision): \(primitive.name) would run \(primitive.implementation)")
                }
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

    // Fewer and fewer instructions; the precisions that are left differ.
    @Test
    func `No operation runs a reference kernel without BF16 instructions`() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_VNNI", 1)
            #expect(!Precision.bf16.isSupported && Kernels.best.processor != vtrack_avx512_bf16)
            try KernelChoiceTests.check()
        }
    }

    @Test
    func `No operation runs a reference kernel without 8-bit instructions`() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("ONEDNN_MAX_CPU_ISA", "AVX512_CORE", 1)
            #expect(!Precision.int8.isSupported)
            try KernelChoiceTests.check()
        }
    }

    @Test
    func `No operation runs a reference kernel without AVX-512`() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1)
            #expect(Kernels.best.processor.rawValue <= vtrack_avx2.rawValue)
            try KernelChoiceTests.check()
        }
    }
}
