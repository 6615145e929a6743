/// Numbers pairs of an object and a track in the order in which they are met.
///
/// Of all pairs few ever overlap; so that a file with very many short tracks needs no table of objects × tracks, one
/// that would be large is a hash table.
struct PairTable: Sendable {
    /// Object · tracks + track of each numbered pair.
    private(set) var keys: [Int] = []
    private let tracks: Int
    /// Number of each pair, −1 for none; empty where pairs are hashed.
    private var dense: [Int32] = []
    /// Numbers of pairs by open addressing, −1 for a free place; the count is a power of two.
    private var hashed: [Int32] = []

    /// Pairs up to which the table holds a place for each: 16 MiB.
    private static let denseLimit = 1 << 22

    init(objects: Int, tracks: Int, denseLimit: Int = Self.denseLimit) {
        self.tracks = tracks
        let (pairs, overflow) = objects.multipliedReportingOverflow(by: tracks)
        if !overflow, pairs <= denseLimit {
            dense = [Int32](repeating: -1, count: pairs)
        } else {
            hashed = [Int32](repeating: -1, count: 1 << 12)
        }
    }

    /// How many pairs have a number.
    var count: Int { keys.count }

    /// The number of a pair, a new one if it has none yet.
    mutating func number(_ object: Int32, _ track: Int32) -> Int {
        let key = Int(object) * tracks + Int(track)
        if hashed.isEmpty {
            let known = dense[key]
            if known >= 0 { return Int(known) }
            dense[key] = Int32(keys.count)
        } else {
            let place = self.place(of: key)
            let known = hashed[place]
            if known >= 0 { return Int(known) }
            hashed[place] = Int32(keys.count)
            if keys.count >= hashed.count / 2 { grow(with: key) }
        }
        keys.append(key)
        return keys.count - 1
    }

    /// Where a key is, or the free place where it belongs.
    private func place(of key: Int) -> Int {
        let mask = hashed.count - 1
        var place = Int(truncatingIfNeeded: (UInt64(bitPattern: Int64(key)) &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while hashed[place] >= 0, keys[Int(hashed[place])] != key { place = (place + 1) & mask }
        return place
    }

    private mutating func grow(with newest: Int) {
        let size = hashed.count * 2
        hashed = [Int32](repeating: -1, count: size)
        for (number, key) in keys.enumerated() { hashed[place(of: key)] = Int32(number) }
        hashed[place(of: newest)] = Int32(keys.count)
    }

    /// The numbers of the pairs that `isIncluded` takes, by object and then by track.
    func sorted(where isIncluded: (Int) -> Bool) -> [Int] {
        keys.indices.filter(isIncluded).sorted { keys[$0] < keys[$1] }
    }

    /// Object and track of a numbered pair.
    func pair(_ number: Int) -> (object: Int, track: Int) {
        let (object, track) = keys[number].quotientAndRemainder(dividingBy: tracks)
        return (object, track)
    }
}
