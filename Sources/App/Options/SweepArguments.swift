import ArgumentParser
import Features
import Geometry

/// What a sweep crosses.
struct SweepArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Blocks, as in 0,3,6,9,12. Default: all, and 0, the embedded patches.", valueName: "list"))
    var layers: LayerList?

    @Option(
        help: ArgumentHelp(
            "What is taken of a block: any of output, keys, queries, values. Default: output.",
            valueName: "list"))
    var tokens: TokenList?

    @Option(
        help: ArgumentHelp(
            "Blocks joined end to end, as in 3+6+9+12,6+12, or none. Default: every quarter of the depth.",
            valueName: "list"))
    var joins: JoinList?

    @Option(
        help: ArgumentHelp("Poolings. Default: mean,grid2,grid3,grid4,grid5,grid6,grid7.", valueName: "list"))
    var pools: PoolingList?

    @Option(
        help: ArgumentHelp(
            "Any of none, drop=N (channels of the highest variance), drop (200 of 768), standardize. Default: "
                + "none,drop,standardize.", valueName: "list"))
    var transforms: TransformList?

    @Option(help: ArgumentHelp("Any of cosine, l2. Default: both.", valueName: "list"))
    var similarities: SimilarityList?
}

/// Items with commas between them, none twice.
protocol ListArgument: ExpressibleByArgument {
    associatedtype Item: Equatable
    var items: [Item] { get }
    init(items: [Item])
    static func item(_ text: String) -> Item?
}

extension ListArgument {
    init?(argument: String) {
        var items: [Item] = []
        for text in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let item = Self.item(String(text)), !items.contains(item) else { return nil }
            items.append(item)
        }
        self.init(items: items)
    }
}

/// `--layers`.
struct LayerList: ListArgument {
    let items: [Int]

    static func item(_ text: String) -> Int? { Int(text).flatMap { (0...1000).contains($0) ? $0 : nil } }
}

/// `--tokens`.
struct TokenList: ListArgument {
    let items: [TokenKind]

    static func item(_ text: String) -> TokenKind? { TokenKind(argument: text) }
}

/// `--joins`: blocks joined, or no joins at all.
struct JoinList: ListArgument {
    let items: [[Int]]

    static func item(_ text: String) -> [Int]? {
        if text == "none" { return [] }
        let parts = text.split(separator: "+", omittingEmptySubsequences: false).map { LayerList.item(String($0)) }
        let layers = parts.compactMap { $0 }
        return layers.count == parts.count && layers.count > 1 && Set(layers).count == layers.count ? layers : nil
    }
}

/// `--pools`.
struct PoolingList: ListArgument {
    let items: [Pooling]

    static func item(_ text: String) -> Pooling? { try? Pooling(name: text) }
}

/// What is done to a vector before it is compared.
enum SweptTransform: Equatable, Sendable {
    case none
    /// So many channels of the highest variance are dropped; nil: 200 of 768.
    case drop(Int?)
    case standardize
}

/// `--transforms`.
struct TransformList: ListArgument {
    let items: [SweptTransform]

    static func item(_ text: String) -> SweptTransform? {
        switch text {
        case "none": return SweptTransform.none
        case "drop": return .drop(nil)
        case "standardize": return .standardize
        default:
            guard text.hasPrefix("drop="), let count = Int(text.dropFirst(5)), count > 0 else { return nil }
            return .drop(count)
        }
    }
}

/// `--similarities`.
struct SimilarityList: ListArgument {
    let items: [Similarity]

    static func item(_ text: String) -> Similarity? { Similarity(rawValue: text) }
}
