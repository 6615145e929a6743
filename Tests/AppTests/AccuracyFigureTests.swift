import Foundation
import FoundationXML
import Testing

@testable import App

/// Figures are well-formed XML whatever the labels are.
@Suite struct AccuracyFigureTests {
    /// Counts elements and gathers texts.
    private final class Reader: NSObject, XMLParserDelegate {
        var elements: [String: Int] = [:]
        var texts: [String] = []
        private var text: String?

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            elements[name, default: 0] += 1
            text = name == "text" ? "" : nil
            for (key, value) in attributes where ["x", "y", "x1", "y1", "cx", "cy"].contains(key) {
                #expect(Double(value)?.isFinite == true, "\(key)=\(value)")
            }
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { text? += string }

        func parser(
            _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
        ) {
            if let text { texts.append(text) }
            text = nil
        }
    }

    private func read(_ svg: String) throws -> Reader {
        let reader = Reader()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = reader
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        return reader
    }

    @Test func curvesAndLabelsAreThere() throws {
        let label = "a<b>&\"c\"\u{1}\u{FFFF} é"
        let figure = AccuracyFigure(
            series: [
                .init(label: label, instance: [(1, 0.9), (50, 0.5)], sameClass: [(1, 1), (50, 0.9)]),
                .init(label: "two", instance: [(1, 0.8), (50, 0.4)], sameClass: []),
            ], xTitle: "Δt", ticks: [(1, "1"), (50, "50")])
        let reader = try read(figure.svg())
        #expect(reader.elements["svg"] == 1)
        #expect(reader.elements["polyline"] == 4)
        #expect(reader.texts.contains("a<b>&\"c\"\u{FFFD}\u{FFFD} é"))
        #expect(reader.texts.contains("50"))
    }

    // No curve, one point, gaps of the same place, rates of 0.
    @Test func emptyFiguresAreWellFormed() throws {
        for (points, ticks) in [
            ([], []), ([(1.0, 0.0)], [(1.0, "1")]), ([(2.0, 1.0), (2.0, 1.0)], [(2.0, "2"), (2.0, "2")]),
        ] as [([(Double, Double)], [(Double, String)])] {
            let curve = points.map { (x: $0.0, y: $0.1) }
            let figure = AccuracyFigure(
                series: [.init(label: "", instance: curve, sameClass: curve)], xTitle: "",
                ticks: ticks.map { (x: $0.0, label: $0.1) })
            _ = try read(figure.svg())
        }
    }
}
