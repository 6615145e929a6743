/// The misses of largest margin, at most one a queried object, so that one mistake that lasts does not crowd out all
/// others.
///
/// Memory: `limit` misses. What is kept does not depend on when a miss came, except that of an object's equal margins
/// the first stays, and of equal margins of several objects those that came first.
struct WorstMisses: Equatable, Sendable {
    /// How many are kept at most.
    let limit: Int
    /// What is kept, worst first.
    private(set) var sorted: [WorstMiss] = []

    /// Creates an empty list.
    init(limit: Int) {
        self.limit = limit
    }

    /// Takes a list that was kept before.
    init(limit: Int, _ misses: [WorstMiss]) {
        self.limit = limit
        for miss in misses { add(miss) }
    }

    /// Whether a miss of this margin may have a place.
    func hasRoom(for margin: Double) -> Bool {
        guard limit > 0, margin.isFinite else { return false }
        guard sorted.count == limit, let last = sorted.last else { return true }
        return margin > last.margin
    }

    /// Adds a miss, if it is among the worst.
    mutating func add(_ miss: WorstMiss) {
        guard hasRoom(for: miss.margin) else { return }
        if let index = sorted.firstIndex(where: {
            $0.query.identity == miss.query.identity && $0.sequence == miss.sequence
        }) {
            guard miss.margin > sorted[index].margin else { return }
            sorted.remove(at: index)
        } else if sorted.count == limit {
            sorted.removeLast()
        }
        sorted.insert(miss, at: sorted.firstIndex { $0.margin < miss.margin } ?? sorted.count)
    }

    /// Adds all misses of another list.
    mutating func merge(_ other: WorstMisses) {
        for miss in other.sorted { add(miss) }
    }

    /// Takes turns among lists until there are enough: first objects that no list has shown, then others.
    static func chosen(from lists: [[WorstMiss]], limit: Int) -> [WorstMiss] {
        struct Shown: Hashable {
            let sequence: String
            let identity: Int64?
        }
        var shown: Set<Shown> = []
        var left = lists
        var chosen: [[WorstMiss]] = lists.map { _ in [] }
        for mayRepeat in [false, true] {
            while chosen.reduce(0, { $0 + $1.count }) < limit {
                var hasFound = false
                for index in lists.indices where chosen.reduce(0, { $0 + $1.count }) < limit {
                    let next = left[index].firstIndex { miss in
                        mayRepeat || !shown.contains(Shown(sequence: miss.sequence, identity: miss.query.identity))
                    }
                    guard let next else { continue }
                    let miss = left[index].remove(at: next)
                    shown.insert(Shown(sequence: miss.sequence, identity: miss.query.identity))
                    chosen[index].append(miss)
                    hasFound = true
                }
                if !hasFound { break }
            }
        }
        return chosen.flatMap { $0.sorted { $0.margin > $1.margin } }
    }
}
