import CKernels
import Foundation
import Testing

@testable import Features

/// The kernels that only some structures need, as `KernelTests` tests the others.
struct StructureKernelTests {
    @Test(arguments: KernelTests.processors, [4, 20, 64, 88])
    func `LayerNorm of heads agrees with its definition`(_ processor: vtrack_processor, _ head: Int) {
        let functions = Kernels(processor).functions
        // Rows of queries, keys and values, of which the keys are normalised.
        let (rows, heads) = (3, 2)
        let stride = 3 * heads * head
        let x = KernelTests.random(rows * stride, seed: 20, scale: 3)
        let (gain, bias) = (KernelTests.random(head, seed: 21), KernelTests.random(head, seed: 22))
        func expected(_ x: [Float]) -> [Double] {
            var result = x.map(Double.init)
            for start in (0..<rows).flatMap({ row in (0..<heads).map { row * stride + (heads + $0) * head } }) {
                let values = Array(result[start..<start + head])
                let mean = values.reduce(0, +) / Double(head)
                let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(head)
                for index in 0..<head {
                    result[start + index] =
                        (values[index] - mean) / (variance + 1e-6).squareRoot() * Double(gain[index])
                        + Double(bias[index])
                }
            }
            return result
        }
        var scratch = [Float](repeating: 0, count: head)
        var found = x
        unsafe found.withUnsafeMutableBufferPointer {
            guard let start = $0.baseAddress else { return }
            unsafe functions.norm_heads_f32(
                start + heads * head, Int32(rows), Int32(stride), Int32(heads), Int32(head), gain, bias, 1e-6,
                &scratch)
        }
        #expect(VisionTransformerTests.relativeError(found, expected(x)) < 1e-6)
        var narrow = x.map(KernelTests.narrow)
        let before = narrow.map(KernelTests.widen)
        unsafe narrow.withUnsafeMutableBufferPointer {
            guard let start = $0.baseAddress else { return }
            unsafe functions.norm_heads_bf16(
                start + heads * head, Int32(rows), Int32(stride), Int32(heads), Int32(head), gain, bias, 1e-6,
                &scratch)
        }
        for (found, expected) in zip(narrow.map(KernelTests.widen), expected(before)) {
            #expect(abs(Double(found) - expected) <= abs(expected) * 0.004 + 1e-5)
        }
    }

