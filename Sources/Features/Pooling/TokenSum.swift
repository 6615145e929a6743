/// A weighted sum of tokens of a map: the kernel of every pooling.
///
/// Tokens are listed first and summed in one go, so that geometry and arithmetic stay apart.
struct TokenSum {
    /// Place of each token in the map, row by row.
    private(set) var tokens: [Int] = []
    /// Weight of each token, never 0.
    private(set) var weights: [Float] = []

    /// Forgets all tokens and keeps the storage.
    mutating func removeAll() {
        tokens.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
    }

    /// Lists a token by its place in the map, row by row.
    ///
    /// One whose weight is 0, a product too small for a `Float` included, is left out rather than multiplied: nobody
    /// may have computed it, and 0 times what memory holds need not be 0.
    mutating func append(token: Int, weight: Float) {
        guard weight != 0 else { return }
        tokens.append(token)
        weights.append(weight)
    }

    /// Takes tokens off the list and gives their weight to the others, in proportion.
    ///
    /// - Parameter flags: Whether each token of the map is taken off.
    /// - Returns: Whether any token is left.
    mutating func remove(where flags: [Bool]) -> Bool {
        guard tokens.contains(where: { flags[$0] }) else { return !tokens.isEmpty }
        let total = weights.reduce(0) { $0 + Double($1) }
        var kept = 0
        var rest = 0.0
        for index in tokens.indices where !flags[tokens[index]] {
            (tokens[kept], weights[kept]) = (tokens[index], weights[index])
            rest += Double(weights[kept])
            kept += 1
        }
        tokens.removeLast(tokens.count - kept)
        weights.removeLast(weights.count - kept)
        guard kept > 0, rest > 0 else { return false }
        for index in weights.indices { weights[index] = Float(Double(weights[index]) * total / rest) }
        return true
    }

    /// Adds the sum of the listed tokens, `channels` numbers each, to `output` from position `start` on.
    ///
    /// The order of the additions is that of the list, four tokens at a time, whatever the processor: the same input
    /// gives the same bits.
    ///
    /// - Precondition: every token lies within `values`, and `start` + `channels` within `output`.
    /// - Complexity: O(tokens · channels).
    func add(values: [Float], channels: Int, to output: inout [Float], at start: Int) {
        precondition(start >= 0 && start + channels <= output.count, "the output is too small")
        // Also keeps the product of a token and the channels below from overflowing.
        guard channels > 0 else { return }
        let count = values.count / channels
        precondition(tokens.allSatisfy { $0 >= 0 && $0 < count }, "a token lies outside of the map")
        unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe values.withUnsafeBufferPointer { values in
                // An empty map has no token, so there is nothing to add.
                guard let source = values.baseAddress, let base = output.baseAddress else { return }
                let sum = unsafe base + start
                var index = 0
                while index + 4 <= tokens.count {
                    unsafe Self.addFour(
                        source + tokens[index] * channels, source + tokens[index + 1] * channels,
                        source + tokens[index + 2] * channels, source + tokens[index + 3] * channels,
                        SIMD4(weights[index], weights[index + 1], weights[index + 2], weights[index + 3]),
                        channels: channels, to: sum)
                    index += 4
                }
                while index < tokens.count {
                    let (token, weight) = unsafe (source + tokens[index] * channels, weights[index])
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
