import Foundation

/// Pieces of HTML (WHATWG HTML Living Standard).
enum HTML {
    /// A text as HTML holds it, in content and in quoted attributes.
    ///
    /// What a page cannot show, and what would turn the direction of the text around it, is replaced.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result += " "
            case _ where isUnshowable(scalar.value): result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A text without what a page cannot show, and what would turn the direction of the text around it.
    static func showable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isUnshowable($0.value) ? "\u{FFFD}" : $0 }))
    }

    /// Controls, overrides of the direction (Unicode Technical Report 36, 2.5), and what is no character.
    private static func isUnshowable(_ value: UInt32) -> Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0xFDD0...0xFDEF: true
        default: value & 0xFFFE == 0xFFFE
        }
    }

    /// A paragraph for every sentence.
    static func paragraphs(_ sentences: [String], class name: String = "note") -> String {
        sentences.map { "<p class=\"\(name)\">\(escaped($0))</p>\n" }.joined()
    }

    /// A list of sentences.
    static func list(_ sentences: [String]) -> String {
        sentences.isEmpty ? "" : "<ul>\n" + sentences.map { "<li>\(escaped($0))</li>\n" }.joined() + "</ul>\n"
    }

    /// What is folded away until somebody asks for it.
    ///
    /// - Parameters:
    ///   - title: A text.
    ///   - content: HTML.
    static func details(_ title: String, isOpen: Bool = false, _ content: String) -> String {
        "<details\(isOpen ? " open" : "")><summary>\(escaped(title))</summary>\n\(content)</details>\n"
    }

    /// A part of the page with its heading.
    static func section(_ identifier: String, _ title: String, _ content: String) -> String {
        """
        <section id="\(identifier)" aria-labelledby="\(identifier)-title">
        <h2 id="\(identifier)-title">\(escaped(title))</h2>
        \(content)</section>

        """
    }

    /// A picture that stands in the page itself.
    static func dataAddress(_ bytes: [UInt8], mediaType: String) -> String {
        "data:\(escaped(mediaType));base64,\(Data(bytes).base64EncodedString())"
    }

    /// A number for a style, which must not come from outside as text.
    static func number(_ value: Double) -> String { value.isFinite ? decimal(value, 2) : "0" }
}
