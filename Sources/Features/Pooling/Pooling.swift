/// How the tokens under a box become one vector (docs/features.md).
public enum Pooling: Equatable, Sendable {
    /// ROIAlign to 7×7 bins, then their mean: D numbers.
    case mean
    /// The mean of the tokens whose centre lies in the box: D numbers.
    case meanPatches
    /// ROIAlign to N×N bins, all kept: N·N·D numbers, bin by bin from the top left, the D channels of a bin together.
    case grid(Int)

    /// The largest N of `grid`.
    public static let maximumGrid = 16

    /// Reads a name as it stands on the command line: `mean`, `mean-patches`, `grid3`.
    ///
    /// - Throws: `FeatureError.poolingName` for anything else, N outside 1…`maximumGrid` included.
    public init(name: String) throws(FeatureError) {
        switch name {
        case "mean": self = .mean
        case "mean-patches": self = .meanPatches
        default:
            // The prefix is checked digit by digit because `Int` would also read "+3".
            let digits = name.dropFirst(4)
            guard name.hasPrefix("grid"), digits.utf8.allSatisfy({ (48...57).contains($0) }),
                let side = Int(digits), (1...Self.maximumGrid).contains(side)
            else { throw .poolingName(name) }
            self = .grid(side)
        }
    }

    /// The name as it stands on the command line.
    public var name: String {
        switch self {
        case .mean: "mean"
        case .meanPatches: "mean-patches"
        case .grid(let side): "grid\(side)"
        }
    }

    /// How many groups of channels a vector holds.
    public var cells: Int {
        if case .grid(let side) = self { side * side } else { 1 }
    }

    /// How many numbers a vector has, for tokens of `channels` numbers.
    public func dimension(channels: Int) -> Int {
        cells * channels
    }
}
