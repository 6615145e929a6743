import Geometry

/// What tracks look like: for each one an exponential moving average of its vectors and the last of them.
///
/// The vectors of a frozen network are alike even for different objects (cosines of 0.7 to 0.95 are common), and how
/// alike depends on the network. A bare cosine therefore says little; `score` places it between what different objects
/// of the same frame have and what boxes of the same track have, both learnt from the stream itself.
struct AppearanceMemory: Sendable {
    /// Running mean of the cosine between different boxes of a frame.
    private(set) var different = RunningMean()
    /// Running mean of the cosine between a track and the box it was given.
    private(set) var same = RunningMean()

    private var dimension = 0
    /// Unit vectors of the frame's boxes, row-major, and whether each one is of use (not zero, finite).
    private var frame: [Float] = []
    private var isUseful: [Bool] = []
    /// Two unit vectors a slot: moving average, last.
    private var slots: [Float] = []
    private var freeSlots: [Int] = []

    /// An exponential moving average that starts as a plain mean.
    struct RunningMean: Sendable {
        private(set) var value = 0.0
        private(set) var count = 0.0
        /// About how many samples are remembered.
        static let horizon = 2000.0

        mutating func append(_ sample: Double) {
            count = min(count + 1, Self.horizon)
            value += (sample - value) / count
        }
    }

    /// Scores beyond these say no more.
    static let scoreRange = -1.0...2.0

    /// Whether the frame at hand has vectors.
    var hasFrame: Bool { !isUseful.isEmpty }

    /// How many tracks have been remembered at once.
    var capacity: Int { dimension == 0 ? 0 : slots.count / (2 * dimension) }

    /// Samples of either kind that are needed before similarities mean anything.
    private static let warmUp = 20.0
    /// The least difference between the two means that is worth dividing by.
    private static let leastContrast = 1e-3

    /// Whether scores can be told.
    var isReady: Bool {
        same.count >= Self.warmUp && different.count >= Self.warmUp
            && same.value - different.value > Self.leastContrast
    }

    /// Takes in the vectors of a frame, in the order of its boxes; false if all slots had to be forgotten, because
    /// vectors of another length cannot be compared with what is remembered.
    mutating func begin(_ vectors: FeatureVectors?, order: [Int]) -> Bool {
        frame.removeAll(keepingCapacity: true)
        isUseful.removeAll(keepingCapacity: true)
        guard let vectors, vectors.count > 0 else { return true }
        let isSameKind = dimension == vectors.dimension
        if !isSameKind {
            self = AppearanceMemory()
            dimension = vectors.dimension
        }
        for row in order {
            let start = row * dimension
            var sum: Float = 0
            for index in start..<start + dimension { sum += vectors.values[index] * vectors.values[index] }
            let useful = sum.isFinite && sum > 0
            let factor = useful ? 1 / sum.squareRoot() : 0
            isUseful.append(useful && factor.isFinite)
            for index in start..<start + dimension { frame.append(useful ? vectors.values[index] * factor : 0) }
        }
        // Neighbours in the shuffled order are random pairs of different objects.
        for box in isUseful.indices.dropFirst() where isUseful[box] && isUseful[box - 1] {
            different.append(Double(dot(frame, box - 1, frame, box)))
        }
        return isSameKind
    }

    /// Whether a box of the frame has a vector to compare.
    func hasVector(box: Int) -> Bool { box < isUseful.count && isUseful[box] }

    /// Cosine of a box to a slot: to its moving average or its last vector, whichever is more alike.
    func cosine(slot: Int, box: Int) -> Double {
        Double(max(dot(slots, 2 * slot, frame, box), dot(slots, 2 * slot + 1, frame, box)))
    }

    /// Where a cosine lies between that of different objects (0) and that of the same one (1), within `scoreRange`.
    func score(cosine: Double) -> Double {
        let share = (cosine - different.value) / (same.value - different.value)
        return min(max(share, Self.scoreRange.lowerBound), Self.scoreRange.upperBound)
    }

    /// Remembers that a box belongs to a track; returns the track's slot (a new one for −1).
    mutating func remember(slot: Int, box: Int, averageShare share: Double) -> Int {
        guard hasVector(box: box) else { return slot }
        var slot = slot
        let isNew = slot < 0
        if isNew { slot = reserve() }
        let (average, last, new) = (2 * slot * dimension, (2 * slot + 1) * dimension, box * dimension)
        var sum: Float = 0
        for index in 0..<dimension {
            let value = frame[new + index]
            let mixed = isNew ? value : Float(share) * slots[average + index] + Float(1 - share) * value
            slots[average + index] = mixed
            slots[last + index] = value
            sum += mixed * mixed
        }
        if sum > 0 {
            let factor = 1 / sum.squareRoot()
            for index in average..<average + dimension { slots[index] *= factor }
        }
        return slot
    }

    /// Learns the cosine of a track to a box that was given to it for where it is.
    mutating func learnSame(cosine: Double) { same.append(cosine) }

    /// Gives a slot back; −1 is none.
    mutating func release(_ slot: Int) {
        if slot >= 0 { freeSlots.append(slot) }
    }

    private mutating func reserve() -> Int {
        if let slot = freeSlots.popLast() { return slot }
        let slot = slots.count / (2 * dimension)
        slots.append(contentsOf: repeatElement(0, count: 2 * dimension))
        return slot
    }

    /// Dot product of row `left` of one array with row `right` of another, in a fixed order of summation.
    private func dot(_ left: [Float], _ leftRow: Int, _ right: [Float], _ rightRow: Int) -> Float {
        unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { right in
                let leftStart = leftRow * dimension * 4
                let rightStart = rightRow * dimension * 4
                var sums = SIMD16<Float>.zero
                var index = 0
                while index + 16 <= dimension {
                    let first = unsafe left.loadUnaligned(
                        fromByteOffset: leftStart + index * 4, as: SIMD16<Float>.self)
                    let second = unsafe right.loadUnaligned(
                        fromByteOffset: rightStart + index * 4, as: SIMD16<Float>.self)
                    sums += first * second
                    index += 16
                }
                var sum = sums.sum()
                while index < dimension {
                    sum +=
                        unsafe left.loadUnaligned(fromByteOffset: leftStart + index * 4, as: Float.self)
                        * right.loadUnaligned(fromByteOffset: rightStart + index * 4, as: Float.self)
                    index += 1
                }
                return sum
            }
        }
    }
}
