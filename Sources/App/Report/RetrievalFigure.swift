import Evaluation

/// Accuracy over the gap as a picture with its legend.
struct RetrievalFigure {
    private let figure: AccuracyFigure
    private let labels: [String]
    private let hasIntervals: Bool
    private var remark: String?

    /// Most curves that can be told apart.
    private static let mostCurves = 8

    /// All models, with the baselines on the same pairs; nil where there is nothing to draw.
    init?(models: [EvaluationPage.Retrieval]) {
        guard let first = models.first, let axis = Axis(first.results) else { return nil }
        let baselines: [(String, (RetrievalRates) -> Double?)] = [
            ("IoU", { $0.iouTop1 }), ("centre", { $0.centreTop1 }), ("colours", { $0.histogramTop1 }),
            ("chance", { $0.chance }),
        ]
        // A run without a model has baselines only.
        let curves = models.filter(\.hasFeatures)
        var series = curves.prefix(Self.mostCurves - baselines.count).map { model in
            AccuracyFigure.Series(
                label: model.model, instance: axis.curve(model.results, \.rates.top1), sameClass: [],
                intervals: axis.intervals(model.results))
        }
        for (label, rate) in baselines {
            // Each model has the same pairs, and so the same baselines.
            let curve = axis.curve(first.results) { rate($0.rates) }
            if !curve.isEmpty { series.append(.init(label: label, instance: curve, sameClass: [], isBaseline: true)) }
        }
        self.init(series, axis)
        if series.isEmpty { return nil }
        let left = curves.count - (Self.mostCurves - baselines.count)
        if left > 0 { remark = "\(left) more models are in the tables below." }
    }

    /// The classes of one model; nil with fewer than two.
    init?(classesOf entry: EvaluationPage.Retrieval, names: [Int: String]) {
        guard let axis = Axis(entry.results) else { return nil }
        var classes: [RetrievalStratum: [StratumResult]] = [:]
        for result in entry.strata.joined() where result.stratum.kind == .class && entry.hasFeatures {
            classes[result.stratum, default: []].append(result)
        }
        guard classes.count > 1 else { return nil }
        func queries(_ results: [StratumResult]) -> Int { results.reduce(0) { $0 + $1.queries } }
        let chosen = classes.sorted {
            (queries($1.value), $0.key) < (queries($0.value), $1.key)
        }.prefix(Self.mostCurves)
        self.init(
            chosen.map { stratum, results in
                AccuracyFigure.Series(
                    label: stratum.name(classNames: names), instance: axis.curve(results, \.rates.top1), sameClass: [],
                    intervals: axis.intervals(results))
            }, axis)
        if classes.count > chosen.count {
            remark = "The \(chosen.count) classes of most queries; the others are in the strata."
        }
    }

    private init(_ series: [AccuracyFigure.Series], _ axis: Axis) {
        figure = AccuracyFigure(series: series, xTitle: axis.title, ticks: axis.ticks)
        labels = series.map(\.label)
        hasIntervals = series.contains { !$0.intervals.isEmpty }
    }

    /// The figure with its title below.
    func html(title: String) -> String {
        let keys = labels.enumerated().map { index, label in
            "<li>\(figure.key(index))<span>\(HTML.escaped(label))</span></li>\n"
        }.joined()
        return """
            <figure>
            <div class="plot">\(figure.element(title: HTML.showable(title)))</div>
            <ul class="legend">
            \(keys)</ul>
            <figcaption>\(HTML.escaped(title)).\
            \(hasIntervals ? " Whiskers: 95 % of resampled sequences." : "")\
            \(remark.map { " " + HTML.escaped($0) } ?? "")</figcaption>
            </figure>

            """
    }
}

/// The horizontal axis: seconds, unless a gap has none.
private struct Axis {
    let title: String
    let ticks: [(x: Double, label: String)]
    private let places: [RetrievalDelta: Double]

    /// The gaps of results; nil without any that has a place.
    init?(_ results: [RetrievalResult]) {
        let inSeconds = results.allSatisfy { $0.deltaSeconds != nil }
        title = inSeconds ? "Δt, seconds" : "Δt, frames"
        var ticks: [(x: Double, label: String)] = []
        var places: [RetrievalDelta: Double] = [:]
        for result in results {
            guard let x = inSeconds ? result.deltaSeconds : result.delta.map(Double.init) else { continue }
            ticks.append((x, inSeconds ? AccuracyFigure.short(x) : result.requested.description))
            places[result.requested] = x
        }
        self.ticks = ticks
        self.places = places
        if ticks.isEmpty { return nil }
    }

    /// A curve of what results say, from left to right.
    func curve<Result: GapFigures>(_ results: [Result], _ value: (Result) -> Double?) -> [(x: Double, y: Double)] {
        results.compactMap { result in
            guard let x = places[result.requested], let y = value(result) else { return nil }
            return (x, y)
        }.sorted { $0.x < $1.x }
    }

    /// The intervals of results.
    func intervals(_ results: [some GapFigures]) -> [(x: Double, range: ClosedRange<Double>)] {
        results.compactMap { result in
            guard let x = places[result.requested], let range = result.interval else { return nil }
            return (x, range)
        }
    }
}

/// Figures of a gap.
protocol GapFigures: RetrievalFigures {
    var requested: RetrievalDelta { get }
}

extension RetrievalResult: GapFigures {}
extension StratumResult: GapFigures {}
