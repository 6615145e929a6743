import Foundation

/// Accuracy over the gap, one colour a model: the same object solid, the same class dashed.
///
/// What Figures 8 and 9 of arXiv 2401.00463 show.
struct AccuracyFigure {
    /// One model's curves; y from 0 to 1, nil where there is none.
    struct Series {
        let label: String
        let instance: [(x: Double, y: Double)]
        let sameClass: [(x: Double, y: Double)]
        /// Between which values the curve of the same object lies, where that is known.
        var intervals: [(x: Double, range: ClosedRange<Double>)] = []
        /// Drawn thin, dashed and without markers: what others are compared with.
        var isBaseline = false
    }

    private let series: [Series]
    private let xTitle: String
    private let ticks: [(x: Double, label: String)]

    /// The colours of Okabe and Ito (https://jfly.uni-koeln.de/color/), which people who see fewer colours can tell
    /// apart; their yellow is too pale on white.
    static let colours = [
        "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F",
    ]
    private static let baseline = "3 3"
    private static let plot = (left: 62.0, top: 24.0, width: 460.0, height: 320.0)

    init(_ comparison: Comparison) {
        let points = comparison.entries.first?.points ?? []
        // Seconds, unless a gap has none.
        let inSeconds = !points.isEmpty && points.allSatisfy { $0.seconds != nil }
        func place(_ point: Comparison.Point) -> Double? { inSeconds ? point.seconds : point.delta.map(Double.init) }
        xTitle = inSeconds ? "Δt, seconds" : "Δt, frames"
        ticks = points.compactMap { point in
            place(point).map { ($0, inSeconds ? Self.short($0) : point.requested) }
        }
        series = comparison.entries.map { entry in
            func curve(_ value: (Comparison.Point) -> Double?) -> [(x: Double, y: Double)] {
                entry.points.compactMap { point in
                    guard let x = place(point), let y = value(point) else { return nil }
                    return (x, y)
                }.sorted { $0.x < $1.x }
            }
            return Series(label: entry.label, instance: curve(\.instance), sameClass: curve(\.sameClass))
        }
    }

    /// Creates a figure of given curves.
    init(series: [Series], xTitle: String, ticks: [(x: Double, label: String)]) {
        self.series = series
        self.xTitle = xTitle
        self.ticks = ticks
    }

    /// The picture as SVG.
    func svg() -> String {
        let plot = Self.plot
        let legendLeft = plot.left + plot.width + 24
        let longest = series.map(\.label.count).max() ?? 0
        let height = max(plot.top + plot.height + 56, plot.top + Double(series.count + 3) * 18 + 20)
        var picture = SVGDocument(width: legendLeft + 60 + 7.2 * Double(max(longest, 14)), height: height)
        drawAxes(&picture)
        for (index, one) in series.enumerated() {
            let colour = Self.colours[index % Self.colours.count]
            draw(one, index, &picture)
            let y = plot.top + 8 + Double(index) * 18
            picture.line((legendLeft, y), (legendLeft + 26, y), stroke: colour, width: 1.8)
            picture.marker(index, at: (legendLeft + 13, y), fill: colour)
            picture.text(one.label, at: (legendLeft + 34, y + 4))
        }
        var y = plot.top + 8 + (Double(series.count) + 0.6) * 18
        for (label, dashes) in [("same object", nil), ("same class", "5 4")] as [(String, String?)] {
            picture.line((legendLeft, y), (legendLeft + 26, y), stroke: "#555555", width: 1.6, dashes: dashes)
            picture.text(label, at: (legendLeft + 34, y + 4))
            y += 18
        }
        return picture.text(title: "Accuracy of the nearest box over the gap between frames")
    }

    /// The picture as an element of a page, without a legend.
    func element(title: String) -> String {
        var picture = SVGDocument(
            width: Self.plot.left + Self.plot.width + 16, height: Self.plot.top + Self.plot.height + 56)
        drawAxes(&picture)
        for (index, one) in series.enumerated() { draw(one, index, &picture) }
        return picture.element(title: title)
    }

