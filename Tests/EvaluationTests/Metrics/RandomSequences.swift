import Evaluation

/// Random sequences for properties that must hold for any.
enum RandomSequences {
    /// Boxes that walk about and a tracker's that follow them; `exact` gives the truth itself as result.
    static func walk(seed: UInt64, frames: Int = 12, objects: Int = 7, exact: Bool = false) -> MetricSequence {
        var random = SplitMix(state: seed)
        func unit() -> Double { Double(random.next() >> 11) * 0x1p-53 }
        var places = (0..<objects).map { _ in (unit() * 80, unit() * 80) }
        var numbers = (0..<objects).map(Int32.init)
        var known: [Int32: Int32] = [:]
        var seen: [Int32: Int32] = [:]
        func renumber(_ number: Int32, _ table: inout [Int32: Int32]) -> Int32 {
            if let known = table[number] { return known }
            table[number] = Int32(table.count)
            return Int32(table.count - 1)
        }
        let list: [MetricSequence.Frame] = (0..<frames).map { _ in
            var (truth, result): ([Int32], [Int32]) = ([], [])
            var (here, found): ([(Double, Double)], [(Double, Double)]) = ([], [])
            for object in 0..<objects {
                places[object].0 += unit() * 8 - 4
                places[object].1 += unit() * 8 - 4
                guard unit() < 0.85 else { continue }
                truth.append(renumber(Int32(object), &seen))
                here.append(places[object])
                if exact {
                    result.append(truth[truth.count - 1])
                    found.append(places[object])
                    continue
                }
                if unit() < 0.1 { numbers.swapAt(object, Int(random.next() % UInt64(objects))) }
                guard unit() < 0.85, !result.contains(numbers[object]) else { continue }
                result.append(numbers[object])
                found.append((places[object].0 + unit() * 8 - 4, places[object].1 + unit() * 8 - 4))
            }
            let overlaps = here.flatMap { one in
                found.map { other in
                    let both = max(0, 30 - abs(one.0 - other.0)) * max(0, 30 - abs(one.1 - other.1))
                    return both / (1800 - both)
                }
            }
            return MetricSequence.Frame(
                truth: truth, result: exact ? result : result.map { renumber($0, &known) }, similarity: overlaps)
        }
        return MetricSequence(
            frames: list, truthIdentities: seen.count, resultIdentities: exact ? seen.count : known.count)
    }

    /// The same sequence under other numbers and, if the order is not kept, with the boxes of each frame in another one.
    static func shuffled(_ sequence: MetricSequence, seed: UInt64, keepingOrder: Bool = false) -> MetricSequence {
        var random = SplitMix(state: seed)
        let objects = (0..<Int32(sequence.truthIdentities)).shuffled(using: &random)
        let tracks = (0..<Int32(sequence.resultIdentities)).shuffled(using: &random)
        var copy = sequence
        for index in copy.frames.indices {
            let frame = copy.frames[index]
            let order: (Range<Int>) -> [Int] = { keepingOrder ? Array($0) : $0.shuffled(using: &random) }
            let (rows, columns) = (order(frame.truth.indices), order(frame.result.indices))
            copy.frames[index] = MetricSequence.Frame(
                truth: rows.map { objects[Int(frame.truth[$0])] },
                result: columns.map { tracks[Int(frame.result[$0])] },
                similarity: rows.flatMap { row in
                    columns.map { frame.similarity[row * frame.result.count + $0] }
                })
        }
        return copy
    }
}

/// Steele, Lea and Flood's generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
