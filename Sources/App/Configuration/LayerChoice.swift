import Features
import Formats

/// Which blocks' output is used, as it is written in options, presets and checkpoint metadata.
///
/// Forms: `last`; a block number from 1 (0 = embedded patches); several joined, `3,6,9`; a share of the depth, `1/4`.
enum LayerChoice: Equatable, CustomStringConvertible {
    case last
    case blocks([Int])
    case share(Int, of: Int)

    /// Reads one of the forms above; nil if the text is none of them.
    init?(_ text: String) {
        if text == "last" {
            self = .last
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let part = Int(parts[0]), let whole = Int(parts[1]), part > 0, whole >= part {
            self = .share(part, of: whole)
            return
        }
        var blocks: [Int] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let block = Int(item), block >= 0, block <= 1000, !blocks.contains(block) else { return nil }
            blocks.append(block)
        }
        guard !blocks.isEmpty else { return nil }
        self = .blocks(blocks)
    }

    /// What the metadata of a model's file at a path recommends, else the last block.
    static func preferred(by model: ModelDescription, path: String) throws(AppError) -> LayerChoice {
        guard let text = model.preferredLayer else { return .last }
        guard let choice = LayerChoice(text), choice.blocks(depth: model.depth).allSatisfy({ $0 <= model.depth }) else {
            throw .configuration(
                path: path, line: nil,
                message:
                    "metadata vtrack.layer is \"\(printable(text, limit: 80))\", expected 0…\(model.depth) or last; "
                    + "name one with --layer")
        }
        return choice
    }

    /// The block numbers for a model of that depth; a share is rounded to the nearest block, and is at least 1.
    func blocks(depth: Int) -> [Int] {
        switch self {
        case .last: [depth]
        case .blocks(let blocks): blocks
        case .share(let part, let whole):
            [max(1, Int((Double(depth) * Double(part) / Double(whole)).rounded()))]
        }
    }

    var description: String {
        switch self {
        case .last: "last"
        case .blocks(let blocks): blocks.map(String.init).joined(separator: ",")
        case .share(let part, let whole): "\(part)/\(whole)"
        }
    }
}
