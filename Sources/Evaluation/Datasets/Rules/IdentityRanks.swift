/// Identities of a sequence as numbers from 0 without gaps, in the order of the identities.
///
/// Source: TrackEval numbers them by `np.unique`, which sorts.
struct IdentityRanks {
    /// The identities in rising order: the place of each is its rank.
    let identities: [Int64]
    /// What is added to an identity for its place in `direct`, where the identities lie close together.
    private let lowest: Int64
    private let direct: [Int32]

    /// Ranks identities, of which each may occur any number of times.
    init(_ all: [Int64]) {
        guard let least = all.min(), let most = all.max() else {
            identities = []
            lowest = 0
            direct = []
            return
        }
        lowest = least
        let (span, overflow) = most.subtractingReportingOverflow(least)
        guard !overflow, span < Int64(4 * all.count + 4096) else {
            var sorted = Array(Set(all))
            sorted.sort()
            identities = sorted
            direct = []
            return
        }
        var direct = [Int32](repeating: -1, count: Int(span) + 1)
        for identity in all { direct[Int(identity - least)] = 0 }
        var identities: [Int64] = []
        for index in direct.indices where direct[index] == 0 {
            direct[index] = Int32(identities.count)
            identities.append(least + Int64(index))
        }
        self.identities = identities
        self.direct = direct
    }

    /// The rank of one of the identities.
    func rank(of identity: Int64) -> Int32 {
        if !direct.isEmpty { return direct[Int(identity - lowest)] }
        var range = 0..<identities.count
        while range.count > 1 {
            let middle = (range.lowerBound + range.upperBound) / 2
            range = identities[middle] <= identity ? middle..<range.upperBound : range.lowerBound..<middle
        }
        return Int32(range.lowerBound)
    }
}