    @Test(arguments: KernelTests.processors, [4, 20, 64, 88])
    func `Pairs of channels are turned`(_ processor: vtrack_processor, _ head: Int) {
        let functions = Kernels(processor).functions
        let heads = 3
        let x = KernelTests.random(heads * head, seed: 23)
        let angles = KernelTests.random(head / 2, seed: 24, scale: 7)
        for neighbours in [false, true] {
            var turn = [Float](repeating: 0, count: 2 * head)
            func expected(_ x: [Float]) -> [Double] {
                var result = x.map(Double.init)
                for start in stride(from: 0, to: heads * head, by: head) {
                    for (pair, angle) in angles.map(Double.init).enumerated() {
                        let (first, second) = neighbours ? (2 * pair, 2 * pair + 1) : (pair, pair + head / 2)
                        let (a, b) = (Double(x[start + first]), Double(x[start + second]))
                        result[start + first] = a * cos(angle) - b * sin(angle)
                        result[start + second] = b * cos(angle) + a * sin(angle)
                        (turn[first], turn[second]) = (Float(cos(angle)), Float(cos(angle)))
                        (turn[head + first], turn[head + second]) = (Float(-sin(angle)), Float(sin(angle)))
                    }
                }
                return result
            }
            let exact = expected(x)
            var found = x
            unsafe functions.rotate_f32(&found, Int32(heads), Int32(head), turn, neighbours ? 1 : 0)
            for (found, expected) in zip(found, exact) { #expect(abs(Double(found) - expected) < 1e-6) }
            var narrow = x.map(KernelTests.narrow)
            let rounded = expected(narrow.map(KernelTests.widen))
            unsafe functions.rotate_bf16(&narrow, Int32(heads), Int32(head), turn, neighbours ? 1 : 0)
            for (found, expected) in zip(narrow.map(KernelTests.widen), rounded) {
                #expect(abs(Double(found) - expected) <= abs(expected) * 0.004 + 1e-6)
            }
        }
    }

    static func silu(_ x: Double) -> Double { x / (1 + exp(-x)) }

    @Test(arguments: KernelTests.processors, [5, 16, 100])
    func `SwiGLU agrees with its definition`(_ processor: vtrack_processor, _ width: Int) {
        let functions = Kernels(processor).functions
        let rows = 3
        // From far below zero, where exp would overflow, to far above.
        let x = KernelTests.random(2 * rows * width, seed: 25, scale: 6).enumerated().map {
            $0 % 17 == 3 ? $1 * 30 : $1
        }
        func expected(_ value: (Int) -> Double) -> [Double] {
            (0..<rows * width).map { index in
                let place = index / width * 2 * width + index % width
                return Self.silu(value(place)) * value(place + width)
            }
        }
        var found = x
        unsafe functions.swiglu_f32(&found, Int32(rows), Int32(width))
        for (found, expected) in zip(found, expected { Double(x[$0]) }) {
            #expect(abs(Double(found) - expected) <= 1e-6 * abs(expected) + 1e-30)
        }
        let narrow = x.map(KernelTests.narrow)
        let wide = narrow.map { Double(KernelTests.widen($0)) }
        var rounded = narrow
        unsafe functions.swiglu_bf16(&rounded, Int32(rows), Int32(width))
        for (found, expected) in zip(rounded.map(KernelTests.widen), expected { wide[$0] }) {
            #expect(abs(Double(found) - expected) <= 0.004 * abs(expected) + 1e-30)
        }

        let (weightScales, bias) = (
            KernelTests.random(2 * width, seed: 26), KernelTests.random(2 * width, seed: 27)
        )
        let scales: [Float] = [0.5, 2, 0]
        let sums = expected {
            wide[$0] * Double(scales[$0 / (2 * width)]) * Double(weightScales[$0 % (2 * width)])
                + Double(bias[$0 % (2 * width)])
        }
        var (codes, codeScales) = ([Int8](repeating: 0, count: rows * width), [Float](repeating: 0, count: rows))
        var scratch = [Float](repeating: 0, count: width)
        unsafe functions.swiglu_quantize(
            narrow, Int32(rows), Int32(width), scales, weightScales, bias, &codes, &codeScales, &scratch)
        for index in codes.indices {
            let scale = Double(codeScales[index / width])
            #expect(abs(Double(codes[index]) * scale - sums[index]) <= scale * 0.501 + 1e-6)
        }
        for row in 0..<rows { #expect(codes[row * width..<(row + 1) * width].contains { abs($0) == 127 }) }
    }

    @Test(arguments: KernelTests.processors, [5, 16, 100])
    func `Activations become bytes`(_ processor: vtrack_processor, _ width: Int) {
        let functions = Kernels(processor).functions
        let x = KernelTests.random(2 * width, seed: 28, scale: 5).map(KernelTests.narrow)
        let (weightScales, bias) = (KernelTests.random(width, seed: 29), KernelTests.random(width, seed: 30))
        let scales: [Float] = [1, 2]
        func check(
            _ activation: (Double) -> Double, _ run: (inout [UInt8], inout [Float], inout [Float]) -> Void
        ) {
            var (codes, codeScales) = ([UInt8](repeating: 0, count: 2 * width), [Float](repeating: 0, count: 2))
            var scratch = [Float](repeating: 0, count: width)
            run(&codes, &codeScales, &scratch)
            for index in codes.indices {
                let value =
                    Double(KernelTests.widen(x[index])) * Double(scales[index / width])
                    * Double(weightScales[index % width]) + Double(bias[index % width])
                let scale = Double(codeScales[index / width])
                let found = Double(codes[index]) * scale - Double(vtrack_gelu_offset)
                #expect(abs(found - activation(value)) <= scale * 0.501 + 1e-4)
            }
        }
        check {
            0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
        } _: {
            unsafe functions.gelu_tanh_quantize(x, 2, Int32(width), scales, weightScales, bias, &$0, &$1, &$2)
        }
        check {
            $0 / (1 + exp(-1.702 * $0))
        } _: {
            unsafe functions.quick_gelu_quantize(x, 2, Int32(width), scales, weightScales, bias, &$0, &$1, &$2)
        }
    }

    @Test(arguments: KernelTests.processors)
    func `A value that is no number is not lost`(_ processor: vtrack_processor) {
        let functions = Kernels(processor).functions
        let width = 37
        let ones = [Float](repeating: 1, count: 2 * width)
        for place in [0, 5, 15, 16, 36, 37, 52, 73] {
            for flaw in [Float.nan, .infinity] {
                var x = KernelTests.random(2 * width, seed: 31)
                x[place] = flaw
                let narrow = x.map(KernelTests.narrow)
                var (scale, row) = ([Float](repeating: 0, count: 1), [Float](repeating: 0, count: width))
                var bytes = [Int8](repeating: 0, count: width)
                unsafe functions.swiglu_quantize(narrow, 1, Int32(width), [1], ones, ones, &bytes, &scale, &row)
                #expect(scale[0].isNaN)
                guard place < width else { continue }
                var codes = [UInt8](repeating: 0, count: width)
                unsafe functions.gelu_tanh_quantize(narrow, 1, Int32(width), [1], ones, ones, &codes, &scale, &row)
                #expect(scale[0].isNaN)
                unsafe functions.quick_gelu_quantize(narrow, 1, Int32(width), [1], ones, ones, &codes, &scale, &row)
                #expect(scale[0].isNaN)
            }
        }
    }

    struct Places: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let rows: Int
        let columns: Int
        let prefix: Int
    }

    static let places = [
        Places(testDescription: "wide", rows: 3, columns: 11, prefix: 1),
        Places(testDescription: "tall, no prefix", rows: 9, columns: 4, prefix: 0),
        Places(testDescription: "one patch", rows: 1, columns: 1, prefix: 2),
        Places(testDescription: "square", rows: 5, columns: 5, prefix: 5),
    ]

    // Without any product, so that the bias is all there is: queries are zero.
    @Test(arguments: KernelTests.processors, places)
    func `Attention adds what places say`(_ processor: vtrack_processor, _ places: Places) throws {
        let functions = Kernels(processor).functions
        let (heads, head) = (2, 8)
        let tokens = places.prefix + places.rows * places.columns
        let (height, width) = (2 * places.rows - 1, 2 * places.columns - 1)
        let table = KernelTests.random(heads * height * width, seed: 32, scale: 3)
        let prefix = KernelTests.random(heads * 3, seed: 33, scale: 3)
        let rows = KernelTests.random(tokens * 3 * heads * head, seed: 34).enumerated().map {
            $0 / (heads * head) % 3 == 0 ? 0 : $1
        }
        func bias(_ h: Int, _ query: Int, _ key: Int) -> Double {
            if query < places.prefix { return Double(prefix[3 * h + (key < places.prefix ? 2 : 0)]) }
            if key < places.prefix { return Double(prefix[3 * h + 1]) }
            let (from, to) = (query - places.prefix, key - places.prefix)
            let y = to / places.columns - from / places.columns + places.rows - 1
            let x = to % places.columns - from % places.columns + places.columns - 1
            return Double(table[(h * height + y) * width + x])
        }
        func expected(_ query: Int) -> [Double] {
            (0..<heads).flatMap { h in
                let weights = (0..<tokens).map { exp(bias(h, query, $0)) }
                let sum = weights.reduce(0, +)
                return (0..<head).map { channel in
                    (0..<tokens).reduce(0.0) { total, key in
                        let value = rows[(key * 3 + 2) * heads * head + h * head + channel]
                        return total + weights[key] / sum * Double(value)
                    }
                }
            }
        }
        let (h, d, n) = (Int32(heads), Int32(head), Int32(tokens))
        let buffers = try (0..<3).map { _ in try AlignedBuffer(count: vtrack_attention_key_count(h, d, n)) }
        buffers.forEach { $0.clear() }
        let scratch = try AlignedBuffer(bytes: vtrack_attention_scratch_bytes(n))
        // The kernels see addresses only.
        defer { withExtendedLifetime((buffers, scratch)) {} }
        let input = unsafe vtrack_attention_input(
            queries: buffers[0].bytes, keys: buffers[1].bytes, values: buffers[2].bytes, heads: h, head_width: d,
            tokens: n, query_tokens: n)
        unsafe functions.pack_f32(rows, n, 0, 3, input)
        // All tokens in their order, then some as a list.
        let chosen = (0..<tokens).filter { $0 % 3 != 1 }.map(Int32.init)
        unsafe table.withUnsafeBufferPointer { table in
            unsafe prefix.withUnsafeBufferPointer { prefix in
                unsafe chosen.withUnsafeBufferPointer { list in
                    var view = unsafe vtrack_score_bias(
                        table: table.baseAddress, prefix: prefix.baseAddress, rows: Int32(places.rows),
                        columns: Int32(places.columns), prefix_tokens: Int32(places.prefix), tokens: nil)
                    var context = [Float](repeating: .nan, count: tokens * heads * head)
                    unsafe functions.attention_f32(input, 0, n, &view, &context, scratch.bytes)
                    let all = (0..<tokens).flatMap(expected)
                    #expect(VisionTransformerTests.relativeError(context, all) < 1e-6)
                    unsafe view.tokens = list.baseAddress
                    unsafe functions.attention_f32(input, 0, Int32(chosen.count), &view, &context, scratch.bytes)
                    for (row, token) in chosen.enumerated() {
                        let range = row * heads * head..<(row + 1) * heads * head
                        let wanted = expected(Int(token))
                        #expect(VisionTransformerTests.relativeError(Array(context[range]), wanted) < 1e-6)
                    }
                }
            }
        }
    }
}
