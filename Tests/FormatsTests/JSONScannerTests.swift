import Foundation
import Geometry
import Testing

@testable import Formats

/// The JSON scanner against Foundation's parser, and against hostile text.
@Suite struct JSONScannerTests {
    @Test(arguments: [
        "{}", "[]", "null", "true", "false", "1", #""a""#, "[1,2]", "[,1]", "[1 2]", #"{"a":1}"#,
        #"{"a"}"#, #"{"a":}"#, "{a:1}", "{'a':1}", "[[[[]]]]", "[[[[]]]", "[]]", #"{"a":{"b":[1,{"c":null}]}}"#,
        #"""#, #""\""#, #""\"""#, #"["]"]"#, #"["\\"]"#, "nul", "nulls", "truefalse", "[true,false,null]", "",
        #"{"a":1 "b":2}"#, #"{"a":1}{"b":2}"#, "[1}", #"{"a":1]"#, " \n\t[ 1 , 2 ]\r\n", #""tab\#there""#,
    ])
    func agreesWithFoundation(_ text: String) {
        #expect(accepts(text) == foundationAccepts(text), "\(text)")
    }

    @Test(arguments: ["[1,]", #"{"a":1,}"#, " ", "[1,\n]"])
    func refusesWhatFoundationLetsPass(_ text: String) {
        #expect(!accepts(text))
    }

    /// Random text out of the pieces of JSON: accepted by both parsers or by neither.
    @Test func agreesWithFoundationOnRandomText() {
        let pieces = [
            "{", "}", "[", "]", ",", ":", #""a""#, #""b\n""#, "1", "-2.5", "true", "false", "null", " ", "\n",
            #""\u00e9""#,
            #"{"k":"#, "[1,", "[]", "{}",
        ]
        var generator = SplitMix64(seed: 3)
        var accepted = 0
        for _ in 0..<30_000 {
            let count = Int.random(in: 1...9, using: &generator)
            let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            let verdict = accepts(text)
            let dense = text.filter { !$0.isWhitespace }
            if dense.contains(",]") || dense.contains(",}") || dense.isEmpty {
                // Foundation lets a comma end a list, and takes blanks for a value; RFC 8259 has neither.
                #expect(!verdict)
                continue
            }
            if verdict { accepted += 1 }
            #expect(verdict == foundationAccepts(text), "\(text)")
        }
        #expect(accepted > 500)
    }

    @Test(arguments: [
        (#""""#, ""), (#""plain""#, "plain"), (#""\"\\\/\b\f\n\r\t""#, #""\/\#u{8}\#u{c}\#n\#r\#t"#),
        (#""\u00e9\u4e2d""#, "é中"), (#""\ud83d\ude00""#, "😀"), (#""é😀""#, "é😀"),
        // Lone surrogates.
        (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
    ])
    func resolvesEscapes(_ literal: String, _ text: String) throws {
        var scanner = scanner(literal)
        #expect(try scanner.string() == text)
        #expect(scanner.peek() == nil)
    }

    @Test(arguments: [
        #""\x""#, #""\u12""#, #""\u12g4""#, #""\uD83D\u12""#, #""abc"#, #""abc\""#, "abc", #""a\#nb""#, #""a\#0""#,
    ])
    func refusesBadStrings(_ literal: String) {
        var scanner = scanner(literal)
        #expect(throws: FormatError.self) { try scanner.string() }
    }

    @Test func refusesStringsThatAreNotUTF8() throws {
        for bytes in [[0xFF], [0xC3], [0xE4, 0xB8], [0xED, 0xA0, 0x80], [0x5C, 0x6E, 0xFF]] as [[UInt8]] {
            let text: [UInt8] = [0x22] + bytes + [0x22]
            var scanner = JSONScanner(text, text.indices, source: "boxes", firstLine: 4)
            let error = #expect(throws: FormatError.self) { try scanner.string() }
            #expect(error == .encoding(SourcePlace(source: "boxes", line: 4), found: "bytes that are not UTF-8"))
        }
    }

    /// What is written is read again.
    @Test(arguments: ["", "plain", #"quote " and \ slash"#, "line\nbreak\ttab\u{0}\u{1f}", "é😀\u{2028}"])
    func literalsReadBack(_ text: String) throws {
        var scanner = scanner(JSONEscapes.literal(text))
        #expect(try scanner.string() == text)
    }

    @Test(arguments: ["[", #"{"a":"#, #"[{"a":["#, "[[],"])
    func refusesDeepNesting(_ piece: String) throws {
        let bomb = String(repeating: piece, count: 100_000)
        let error = #expect(throws: FormatError.self) {
            var scanner = scanner(bomb)
            try scanner.skipValue()
        }
        #expect(error?.description.contains("nested deeper than 512") == true)
    }

    @Test func countsLines() throws {
        var scanner = scanner(#"{\#n\#n"a": [\#n1,\#n2\#n],\#r\#n"b": x}"#)
        let error = #expect(throws: FormatError.self) { try scanner.skipValue() }
        #expect(error == .malformed(SourcePlace(source: "boxes", line: 7), found: "“x}”", expected: "a value"))
    }

    private func scanner(_ text: String) -> JSONScanner {
        let bytes = Array(text.utf8)
        return JSONScanner(bytes, bytes.indices, source: "boxes", firstLine: 1)
    }

    private func accepts(_ text: String) -> Bool {
        var scanner = scanner(text)
        do throws(FormatError) {
            try scanner.skipValue()
            try scanner.finish()
            return true
        } catch {
            return false
        }
    }

    private func foundationAccepts(_ text: String) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil
    }
}
