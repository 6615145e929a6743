import Foundation
import Geometry

@testable import Features

/// Random pictures, the same every time.
enum TestPicture {
    static func random(width: Int, height: Int, seed: UInt64 = 7) -> RGBImage {
        var image = RGBImage(width: width, height: height)
        var state = seed
        for index in image.pixels.indices {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            image.pixels[index] = UInt8(truncatingIfNeeded: state >> 33)
        }
        return image
    }
}

/// The network again, slow and obvious, in double precision: the engine's oracle.
///
/// Every step is a loop over what the papers write; nothing is shared with the engine but the checkpoint's numbers and,
/// for pictures of another size than the model's, the stretched tables of positions, which are compared with their
/// authors' libraries (`PositionEmbeddingTests`).
final class PlainVisionTransformer {
    let checkpoint: Checkpoint
    private var model: ModelDescription { checkpoint.description }
    private var structure: ModelStructure { checkpoint.description.structure }
    private var numbers: [ModelPart: [Double]] = [:]

    init(checkpoint: Checkpoint) {
        self.checkpoint = checkpoint
    }

    /// What a layer makes of each token, all tokens, prefix first.
    struct Layer {
        /// (N, D), before any final LayerNorm.
        var output: [[Double]]
        var queries: [[Double]] = []
        var keys: [[Double]] = []
        var values: [[Double]] = []
    }

    /// All layers of one tile, from the embedded patches on.
    func layers(of picture: RGBImage) throws -> [Layer] {
        let places = PlainPositions(
            model: model, rows: picture.height / model.patch, columns: picture.width / model.patch)
        var tokens = try embed(picture, places)
        if structure.preNorm { tokens = try tokens.map { try norm($0, .preNormWeight, .preNormBias) } }
        var layers = [Layer(output: tokens)]
        for block in 0..<model.depth {
            func part(_ part: BlockPart) -> ModelPart { .block(block, part) }
            let normed = try tokens.map { try norm($0, part(.norm1Weight), part(.norm1Bias)) }
            let joined = try normed.map { try linear($0, part(.attentionWeight), part(.attentionBias)) }
            let d = model.width
            var layer = Layer(output: [])
            layer.queries = joined.map { Array($0[..<d]) }
            layer.keys = joined.map { Array($0[d..<2 * d]) }
            layer.values = joined.map { Array($0[(2 * d)...]) }
            let context = try attention(layer, block: block, places)
            tokens = try zip(tokens, context).map { token, context in
                zip(token, try linear(context, part(.projectionWeight), part(.projectionBias))).map(+)
            }
            tokens = try tokens.map { token in
                let normed = try norm(token, part(.norm2Weight), part(.norm2Bias))
                let hidden = activate(try linear(normed, part(.hiddenWeight), part(.hiddenBias)))
                return zip(token, try linear(hidden, part(.outputWeight), part(.outputBias))).map(+)
            }
            layer.output = tokens
            layers.append(layer)
        }
        return layers
    }

    /// The model's last LayerNorm, where it has one.
    func finalNorm(_ token: [Double]) throws -> [Double] {
        structure.finalNorm ? try norm(token, .finalNormWeight, .finalNormBias) : token
    }

    private func values(_ part: ModelPart) throws -> [Double] {
        if let known = numbers[part] { return known }
        let values = try checkpoint.values(of: part).map(Double.init)
        numbers[part] = values
        return values
    }

    private func rows(_ part: ModelPart) throws -> [[Double]] {
        let values = try values(part)
        return stride(from: 0, to: values.count, by: model.width).map { Array(values[$0..<$0 + model.width]) }
    }

