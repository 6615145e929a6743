import Testing

@testable import App

@Suite struct ShardTests {
    // The form k/n with 1 ≤ k ≤ n and nothing else.
    @Test(arguments: ["1/1", "2/7", "7/7", "100000/100000"])
    func readsItsForm(text: String) { #expect(Shard(argument: text)?.description == text) }

    @Test(arguments: ["", "1", "0/3", "4/3", "-1/3", "1/0", "1/3/5", "a/b", "1/100001", " 1/3", "1.0/3"])
    func refusesOtherForms(text: String) { #expect(Shard(argument: text) == nil) }

    // Whatever the number of parts, also where there are more than elements: every element is in one part, in order.
    @Test(arguments: [1, 2, 3, 5, 7, 20])
    func partsAreDisjointAndComplete(count: Int) {
        let elements = Array(0..<11)
        let parts = (1...count).compactMap { Shard(argument: "\($0)/\(count)")?.select(elements) }
        #expect(parts.count == count)
        #expect(parts.flatMap { $0 }.sorted() == elements)
        #expect(parts.allSatisfy { $0 == $0.sorted() })
        #expect((parts.map(\.count).max() ?? 0) - (parts.map(\.count).min() ?? 0) <= 1)
    }
}
