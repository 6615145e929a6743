/// An SVG picture that is written element by element.
///
/// Source: W3C, Scalable Vector Graphics 1.1. Numbers have two decimals and a point; texts are escaped, and what XML 1.0
/// has no character for is replaced.
struct SVGDocument {
    private let width: Double
    private let height: Double
    private var body = ""

    /// Creates an empty picture, lengths in pixels.
    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    /// The whole document.
    func text(title: String) -> String {
        let (w, h) = (Self.number(width), Self.number(height))
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" width="\(w)" height="\(h)" viewBox="0 0 \(w) \(h)" \
            font-family="Helvetica, Arial, sans-serif" font-size="12">
            <title>\(Self.escaped(title))</title>
            <rect width="\(w)" height="\(h)" fill="white"/>
            \(body)</svg>

            """
    }

    /// The picture as an element of a page: on the page's ground, and as wide as there is room.
    ///
    /// - Parameter title: What it shows, for who cannot see it; nil: it only adorns.
    func element(title: String?) -> String {
        let (w, h) = (Self.number(width), Self.number(height))
        let role = title == nil ? "aria-hidden=\"true\"" : "role=\"img\""
        return """
            <svg viewBox="0 0 \(w) \(h)" width="\(w)" height="\(h)" \(role)>\
            \(title.map { "<title>\(Self.escaped($0))</title>" } ?? "")
            \(body)</svg>

            """
    }

    /// A straight line.
    mutating func line(
        _ from: (x: Double, y: Double), _ to: (x: Double, y: Double), stroke: String, width: Double = 1,
        dashes: String? = nil
    ) {
        add(
            "line",
            [
                ("x1", Self.number(from.x)), ("y1", Self.number(from.y)), ("x2", Self.number(to.x)),
                ("y2", Self.number(to.y)), ("stroke", stroke), ("stroke-width", Self.number(width)),
            ] + (dashes.map { [("stroke-dasharray", $0)] } ?? []))
    }

    /// Straight lines from point to point.
    mutating func polyline(
        _ points: [(x: Double, y: Double)], stroke: String, width: Double = 1, dashes: String? = nil
    ) {
        add(
            "polyline",
            [
                ("points", points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")),
                ("fill", "none"), ("stroke", stroke), ("stroke-width", Self.number(width)),
                ("stroke-linejoin", "round"),
            ] + (dashes.map { [("stroke-dasharray", $0)] } ?? []))
    }

    /// A filled shape around a point: a circle, a square, a triangle or a rhombus, by its number.
    mutating func marker(_ shape: Int, at centre: (x: Double, y: Double), fill: String) {
        let (x, y, r) = (centre.x, centre.y, 3.2)
        let corners: [(Double, Double)]
        switch shape % 4 {
        case 0:
            return add(
                "circle", [("cx", Self.number(x)), ("cy", Self.number(y)), ("r", Self.number(r)), ("fill", fill)])
        case 1: corners = [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]
        case 2: corners = [(x, y - 1.3 * r), (x + 1.2 * r, y + r), (x - 1.2 * r, y + r)]
        default: corners = [(x, y - 1.4 * r), (x + 1.4 * r, y), (x, y + 1.4 * r), (x - 1.4 * r, y)]
        }
        let points = corners.map { "\(Self.number($0.0)),\(Self.number($0.1))" }.joined(separator: " ")
        add("polygon", [("points", points), ("fill", fill)])
    }

    /// A line of text; `anchor` is start, middle or end.
    mutating func text(
        _ text: String, at place: (x: Double, y: Double), anchor: String = "start", turned: Bool = false,
        colour: String = "#222222"
    ) {
        let turn = turned ? " transform=\"rotate(-90 \(Self.number(place.x)) \(Self.number(place.y)))\"" : ""
        body +=
            "<text x=\"\(Self.number(place.x))\" y=\"\(Self.number(place.y))\" text-anchor=\"\(anchor)\" "
            + "fill=\"\(colour)\"\(turn)>\(Self.escaped(text))</text>\n"
    }

    private mutating func add(_ name: String, _ attributes: [(String, String)]) {
        body += "<\(name) " + attributes.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: " ") + "/>\n"
    }

    private static func number(_ value: Double) -> String { value.isFinite ? decimal(value, 2) : "0" }

    /// A text as XML holds it.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += " "
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
