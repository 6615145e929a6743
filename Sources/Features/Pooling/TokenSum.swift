/// A weighted sum of tokens of a map: the kernel of every pooling.
///
/// Tokens are listed first and summed in one go, so that geometry and arithmetic stay apart.
struct TokenSum {
    /// Index of the first number of each token in the map's values.
    private(set) var offsets: [Int] = []
    /// Weight of each token.
    private(set) var weights: [Float] = []

    /// Forgets all tokens and keeps the storage.
    mutating func removeAll() {
        offsets.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
    }

    /// Lists a token; `offset` is that of its first number in the map's values.
    mutating func append(offset: Int, weight: Float) {
        offsets.append(offset)
        weights.append(weight)
    }

    /// Whether no token is listed.
    var isEmpty: Bool { offsets.isEmpty }

    /// Adds the sum of the listed tokens, `channels` numbers each, to `output` from position `start` on.
    ///
    /// The order of the additions is that of the list, four tokens at a time, whatever the processor: the same input
    /// gives the same bits.
    ///
    /// - Precondition: every offset + `channels` lies within `values`, and `start` + `channels` within `output`.
    /// - Complexity: O(tokens · channels).
    func add(values: [Float], channels: Int, to output: inout [Float], at start: Int) {
        precondition(start >= 0 && start + channels <= output.count, "the output is too small")
        let last = values.count - channels
        precondition(offsets.allSatisfy { $0 >= 0 && $0 <= last }, "a token lies outside of the map")
        unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe values.withUnsafeBufferPointer { values in
                // Both are non-empty here: the preconditions hold and channels is positive.
                guard channels > 0, let source = values.baseAddress, let base = output.baseAddress else { return }
                let sum = unsafe base + start
                var index = 0
                while index + 4 <= offsets.count {
                    unsafe Self.addFour(
                        source + offsets[index], source + offsets[index + 1], source + offsets[index + 2],
                        source + offsets[index + 3],
                        SIMD4(weights[index], weights[index + 1], weights[index + 2], weights[index + 3]),
                        channels: channels, to: sum)
                    index += 4
                }
                while index < offsets.count {
                    let (token, weight) = unsafe (source + offsets[index], weights[index])
                    for channel in 0..<channels {
                        unsafe sum[channel] += weight * token[channel]
                    }
                    index += 1
                }
            }
        }
    }

    /// `sum += w0·t0 + w1·t1 + w2·t2 + w3·t3`: one load and one store of the sum for four tokens.
    @inline(__always)
    private static func addFour(
        _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, _ third: UnsafePointer<Float>,
        _ fourth: UnsafePointer<Float>, _ weights: SIMD4<Float>, channels: Int, to sum: UnsafeMutablePointer<Float>
    ) {
        for channel in 0..<channels {
            let left = unsafe weights[0] * first[channel] + weights[1] * second[channel]
            let right = unsafe weights[2] * third[channel] + weights[3] * fourth[channel]
            unsafe sum[channel] += left + right
        }
    }
}
