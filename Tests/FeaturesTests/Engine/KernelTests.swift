import CKernels
import Foundation
import Geometry
import Testing

@testable import Features

/// Every kernel, compiled for every instruction set this processor has, against a plain twin in double precision.
struct KernelTests {
    static let processors: [vtrack_processor] = [
        vtrack_any_processor, vtrack_avx2, vtrack_avx512, vtrack_avx512_bf16,
    ].filter { $0.rawValue <= Kernels.best.processor.rawValue }

    static func random(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in scale * (Float(generator.next() >> 40) / Float(1 << 23) - 1) }
    }

    static func narrow(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
    }

    static func widen(_ value: UInt16) -> Float { Float(bitPattern: UInt32(value) << 16) }

    struct Shape: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let heads: Int
        let head: Int
        let tokens: Int
    }

    static let shapes = [
        Shape(testDescription: "as in real models", heads: 3, head: 64, tokens: 197),
        // Nothing is a multiple of anything.
        Shape(testDescription: "odd head", heads: 2, head: 21, tokens: 37),
        Shape(testDescription: "wide head", heads: 1, head: 88, tokens: 50),
        Shape(testDescription: "one token", heads: 2, head: 16, tokens: 1),
        Shape(testDescription: "full blocks", heads: 1, head: 32, tokens: 64),
        Shape(testDescription: "many tokens", heads: 1, head: 8, tokens: 1031),
    ]

    /// softmax(q·kᵀ)·v in double precision; rows of (N, 3·H·d).
    static func plainAttention(_ rows: [Float], _ shape: Shape) -> [Double] {
        let width = shape.heads * shape.head
        var result = [Double](repeating: 0, count: shape.tokens * width)
        for head in 0..<shape.heads {
            for query in 0..<shape.tokens {
                let scores = (0..<shape.tokens).map { key in
                    (0..<shape.head).reduce(0.0) {
                        $0 + Double(rows[query * 3 * width + head * shape.head + $1])
                            * Double(rows[key * 3 * width + width + head * shape.head + $1])
                    }
                }
                let largest = scores.max() ?? 0
                let weights = scores.map { exp($0 - largest) }
                let sum = weights.reduce(0, +)
                for key in 0..<shape.tokens {
                    let share = weights[key] / sum
                    let value = key * 3 * width + 2 * width + head * shape.head
                    let target = query * width + head * shape.head
                    for channel in 0..<shape.head { result[target + channel] += share * Double(rows[value + channel]) }
                }
            }
        }
        return result
    }

    @Test(arguments: processors, shapes)
    func `Attention agrees with its definition`(_ processor: vtrack_processor, _ shape: Shape) throws {
        let functions = Kernels(processor).functions
        let width = shape.heads * shape.head
        let rows = Self.random(shape.tokens * 3 * width, seed: 7, scale: 1.5)
        let (heads, head, tokens) = (Int32(shape.heads), Int32(shape.head), Int32(shape.tokens))
        let buffers = try (0..<3).map { _ in
            try AlignedBuffer(count: vtrack_attention_key_count(heads, head, tokens))
        }
        let scratch = try AlignedBuffer(bytes: vtrack_attention_scratch_bytes(tokens))
        // The kernels see addresses only.
        defer { withExtendedLifetime((buffers, scratch)) {} }
        let input = unsafe vtrack_attention_input(
            queries: buffers[0].bytes, keys: buffers[1].bytes, values: buffers[2].bytes, heads: heads,
            head_width: head, tokens: tokens, query_tokens: tokens)
        // Packed in two runs, as two chunks are; the first has an even number of tokens.
        let first = shape.tokens / 2 / 2 * 2

        buffers.forEach { $0.clear() }
        var context = [Float](repeating: .nan, count: shape.tokens * width)
        unsafe rows.withUnsafeBufferPointer { rows in
            guard let start = rows.baseAddress else { return }
            unsafe functions.pack_f32(start, Int32(first), 0, 3, input)
            unsafe functions.pack_f32(start + first * 3 * width, tokens - Int32(first), Int32(first), 3, input)
        }
        unsafe functions.attention_f32(input, 0, tokens, nil, &context, scratch.bytes)
        let expected = Self.plainAttention(rows, shape)
        #expect(VisionTransformerTests.relativeError(context, expected) < 1e-6)

        // Each query by itself: the same bits.
        var alone = [Float](repeating: .nan, count: width)
        for query in [0, shape.tokens / 2, shape.tokens - 1] {
            unsafe functions.attention_f32(input, Int32(query), 1, nil, &alone, scratch.bytes)
            #expect(alone[...] == context[query * width..<(query + 1) * width])
        }

        buffers.forEach { $0.clear() }
        let narrowed = rows.map(Self.narrow)
        var narrowContext = [UInt16](repeating: 0x7fc0, count: shape.tokens * width)
        unsafe narrowed.withUnsafeBufferPointer { rows in
            guard let start = rows.baseAddress else { return }
            unsafe functions.pack_bf16(start, Int32(first), 0, 3, input)
            unsafe functions.pack_bf16(start + first * 3 * width, tokens - Int32(first), Int32(first), 3, input)
        }
        unsafe functions.attention_bf16(input, 0, tokens, nil, &narrowContext, scratch.bytes)
        let rounded = Self.plainAttention(narrowed.map(Self.widen), shape)
        #expect(VisionTransformerTests.relativeError(narrowContext.map(Self.widen), rounded) < 4e-3)
    }

    @Test(arguments: processors)
    func `Queries may be packed apart from keys and values`(_ processor: vtrack_processor) throws {
        let functions = Kernels(processor).functions
        let shape = Self.shapes[1]
        let width = shape.heads * shape.head
        let rows = Self.random(shape.tokens * 3 * width, seed: 8)
        let (heads, head, tokens) = (Int32(shape.heads), Int32(shape.head), Int32(shape.tokens))
        let buffers = try (0..<3).map { _ in
            try AlignedBuffer(count: vtrack_attention_key_count(heads, head, tokens))
        }
        buffers.forEach { $0.clear() }
        let scratch = try AlignedBuffer(bytes: vtrack_attention_scratch_bytes(tokens))
        // The kernels see addresses only.
        defer { withExtendedLifetime((buffers, scratch)) {} }
        var keysAndValues: [Float] = []
        for token in 0..<shape.tokens {
            keysAndValues += rows[(3 * token + 1) * width..<(3 * token + 3) * width]
        }
        let chosen = [3, 4, 30]
        let queries = chosen.flatMap { rows[3 * $0 * width..<(3 * $0 + 1) * width] }
        let input = unsafe vtrack_attention_input(
            queries: buffers[0].bytes, keys: buffers[1].bytes, values: buffers[2].bytes, heads: heads,
            head_width: head, tokens: tokens, query_tokens: 3)
        unsafe functions.pack_f32(keysAndValues, tokens, 0, 2, input)
        unsafe functions.pack_queries_f32(queries, 3, input)
        var context = [Float](repeating: .nan, count: 3 * width)
        unsafe functions.attention_f32(input, 0, 3, nil, &context, scratch.bytes)
        let all = Self.plainAttention(rows, shape)
        #expect(
            VisionTransformerTests.relativeError(
                context, chosen.flatMap { all[$0 * width..<($0 + 1) * width] }) < 1e-6)
    }

    @Test(arguments: processors, [1, 15, 16, 47, 192, 768])
    func `LayerNorm agrees with its definition`(_ processor: vtrack_processor, _ width: Int) {
        let functions = Kernels(processor).functions
        // A large mean: the variance must not be a difference of large numbers.
        let x = Self.random(3 * width, seed: 9).map { $0 + 100 }
        let (gain, bias) = (Self.random(width, seed: 10), Self.random(width, seed: 11))
        var expected: [Double] = []
        for row in 0..<3 {
            let values = x[row * width..<(row + 1) * width].map(Double.init)
            let mean = values.reduce(0, +) / Double(width)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
            expected += values.indices.map {
                (values[$0] - mean) / (variance + 1e-6).squareRoot() * Double(gain[$0]) + Double(bias[$0])
            }
        }
        var y = [Float](repeating: .nan, count: 3 * width)
        unsafe functions.norm_f32(x, 3, Int32(width), gain, bias, 1e-6, &y)
        // One number has no variance, and what rounding leaves of it is divided by almost nothing.
        #expect(VisionTransformerTests.relativeError(y, expected) < (width == 1 ? 1e-2 : 3e-5))
        var narrowed = [UInt16](repeating: 0, count: 3 * width)
        unsafe functions.norm_bf16(x, 3, Int32(width), gain, bias, 1e-6, &narrowed)
        #expect(narrowed == y.map(Self.narrow))
        var bytes = [Int8](repeating: 0, count: 3 * width)
        var (scales, row) = ([Float](repeating: 0, count: 3), [Float](repeating: 0, count: width))
        unsafe functions.norm_s8(x, 3, Int32(width), gain, bias, 1e-6, &bytes, &scales, &row)
        for index in bytes.indices {
            #expect(abs(Float(bytes[index]) * scales[index / width] - y[index]) <= scales[index / width] * 0.501)
        }
        for row in 0..<3 { #expect(bytes[row * width..<(row + 1) * width].contains { abs($0) == 127 }) }
    }

    @Test(arguments: processors, [5, 16, 100])
    func `Bytes stand for what they were made from`(_ processor: vtrack_processor, _ width: Int) {
        let functions = Kernels(processor).functions
        let count = 4 * width
        // The last row is zeros.
        let x = (Self.random(3 * width, seed: 12, scale: 5) + [Float](repeating: 0, count: width)).map(Self.narrow)
        var (bytes, scales) = ([Int8](repeating: 1, count: count), [Float](repeating: -1, count: 4))
        unsafe functions.quantize(x, 4, Int32(width), &bytes, &scales)
        for index in 0..<count {
            #expect(
                abs(Float(bytes[index]) * scales[index / width] - Self.widen(x[index]))
                    <= scales[index / width] * 0.501)
        }
        #expect(scales[3] == 0 && bytes[(3 * width)...].allSatisfy { $0 == 0 })

        let (weightScales, bias) = (Self.random(width, seed: 13), Self.random(width, seed: 14))
        let rowScales: [Float] = [0.5, 2, 0, 1]
        func value(_ index: Int) -> Double {
            Double(Self.widen(x[index])) * Double(rowScales[index / width]) * Double(weightScales[index % width])
                + Double(bias[index % width])
        }
        var y = [UInt16](repeating: 0, count: count)
        unsafe functions.dequantize(x, 4, Int32(width), rowScales, weightScales, bias, &y)
        for index in 0..<count { #expect(abs(Double(Self.widen(y[index])) - value(index)) < 0.004 * 20) }
        var sum = [Float](repeating: 3, count: count)
        unsafe functions.add_dequantized(&sum, x, 4, Int32(width), rowScales, weightScales, bias)
        for index in 0..<count { #expect(abs(Double(sum[index]) - 3 - value(index)) < 1e-5) }

        var (codes, codeScales) = ([UInt8](repeating: 0, count: count), [Float](repeating: 0, count: 4))
        var row = [Float](repeating: 0, count: width)
        unsafe functions.gelu_quantize(
            x, 4, Int32(width), rowScales, weightScales, bias, &codes, &codeScales, &row)
        for index in 0..<count {
            let gelu = value(index) * 0.5 * (1 + erf(value(index) / 2.0.squareRoot()))
            let found = Double(Float(codes[index]) * codeScales[index / width]) - Double(vtrack_gelu_offset)
            #expect(abs(found - gelu) < Double(codeScales[index / width]) * 0.51 + 1e-4 * max(1, abs(gelu)))
        }
    }

    @Test(arguments: processors)
    func `A value that is no number is not lost`(_ processor: vtrack_processor) {
        let functions = Kernels(processor).functions
        let width = 37
        for place in [0, 5, 15, 16, 31, 32, 36] {
            for flaw in [Float.nan, .infinity] {
                var x = Self.random(width, seed: 16)
                x[place] = flaw
                let narrowed = x.map(Self.narrow)
                var (bytes, scale) = ([Int8](repeating: 0, count: width), [Float](repeating: 0, count: 1))
                unsafe functions.quantize(narrowed, 1, Int32(width), &bytes, &scale)
                #expect(scale[0].isNaN)
                var (codes, row) = ([UInt8](repeating: 0, count: width), [Float](repeating: 0, count: width))
                let ones = [Float](repeating: 1, count: width)
                unsafe functions.gelu_quantize(
                    narrowed, 1, Int32(width), [1], ones, ones, &codes, &scale, &row)
                #expect(scale[0].isNaN)
            }
        }
    }

    // The polynomial leaves a trace of Φ where there is none; it must not become a large byte.
    @Test(arguments: processors)
    func `Large negative values have a GELU of nothing`(_ processor: vtrack_processor) {
        let functions = Kernels(processor).functions
        let x = [Float](repeating: -60000, count: 20).map(Self.narrow) + [1, -3, -0.75].map(Self.narrow)
        let (zeros, ones) = ([Float](repeating: 0, count: x.count), [Float](repeating: 1, count: x.count))
        var (codes, scale) = ([UInt8](repeating: 0, count: x.count), [Float](repeating: 0, count: 1))
        var row = zeros
        unsafe functions.gelu_quantize(x, 1, Int32(x.count), [1], ones, zeros, &codes, &scale, &row)
        for index in 0..<20 { #expect(Float(codes[index]) * scale[0] <= vtrack_gelu_offset + 0.01) }
        #expect(abs(Float(codes[20]) * scale[0] - vtrack_gelu_offset - 0.8413) < 0.01)
    }
}
