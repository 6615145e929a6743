import Foundation
import Geometry
import Testing

@testable import Formats

/// Rows of labels: the quick way for plain rows against the way column by column, and damage.
@Suite struct LabelTests {
    /// A blank behind each comma sends a row the long way, and must change nothing.
    @Test func bothWaysReadTheSame() throws {
        var generator = SplitMix64(seed: 11)
        for _ in 0..<3000 {
            var columns = [
                "\(Int.random(in: 1...99_999, using: &generator))",
                "\(Int64.random(in: 0...(Bool.random(using: &generator) ? .max : 999), using: &generator))",
            ]
            for _ in 0..<4 { columns.append(number(&generator)) }
            let more = Int.random(in: 0...5, using: &generator)
            if more > 0 { columns.append(["1", "0", "0.5", "1e-3", "-1"].randomElement(using: &generator) ?? "1") }
            if more > 1 {
                columns.append(["1", "-1", "7.0", "13", "2147483648"].randomElement(using: &generator) ?? "1")
            }
            if more > 2 { columns.append(["0.25", "-1", "nan", "1"].randomElement(using: &generator) ?? "1") }
            for _ in 3..<max(3, more) { columns.append("-1") }
            let end = ["", "\n", ",\n", "\r\n"].randomElement(using: &generator) ?? ""
            let quick = outcome(columns.joined(separator: ",") + end)
            let long = outcome(columns.joined(separator: ", ") + end)
            #expect(quick == long, "\(columns)")
        }
    }

    private func number(_ generator: inout SplitMix64) -> String {
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: "\(Int.random(in: -500...2000, using: &generator))"
        case 1: "\(Double.random(in: -500...2000, using: &generator))"
        case 2: "\(Double(Int.random(in: -50_000...200_000, using: &generator)) / 100)"
        case 3:
            String(
                (0..<Int.random(in: 1...22, using: &generator)).map { _ in
                    "0123456789".randomElement(using: &generator) ?? "0"
                })
        default: "\(Float.random(in: -2000...2000, using: &generator))"
        }
    }

    /// As a text, in which NaN is like NaN.
    private func outcome(_ text: String) -> String {
        (try? MOTLabel.read(bytes: Array(text.utf8), leastColumns: 6)).map { "\($0)" } ?? "refused"
    }

    @Test func coordinatesAreTheNearestDoubles() throws {
        for text in ["586.474853515625", "1099.0672607421877", "-0.30000000000000004", "912", "9007199254740993"] {
            let label = try #require(
                try MOTLabel.read(bytes: Array("1,1,\(text),0,1,1".utf8), leastColumns: 6).first)
            #expect(label.box.x == Double(text))
        }
    }

    @Test func linesAreCounted() throws {
        let text = "\n\n1,1,1,1,1,1\r\n\r\n2,1,1,1,1,1\r3,1,1,1,1,1\n \t\n4 1 1 1 1 1"
        #expect(try MOTLabel.read(bytes: Array(text.utf8), leastColumns: 6).map(\.line) == [3, 5, 6, 8])
    }

    /// Every beginning of every seed has an outcome, in both formats.
    @Test(arguments: ["labels", "mot"])
    func damageHasAnOutcome(_ corpus: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fuzz/corpora/\(corpus)")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            for count in 0...bytes.count {
                _ = try? MOTLabel.read(bytes: Array(bytes[..<count]), leastColumns: 8)
                _ = try? KITTILabel.read(bytes: Array(bytes[..<count]))
            }
        }
    }
}
