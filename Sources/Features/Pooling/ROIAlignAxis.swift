/// Where the samples of ROIAlign fall along one axis of the token map.
///
/// Source: He et al., "Mask R-CNN", 2017, §3 (https://arxiv.org/abs/1703.06870); torchvision
/// `ops/cpu/roi_align_kernel.cpp` with `aligned=True`, `sampling_ratio=2`. A sample at (x, y) weighs its four
/// neighbours by `wx · wy`, and whether it counts is decided axis by axis too, so the weights of all samples of a bin
/// are the outer product of two short lists. Samples that share a token are merged: the mean over 7×7 bins reads
/// every token once, not 196 · 4 times.
///
/// Invariant: `ends` has one entry a bin, rising, and `ends.last == tokens.count == weights.count`. No token occurs
/// twice in a bin.
struct ROIAlignAxis {
    /// Samples a bin along the axis.
    static let samplesPerBin = 2

    /// Token indices along the axis, bin after bin.
    private(set) var tokens: [Int] = []
    /// The weight of each of `tokens`, summed over the samples of its bin.
    private(set) var weights: [Double] = []
    /// Where the entries of each bin end.
    private(set) var ends: [Int] = []

    /// The entries of a bin, as positions in `tokens` and `weights`.
    func entries(of bin: Int) -> Range<Int> {
        (bin == 0 ? 0 : ends[bin - 1])..<ends[bin]
    }

    /// Places the samples of an interval, keeping the storage.
    ///
    /// Edge cases: a sample outside [−1, size] counts as 0; one between −1 and the centre of the first token, or beyond
    /// the centre of the last one, takes that token alone. An interval that is not finite has no samples. Values are
    /// compared as `Double` before they become `Int`, so no coordinate is too large.
    ///
    /// - Parameters:
    ///   - low: Start of the interval in map coordinates, where token i covers [i, i + 1].
    ///   - high: End of the interval.
    ///   - size: Tokens along the axis.
    ///   - bins: Bins along the axis.
    ///   - merged: Whether all bins are to be summed into one.
    mutating func place(low: Double, high: Double, size: Int, bins: Int, merged: Bool) {
        tokens.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        // aligned=True: token i has its centre at i + ½, and half a token is taken off so that it lies at i.
        let start = low - 0.5
        let binSize = ((high - 0.5) - start) / Double(bins)
        var binStart = 0
        for bin in 0..<bins {
            for sample in 0..<Self.samplesPerBin {
                let step = (Double(sample) + 0.5) * binSize / Double(Self.samplesPerBin)
                addSample(at: start + Double(bin) * binSize + step, size: size, from: binStart)
            }
            if !merged || bin == bins - 1 {
                ends.append(tokens.count)
                binStart = tokens.count
            }
        }
    }

    private mutating func addSample(at position: Double, size: Int, from binStart: Int) {
        guard position >= -1, position <= Double(size) else { return }
        let clamped = max(position, 0)
        let index = Int(clamped)
        guard index < size - 1 else { return add(1, to: size - 1, from: binStart) }
        let fraction = clamped - Double(index)
        add(1 - fraction, to: index, from: binStart)
        add(fraction, to: index + 1, from: binStart)
    }

    private mutating func add(_ weight: Double, to token: Int, from binStart: Int) {
        guard weight != 0 else { return }
        // At most 28 entries a bin: the loop is shorter than any table.
        for entry in binStart..<tokens.count where tokens[entry] == token {
            weights[entry] += weight
            return
        }
        tokens.append(token)
        weights.append(weight)
    }
}
