import Foundation
import Geometry
import Testing

@testable import Features

/// Every structure of a model, against the slow twin and against itself.
struct StructureTests {
    static let precisions = Precision.allCases.filter(\.isSupported)

    // The learned size, one that is neither square nor a multiple of anything, one that is smaller.
    @Test(arguments: TestStructure.all, [(15, 15), (65, 40), (10, 5)])
    func `Every block agrees with the plain twin`(_ example: TestStructure, _ size: (width: Int, height: Int)) throws {
        try Self.compareWithTwin(example, size)
    }

    // Other instruction sets have other kernels, the library's activations among them.
    @Test
    func `Every structure runs on lesser processors`() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1)
            for example in TestStructure.all {
                try StructureTests.compareWithTwin(example, (65, 40))
                try StructureTests.compareDemandWithDense(.f32, example)
            }
        }
        await #expect(processExitsWith: .success) {
            unsafe setenv("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_VNNI", 1)
            for example in TestStructure.all {
                try StructureTests.compareWithTwin(example, (65, 40))
                for precision in Precision.allCases where precision.isSupported {
                    try StructureTests.compareDemandWithDense(precision, example)
                }
            }
        }
    }

    static func compareWithTwin(_ example: TestStructure, _ size: (width: Int, height: Int)) throws {
        let model = TinyCheckpoint.description(structure: example.structure)
        let checkpoint = TinyCheckpoint.random(model)
        let plain = PlainVisionTransformer(checkpoint: checkpoint)
        let picture = TestPicture.random(width: size.width, height: size.height)
        let expected = try plain.layers(of: picture)
        for layer in 0...model.depth {
            for token in layer > 0 ? [TokenKind.output, .queries, .keys, .values] : [.output] {
                let network = try VisionTransformer(
                    checkpoint: checkpoint, selection: LayerSelection(layers: [layer], token: token), threads: 2)
                let found = try network.sequence(of: picture, finalNorm: true)
                let wanted: [[Double]] =
                    switch token {
                    case .output: layer > 0 ? try expected[layer].output.map(plain.finalNorm) : expected[layer].output
                    case .queries: expected[layer].queries
                    case .keys: expected[layer].keys
                    case .values: expected[layer].values
                    }
                let error = VisionTransformerTests.relativeError(found, wanted.flatMap { $0 })
                #expect(error < 3e-6, "\(example.testDescription), layer \(layer), \(token): \(error)")
            }
        }
    }

    @Test(arguments: PrecisionTests.fast, TestStructure.all)
    func `Every block is close to single precision`(_ precision: Precision, _ example: TestStructure) throws {
        let model = TinyCheckpoint.description(
            width: 192, depth: 3, heads: 3, hiddenWidth: 384, patch: 4, side: 32, structure: example.structure)
        // Weights as small as in real models: with attention far from uniform rounding is amplified.
        let checkpoint = Checkpoint(Architecture(description: model, seed: 3, standardDeviation: 0.05))
        let picture = TestPicture.random(width: 56, height: 36)
        for layer in 0...model.depth {
            let selection = LayerSelection(layers: [layer])
            let exact = try VisionTransformer(checkpoint: checkpoint, selection: selection, threads: 2)
                .sequence(of: picture, finalNorm: true)
            let found = try VisionTransformer(
                checkpoint: checkpoint, selection: selection, precision: precision, threads: 2
            ).sequence(of: picture, finalNorm: true)
            let error = VisionTransformerTests.relativeError(found, exact.map(Double.init))
            #expect(error < (precision == .bf16 ? 1e-2 : 5e-2), "layer \(layer): \(error)")
            let cosine = PrecisionTests.cosines(found, exact, width: model.width)[0]
            #expect(cosine > (precision == .bf16 ? 0.9999 : 0.998), "layer \(layer): \(cosine)")
        }
    }

    @Test(arguments: precisions, TestStructure.all)
    func `Demanded tokens are the bits of the dense pass`(_ precision: Precision, _ example: TestStructure) throws {
        try Self.compareDemandWithDense(precision, example)
    }

    static func compareDemandWithDense(_ precision: Precision, _ example: TestStructure) throws {
        let model = TinyCheckpoint.description(
            width: 192, depth: 2, heads: 3, hiddenWidth: 384, patch: 4, side: 56, structure: example.structure)
        // A box across two tiles, and one in a third.
        let boxes = [Box(x: 200, y: 40, width: 90, height: 60), Box(x: 600, y: 300, width: 50, height: 120)]
        for selection in [LayerSelection(layers: [2]), LayerSelection(layers: [1, 2], token: .keys)] {
            try DemandTests.check(
                precision, DemandTests.Case(testDescription: "", selection: selection, boxes: boxes), model: model,
                poolings: [.mean], threads: [1, 2, 4])
        }
    }

    @Test
    func `What does not go together is refused`() throws {
        func refused(_ structure: ModelStructure, heads: Int = 3, width: Int = 60) throws -> Bool {
            let model = TinyCheckpoint.description(width: width, heads: heads, structure: structure)
            do {
                _ = try VisionTransformer(
                    checkpoint: TinyCheckpoint.random(model), selection: LayerSelection(layers: [1]), threads: 1)
                return false
            } catch {
                guard case .engine(.structure) = error else { return false }
                return true
            }
        }
        var structure = ModelStructure()
        structure.positions = .rotary(RotaryPositions())
        #expect(try !refused(structure))
        #expect(try refused(structure, heads: 6))
        structure.positions = .rotary(RotaryPositions(theta: 0))
        #expect(try refused(structure))
        structure.positions = .groundSampleDistance(metres: .nan)
        #expect(try refused(structure))
        structure.positions = .groundSampleDistance(metres: 1)
        #expect(try refused(structure, heads: 1, width: 42))
        structure.positions = .sineCosine(.resized)
        #expect(try refused(structure, heads: 1, width: 42))
    }
}
