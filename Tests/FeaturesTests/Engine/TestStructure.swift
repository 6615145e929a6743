import Testing

@testable import Features

/// The structures that models of the literature have, and some that none has together.
struct TestStructure: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let structure: ModelStructure

    private init(_ description: String, _ change: (inout ModelStructure) -> Void) {
        testDescription = description
        var structure = ModelStructure()
        change(&structure)
        self.structure = structure
    }

    static let all = [
        TestStructure("registers (DINOv2)") {
            $0.registerTokens = 4
            $0.positions = .learned(.antialiased)
        },
        TestStructure("positions stretched by a factor (DINO)") { $0.positions = .learned(.offset) },
        TestStructure("no class token (LOCA)") {
            $0.classToken = false
            $0.positions = .learned(.bilinear)
        },
        TestStructure("a class token without position (DeiT III)") {
            $0.prefixHasPositions = false
            $0.positions = .learned(.antialiased)
        },
        TestStructure("class, distillation and registers, the last with positions") {
            $0.distillationToken = true
            $0.registerTokens = 3
            $0.prefixHasPositions = false
            $0.registersHavePositions = true
        },
        TestStructure("all prefix tokens with positions") {
            $0.registerTokens = 1
            $0.registersHavePositions = true
        },
        TestStructure("norm before the blocks, QuickGELU (CLIP)") {
            $0.preNorm = true
            $0.activation = .quickGELU
        },
        TestStructure("tanh GELU") { $0.activation = .geluTanh },
        TestStructure("SwiGLU (DINOv2 giant)") {
            $0.activation = .swiGLU
            $0.positions = .learned(.offset)
        },
        TestStructure("no final norm, norms of queries and keys") {
            $0.finalNorm = false
            $0.queryKeyNorm = true
        },
        TestStructure("rotary positions (DINOv3)") {
            $0.registerTokens = 4
            $0.positions = .rotary(RotaryPositions())
        },
        TestStructure("rotary positions with stored periods, SwiGLU (DINOv3, the largest)") {
            $0.registerTokens = 4
            $0.positions = .rotary(RotaryPositions(storesPeriods: true))
            $0.activation = .swiGLU
        },
        TestStructure("rotary positions of neighbours (EVA-02)") {
            $0.positions = .rotary(RotaryPositions(theta: 10000, coordinates: .steps(side: 4), pairing: .neighbours))
        },
        TestStructure("relative biases by block, no positions (BEiT)") {
            $0.positions = .none
            $0.relativeBias = .perBlock
            $0.finalNorm = false
        },
        TestStructure("shared relative biases (SimMIM)") {
            $0.positions = .none
            $0.relativeBias = .shared
        },
        TestStructure("relative biases and positions, no class token") {
            $0.classToken = false
            $0.relativeBias = .shared
        },
        TestStructure("fixed sines and cosines (MAE)") { $0.positions = .sineCosine(.resized) },
        TestStructure("ground sample distance (Scale-MAE)") { $0.positions = .groundSampleDistance(metres: 2.5) },
        TestStructure("no positions") { $0.positions = .none },
        TestStructure("everything that can go together") {
            $0.distillationToken = true
            $0.registerTokens = 2
            $0.positions = .rotary(RotaryPositions(theta: 20, pairing: .neighbours))
            $0.relativeBias = .perBlock
            $0.preNorm = true
            $0.queryKeyNorm = true
            $0.activation = .swiGLU
        },
    ]
}