    /// What stands for a series in a legend, as an element of a page.
    func key(_ index: Int) -> String {
        var picture = SVGDocument(width: 30, height: 12)
        let colour = Self.colours[index % Self.colours.count]
        let isBaseline = series[index].isBaseline
        picture.line(
            (1, 6), (29, 6), stroke: colour, width: isBaseline ? 1.5 : 1.8, dashes: isBaseline ? Self.baseline : nil)
        if !isBaseline { picture.marker(index, at: (15, 6), fill: colour) }
        return picture.element(title: nil)
    }

    private func draw(_ one: Series, _ index: Int, _ picture: inout SVGDocument) {
        let colour = Self.colours[index % Self.colours.count]
        if one.isBaseline {
            picture.polyline(one.instance.map(position), stroke: colour, width: 1.5, dashes: Self.baseline)
            return
        }
        for (x, range) in one.intervals {
            let (low, high) = (position((x, range.lowerBound)), position((x, range.upperBound)))
            picture.line(low, high, stroke: colour, width: 1)
            for end in [low, high] { picture.line((end.x - 3, end.y), (end.x + 3, end.y), stroke: colour, width: 1) }
        }
        picture.polyline(one.sameClass.map(position), stroke: colour, width: 1.4, dashes: "5 4")
        picture.polyline(one.instance.map(position), stroke: colour, width: 1.8)
        for point in one.instance { picture.marker(index, at: position(point), fill: colour) }
    }

    private func drawAxes(_ picture: inout SVGDocument) {
        let plot = Self.plot
        let (right, bottom) = (plot.left + plot.width, plot.top + plot.height)
        var value = lowest
        while value <= 1.0001 {
            let y = position((ticks.first?.x ?? 1, value)).y
            picture.line((plot.left, y), (right, y), stroke: "#E3E3E3")
            picture.text(decimal(value * 100, 0), at: (plot.left - 8, y + 4), anchor: "end")
            value += step
        }
        var last = -Double.infinity
        for tick in ticks.sorted(by: { $0.x < $1.x }) {
            let x = position((tick.x, 1)).x
            picture.line((x, bottom), (x, bottom + 5), stroke: "#555555")
            // A label that would run into the one before is left out; its tick stays.
            guard x - last > 7 * Double(tick.label.count) + 4 else { continue }
            picture.text(tick.label, at: (x, bottom + 19), anchor: "middle")
            last = x
        }
        picture.line((plot.left, bottom), (right, bottom), stroke: "#555555")
        picture.line((plot.left, plot.top), (plot.left, bottom), stroke: "#555555")
        picture.text(xTitle, at: (plot.left + plot.width / 2, bottom + 42), anchor: "middle")
        picture.text(
            "nearest box, % of queries", at: (18, plot.top + plot.height / 2), anchor: "middle", turned: true)
    }

    private var values: [Double] {
        series.flatMap { $0.instance.map(\.y) + $0.sameClass.map(\.y) + $0.intervals.map(\.range.lowerBound) }
    }
    /// Where the vertical axis starts: 0, or the tenth below the lowest value where all are high.
    private var lowest: Double { max(0, ((values.min() ?? 0) * 10 - 0.5).rounded(.down) / 10) }
    private var step: Double { 1 - lowest > 0.45 ? 0.1 : 0.05 }

    /// Whether gaps differ so much that the axis shows their logarithm.
    private var isLogarithmic: Bool {
        guard let low = ticks.map(\.x).min(), let high = ticks.map(\.x).max(), low > 0 else { return false }
        return high > 10 * low
    }

    /// The place of a point in the picture.
    private func position(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
        let plot = Self.plot
        func scale(_ x: Double) -> Double { isLogarithmic ? log(x) : x }
        let low = scale(ticks.map(\.x).min() ?? 0)
        let high = scale(ticks.map(\.x).max() ?? 1)
        // Room on both sides, so that no marker lies on an axis.
        let share = high > low ? (scale(point.x) - low) / (high - low) : 0.5
        let height = (point.y - lowest) / (1 - lowest)
        return (plot.left + plot.width * (0.04 + 0.92 * share), plot.top + plot.height * (1 - height))
    }

    /// Seconds with as many decimals as they need.
    static func short(_ seconds: Double) -> String {
        var text = decimal(seconds, seconds < 0.1 ? 3 : 2)
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }
}