    private func embed(_ picture: RGBImage, _ places: PlainPositions) throws -> [[Double]] {
        let p = model.patch
        var prefix: [[Double]] = []
        var learned: [[Double]] = []
        if case .learned = structure.positions { learned = try rows(.positions) }
        if structure.classToken { prefix += try rows(.classToken) }
        if structure.distillationToken { prefix += try rows(.distillationToken) }
        if structure.prefixHasPositions, !learned.isEmpty {
            prefix = prefix.map { token in zip(token, learned.removeFirst()).map(+) }
        }
        var registers = structure.registerTokens > 0 ? try rows(.registerTokens) : []
        if structure.registersHavePositions, !learned.isEmpty {
            registers = registers.map { token in zip(token, learned.removeFirst()).map(+) }
        }
        let grid = places.added(learned: learned)
        var tokens = prefix + registers
        for row in 0..<picture.height / p {
            for column in 0..<picture.width / p {
                var patch: [Double] = []
                for colour in 0..<3 {
                    for y in 0..<p {
                        for x in 0..<p {
                            let pixel = (row * p + y) * picture.width + column * p + x
                            let value = Double(picture.pixels[pixel * 3 + colour]) / 255
                            patch.append((value - model.mean[colour]) / model.std[colour])
                        }
                    }
                }
                let embedded = try linear(patch, .patchWeight, .patchBias)
                tokens.append(zip(embedded, grid[row * places.columns + column]).map(+))
            }
        }
        return tokens
    }

    /// LayerNorm and rotation of each head of a token's queries or keys.
    private func prepare(
        _ values: [Double], token: Int, _ gain: ModelPart, _ bias: ModelPart, _ places: PlainPositions
    ) throws -> [[Double]] {
        try (0..<model.heads).map { head in
            var channels = Array(values[head * model.headWidth..<(head + 1) * model.headWidth])
            if structure.queryKeyNorm { channels = try norm(channels, gain, bias) }
            guard case .rotary(let rotary) = structure.positions, token >= model.prefixTokens else { return channels }
            let periods = rotary.storesPeriods ? try self.values(.rotaryPeriods) : nil
            return places.rotate(channels, rotary, periods: periods, patch: token - model.prefixTokens)
        }
    }

    private func attention(_ layer: Layer, block: Int, _ places: PlainPositions) throws -> [[Double]] {
        func part(_ part: BlockPart) -> ModelPart { .block(block, part) }
        let queries = try layer.queries.enumerated().map {
            try prepare($1, token: $0, part(.queryNormWeight), part(.queryNormBias), places)
        }
        let keys = try layer.keys.enumerated().map {
            try prepare($1, token: $0, part(.keyNormWeight), part(.keyNormBias), places)
        }
        let table: [Double]? =
            switch structure.relativeBias {
            case .none: nil
            case .shared: try values(.relativePositionTable)
            case .perBlock: try values(part(.relativePositionTable))
            }
        let bias = table.map { places.bias(table: $0) }
        let d = model.headWidth
        return queries.indices.map { query in
            (0..<model.heads).flatMap { head in
                let scores = keys.indices.map { key in
                    zip(queries[query][head], keys[key][head]).reduce(0) { $0 + $1.0 * $1.1 }
                        / Double(d).squareRoot() + (bias?(head, query, key) ?? 0)
                }
                let highest = scores.max() ?? 0
                let weights = scores.map { exp($0 - highest) }
                let sum = weights.reduce(0, +)
                return (head * d..<(head + 1) * d).map { channel in
                    zip(weights, layer.values).reduce(0) { $0 + $1.0 / sum * $1.1[channel] }
                }
            }
        }
    }

    private func activate(_ values: [Double]) -> [Double] {
        switch structure.activation {
        case .gelu: values.map { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }
        case .geluTanh:
            values.map { 0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
        case .quickGELU: values.map { $0 / (1 + exp(-1.702 * $0)) }
        case .swiGLU:
            zip(values[..<model.hiddenWidth], values[model.hiddenWidth...]).map { $0 / (1 + exp(-$0)) * $1 }
        }
    }

    private func linear(_ input: [Double], _ weight: ModelPart, _ bias: ModelPart) throws -> [Double] {
        let weights = try values(weight)
        return try values(bias).enumerated().map { row, bias in
            var sum = bias
            for (column, value) in input.enumerated() { sum += value * weights[row * input.count + column] }
            return sum
        }
    }

    private func norm(_ input: [Double], _ gain: ModelPart, _ bias: ModelPart) throws -> [Double] {
        let mean = input.reduce(0, +) / Double(input.count)
        let variance = input.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(input.count)
        let (gain, bias) = (try values(gain), try values(bias))
        return input.enumerated().map { index, value in
            (value - mean) / (variance + model.layerNormEpsilon).squareRoot() * gain[index] + bias[index]
        }
    }
}
