import ArgumentParser

/// One of several parts that an evaluation is spread over: `--shard k/n`.
struct Shard: Equatable, Sendable, ExpressibleByArgument, CustomStringConvertible {
    /// From 1.
    let number: Int
    let count: Int

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]), (1...100_000).contains(count),
            (1...count).contains(number)
        else { return nil }
        self.number = number
        self.count = count
    }

    var description: String { "\(number)/\(count)" }

    /// The elements that are this part's: every n-th, so that neighbours, which are often alike, are spread.
    func select<Element>(_ elements: [Element]) -> [Element] {
        elements.indices.filter { $0 % count == number - 1 }.map { elements[$0] }
    }
}
