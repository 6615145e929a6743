internal import Assignment
internal import Geometry

/// Overlaps of one class in one frame, and which of the tracker's boxes are judged.
///
/// A box of the tracker that pairs with no true box of its class and lies by more than half in one region is left out.
/// Sources: TrackEval datasets/bdd100k.py:225-250; scalabel eval/mot.py:146-174.
struct ClassOverlap {
    private let isServer: Bool
    private var truth = BoxEdges()
    private var result = BoxEdges()
    private var regions = BoxEdges()
    /// Intersection over union, true boxes × the tracker's, row-major.
    private var similarity: [Double] = []
    private var cost = CostMatrix(rows: 0, columns: 0)
    private var matcher = HungarianMatcher()
    private var columnOfRow: [Int] = []

    init(isServer: Bool) { self.isServer = isServer }

    /// The places of the tracker's boxes that are judged, in order.
    mutating func judge(truth trueSide: BDD100KRules.Side, result side: BDD100KRules.Side, regions areas: [Box])
        -> [Int]
    {
        truth.replace(with: trueSide.boxes)
        result.replace(with: side.boxes)
        truth.overlaps(with: result, into: &similarity)
        guard !areas.isEmpty, result.count > 0 else { return Array(0..<result.count) }
        regions.replace(with: areas)
        var isPaired = [Bool](repeating: false, count: result.count)
        if truth.count > 0 { pair(&isPaired) }
        // The server asks for more than half, TrackEval for more than that and the smallest step above 1.
        let limit = isServer ? 0.5 : 0.5 + Double.ulpOfOne
        return (0..<result.count).filter { column in
            isPaired[column] || !(0..<regions.count).contains { result.share(of: column, in: regions, $0) > limit }
        }
    }

    /// The overlaps with the tracker's boxes at `columns`.
    func kept(_ columns: [Int]) -> [Double] {
        if columns.count == result.count { return similarity }
        return (0..<truth.count).flatMap { row in columns.map { similarity[row * result.count + $0] } }
    }

    private mutating func pair(_ isPaired: inout [Bool]) {
        cost.reshape(rows: truth.count, columns: result.count, repeating: 0)
        var isPossible: [Bool]
        if isServer {
            // motmetrics lap.py, add_expensive_edges: pairs beyond the limit cost more than all others together.
            let distances = similarity.map { 1 - $0 }
            isPossible = distances.map { $0 <= 0.5 }
            let largest = zip(distances, isPossible).reduce(0.0) { $1.1 ? max($0, abs($1.0)) : $0 } + 1
            let expensive = Double(2 * min(truth.count, result.count)) * largest + 1
            let isAnyPossible = isPossible.contains(true)
            cost.values = zip(distances, isPossible).map { $1 ? $0 : isAnyPossible ? expensive : 0 }
        } else {
            isPossible = similarity.map { $0 >= 0.5 - Double.ulpOfOne }
            cost.values = zip(similarity, isPossible).map { $1 ? -$0 : 0 }
        }
        matcher.match(cost, into: &columnOfRow)
        for (row, column) in columnOfRow.enumerated() where column >= 0 {
            if isPossible[row * result.count + column] { isPaired[column] = true }
        }
    }
}
