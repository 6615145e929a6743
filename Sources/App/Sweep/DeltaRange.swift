import ArgumentParser
import Evaluation

/// The gaps that a configuration is chosen for: `1-4` in frames, `0.2s-1s` in seconds, or one gap.
struct DeltaRange: ExpressibleByArgument {
    let text: String
    private let low: RetrievalDelta
    private let high: RetrievalDelta

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map {
            try? RetrievalDelta(argument: String($0))
        }
        guard (1...2).contains(parts.count), let first = parts[0], let last = parts[parts.count - 1] else { return nil }
        switch (first, last) {
        case (.frames(let a), .frames(let b)) where a <= b: break
        case (.seconds(let a), .seconds(let b)) where a <= b: break
        default: return nil
        }
        text = argument
        (low, high) = (first, last)
    }

    /// Whether a gap lies in the range; one in frames does not lie in a range of seconds.
    func contains(_ delta: RetrievalDelta) -> Bool {
        switch (low, high, delta) {
        case (.frames(let a), .frames(let b), .frames(let gap)): a <= gap && gap <= b
        case (.seconds(let a), .seconds(let b), .seconds(let gap)): a <= gap && gap <= b
        default: false
        }
    }
}
