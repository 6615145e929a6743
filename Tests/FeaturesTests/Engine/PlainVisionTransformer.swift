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
/// Every step is a loop over what the paper writes; nothing is shared with the engine but the checkpoint's numbers and,
/// for pictures of another size than the model's, the interpolated positions.
struct PlainVisionTransformer {
    let checkpoint: Checkpoint
    private var model: ModelDescription { checkpoint.description }

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
        var tokens = try embed(picture)
        var layers = [Layer(output: tokens)]
        for block in 0..<model.depth {
            let normed = try tokens.map { try norm($0, .block(block, .norm1Weight), .block(block, .norm1Bias)) }
            let joined = try normed.map {
                try linear($0, .block(block, .attentionWeight), .block(block, .attentionBias))
            }
            let d = model.width
            var layer = Layer(output: [])
            layer.queries = joined.map { Array($0[..<d]) }
            layer.keys = joined.map { Array($0[d..<2 * d]) }
            layer.values = joined.map { Array($0[(2 * d)...]) }
            let context = attention(layer)
            tokens = try zip(tokens, context).map { token, context in
                zip(token, try linear(context, .block(block, .projectionWeight), .block(block, .projectionBias)))
                    .map(+)
            }
            tokens = try tokens.map { token in
                let normed = try norm(token, .block(block, .norm2Weight), .block(block, .norm2Bias))
                let hidden = try linear(normed, .block(block, .hiddenWeight), .block(block, .hiddenBias)).map {
                    0.5 * $0 * (1 + erf($0 / 2.0.squareRoot()))
                }
                return zip(token, try linear(hidden, .block(block, .outputWeight), .block(block, .outputBias))).map(+)
            }
            layer.output = tokens
            layers.append(layer)
        }
        return layers
    }

    func finalNorm(_ token: [Double]) throws -> [Double] {
        try norm(token, .finalNormWeight, .finalNormBias)
    }

    private func embed(_ picture: RGBImage) throws -> [[Double]] {
        let (p, d) = (model.patch, model.width)
        let (rows, columns) = (picture.height / p, picture.width / p)
        let positions = try checkpoint.values(of: .positions)
        var tokens = [try checkpoint.values(of: .classToken).map(Double.init)]
        if model.prefixTokens == 2 { tokens.append(try checkpoint.values(of: .distillationToken).map(Double.init)) }
        for index in tokens.indices {
            tokens[index] = (0..<d).map { tokens[index][$0] + Double(positions[index * d + $0]) }
        }
        let grid = PositionEmbedding.interpolate(
            Array(positions[(model.prefixTokens * d)...]), side: model.gridSide, channels: d, rows: rows,
            columns: columns)
        for row in 0..<rows {
            for column in 0..<columns {
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
                let place = (row * columns + column) * d
                tokens.append((0..<d).map { embedded[$0] + Double(grid[place + $0]) })
            }
        }
        return tokens
    }

    private func attention(_ layer: Layer) -> [[Double]] {
        let d = model.headWidth
        return layer.queries.map { query in
            (0..<model.heads).flatMap { head in
                let range = head * d..<(head + 1) * d
                let scores = layer.keys.map { key in
                    zip(query[range], key[range]).reduce(0) { $0 + $1.0 * $1.1 } / Double(d).squareRoot()
                }
                let highest = scores.max() ?? 0
                let weights = scores.map { exp($0 - highest) }
                let sum = weights.reduce(0, +)
                return range.map { channel in
                    zip(weights, layer.values).reduce(0) { $0 + $1.0 / sum * $1.1[channel] }
                }
            }
        }
    }

    private func linear(_ input: [Double], _ weight: ModelPart, _ bias: ModelPart) throws -> [Double] {
        let weights = try checkpoint.values(of: weight)
        return try checkpoint.values(of: bias).enumerated().map { row, bias in
            var sum = Double(bias)
            for (column, value) in input.enumerated() { sum += value * Double(weights[row * input.count + column]) }
            return sum
        }
    }

    private func norm(_ input: [Double], _ gain: ModelPart, _ bias: ModelPart) throws -> [Double] {
        let mean = input.reduce(0, +) / Double(input.count)
        let variance = input.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(input.count)
        let (gain, bias) = (try checkpoint.values(of: gain), try checkpoint.values(of: bias))
        return input.enumerated().map { index, value in
            (value - mean) / (variance + model.layerNormEpsilon).squareRoot() * Double(gain[index])
                + Double(bias[index])
        }
    }
}
