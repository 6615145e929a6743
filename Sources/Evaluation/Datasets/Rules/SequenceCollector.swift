internal import Geometry

/// Gathers the frames of a class after preprocessing, and numbers its identities.
struct SequenceCollector {
    private let truthRanks: IdentityRanks
    private let resultRanks: IdentityRanks
    private var frames: [MetricSequence.Frame] = []
    /// The frame in which an identity was met last, from 1; 0 for none yet.
    private var truthSeen: [Int32]
    private var resultSeen: [Int32]
    private let sequence: String

    /// Starts a sequence whose identities are among the given ones.
    init(sequence: String, truth: [Int64], result: [Int64], frames count: Int) {
        self.sequence = sequence
        truthRanks = IdentityRanks(truth)
        resultRanks = IdentityRanks(result)
        truthSeen = [Int32](repeating: 0, count: truthRanks.identities.count)
        resultSeen = [Int32](repeating: 0, count: resultRanks.identities.count)
        frames.reserveCapacity(count)
    }

    /// Adds the next frame: the boxes that are left, in the order of the file, and their overlaps.
    ///
    /// - Throws: `duplicateIdentity` where an identity occurs twice.
    mutating func add(truth: [Int64], result: [Int64], similarity: [Double]) throws(EvaluationError) {
        let number = Int32(truncatingIfNeeded: frames.count + 1)
        let truth = try Self.ranks(of: truth, truthRanks, seen: &truthSeen, frame: number, sequence: sequence)
        let result = try Self.ranks(of: result, resultRanks, seen: &resultSeen, frame: number, sequence: sequence)
        frames.append(MetricSequence.Frame(truth: truth, result: result, similarity: similarity))
    }

    /// The sequence, with identities numbered without gaps.
    consuming func finish() -> MetricSequence {
        let (truthNumbers, truthCount) = Self.numbers(truthSeen)
        let (resultNumbers, resultCount) = Self.numbers(resultSeen)
        if truthCount < truthSeen.count || resultCount < resultSeen.count {
            for frame in frames.indices {
                for index in frames[frame].truth.indices {
                    frames[frame].truth[index] = truthNumbers[Int(frames[frame].truth[index])]
                }
                for index in frames[frame].result.indices {
                    frames[frame].result[index] = resultNumbers[Int(frames[frame].result[index])]
                }
            }
        }
        return MetricSequence(frames: frames, truthIdentities: truthCount, resultIdentities: resultCount)
    }

    private static func ranks(
        of identities: [Int64], _ ranks: IdentityRanks, seen: inout [Int32], frame: Int32, sequence: String
    ) throws(EvaluationError) -> [Int32] {
        var result: [Int32] = []
        result.reserveCapacity(identities.count)
        for identity in identities {
            let rank = ranks.rank(of: identity)
            if seen[Int(rank)] == frame {
                throw .duplicateIdentity(sequence: sequence, frame: FrameIndex(Int(frame)), identity: identity)
            }
            seen[Int(rank)] = frame
            result.append(rank)
        }
        return result
    }

    /// The new number of each rank that was met, and how many there are.
    private static func numbers(_ seen: [Int32]) -> ([Int32], Int) {
        var count: Int32 = 0
        let numbers = seen.map { frame -> Int32 in
            defer { if frame > 0 { count += 1 } }
            return count
        }
        return (numbers, Int(count))
    }
}
