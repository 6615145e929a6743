import Testing

@testable import App

@Suite struct LayerChoiceTests {
    @Test(arguments: [
        ("last", 12, [12]),
        // Blocks count from 1; 0 is the embedded patches.
        ("0", 12, [0]),
        ("3", 12, [3]),
        ("3,6,9", 12, [3, 6, 9]),
        // A quarter of twelve blocks is the third one; of six, 1.5 rounds to 2.
        ("1/4", 12, [3]),
        ("1/4", 6, [2]),
        // Never block 0.
        ("1/100", 12, [1]),
    ])
    func forms(_ text: String, _ depth: Int, _ expected: [Int]) throws {
        let choice = try #require(LayerChoice(text))
        #expect(choice.blocks(depth: depth) == expected)
        #expect(choice.description == text)
    }

    // Empty, negative, repeated, not a number, a share above one, an absurd number.
    @Test(arguments: ["", "-1", "3,3", "x", "3,", "5/4", "1/0", "0/4", "99999999999999999999"])
    func refused(_ text: String) {
        #expect(LayerChoice(text) == nil)
    }
}
