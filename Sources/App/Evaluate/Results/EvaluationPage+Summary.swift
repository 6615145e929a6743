import Evaluation
import Geometry

extension EvaluationPage {
    /// Misses that are shown for each gap.
    private static let missesShown = 8

    /// Fills the page from pooled figures; pictures come out of the records in a folder.
    init(_ summary: EvaluationSummary, folder: EvaluationFolder, timingsFile: String?) throws {
        let configuration = summary.manifest.configuration
        let classes = summary.document.trackers.first?.table.classes
        let part = [configuration.split, configuration.half.map { "\($0) half" }].compactMap { $0 }
        self.init(title: ([summary.benchmark.title] + part).joined(separator: " · "))
        partial = summary.partial
        self.configuration = Self.facts(summary)
        classNames = Dictionary(
            (classes.map { $0.evaluated + $0.others } ?? []).map { ($0.id, $0.name) },
            uniquingKeysWith: { first, _ in first })
        let model = configuration.model.map { "\($0.name), layer \($0.layer), \($0.pool)" } ?? "no model"
        for (index, found) in summary.retrieval.enumerated() {
            retrieval.append(
                Retrieval(
                    model: model, classGate: found.classGate, results: found.results, strata: found.strata,
                    sequences: index == 0
                        ? summary.sequences.filter(\.isDone).map {
                            SequenceResults(name: $0.name, results: $0.retrieval)
                        } : []))
        }
        scores = Self.tables(summary.document)
        highlights = Self.highlights(summary)
        misses = Self.misses(summary, folder: folder, model: model)
        notes = summary.notes
        skipped = summary.skipped
        failed = summary.failed
        self.timingsFile = timingsFile
    }

    /// The figures that most readers look for.
    private static func highlights(_ summary: EvaluationSummary) -> [Fact] {
        var facts: [Fact] = []
        if let combined = summary.document.trackers.first?.table.combined(),
            let row = combined.last(where: { ["cls_comb_cls_av", "AVERAGE"].contains($0.className) }) ?? combined.first
        {
            let fields = row.scores.fields(of: MetricFamily.allCases)
            for name in ["HOTA", "AssA", "MOTA", "IDF1"] {
                if let field = fields.first(where: { $0.name == name }) {
                    facts.append(
                        Fact(
                            name: summary.document.hasOneClass ? name : "\(name), mean of classes",
                            value: decimal(field.scaledNumber, 1)))
                }
            }
        }
        for result in summary.retrieval.first?.results.prefix(2) ?? [] {
            guard let top1 = result.rates.top1 else { continue }
            facts.append(Fact(name: "top-1 at Δt \(result.requested)", value: "\(decimal(100 * top1, 1)) %"))
        }
        return facts
    }

    private static func facts(_ summary: EvaluationSummary) -> [Fact] {
        let manifest = summary.manifest
        let configuration = manifest.configuration
        var facts = [
            Fact(name: "Folder", value: manifest.root), Fact(name: "Profile", value: configuration.profile),
            Fact(name: "Boxes", value: manifest.boxesFolder ?? configuration.boxes),
        ]
        if let detector = configuration.detector { facts.append(Fact(name: "Detector", value: detector)) }
        if let model = configuration.model {
            facts += [
                Fact(name: "Model", value: model.name), Fact(name: "SHA-256", value: model.digest),
                Fact(name: "Layer", value: model.layer), Fact(name: "Token", value: model.token),
                Fact(name: "Pooling", value: model.pool), Fact(name: "Tiling", value: model.tiling),
                Fact(name: "Similarity", value: model.similarity), Fact(name: "Precision", value: model.precision),
            ]
            if model.layers.count > 1 { facts.append(Fact(name: "Layers joined by", value: model.join)) }
            if model.dropVariance > 0 {
                facts.append(Fact(name: "Channels dropped", value: "\(model.dropVariance)"))
            }
            if model.standardize { facts.append(Fact(name: "Standardised", value: "yes")) }
            if let artefacts = model.artefacts { facts.append(Fact(name: "High-norm tokens", value: artefacts)) }
        } else {
            facts.append(Fact(name: "Model", value: "none: association by motion alone"))
        }
        if let minimum = configuration.minimumConfidence {
            facts.append(Fact(name: "Least confidence", value: "\(minimum)"))
        }
        facts.append(Fact(name: "Processor", value: summary.processors.joined(separator: ", ")))
        facts.append(Fact(name: "vtrack", value: configuration.program))
        return facts
    }

    /// A table a class, a row a sequence, the last row all of them together.
    private static func tables(_ document: ScoreDocument) -> [Table] {
        guard let table = document.trackers.first?.table else { return [] }
        return table.combined().map { combined in
            let rows =
                table.sequences.flatMap { name in
                    table.rows(of: name).filter { $0.className == combined.className }
                } + [combined]
            let names = columns.filter { name in fields(combined.scores).contains { $0.name == name } }
            return Table(
                title: document.hasOneClass ? "Scores" : "Scores: \(combined.className)",
                headers: ["Sequence"] + names,
                rows: rows.map { row in
                    let fields = fields(row.scores)
                    return [row.sequence ?? "all"]
                        + names.map { name in fields.first { $0.name == name }?.summaryText ?? "" }
                }, totals: 1)
        }
    }

    private static let columns = [
        "HOTA", "DetA", "AssA", "LocA", "MOTA", "MOTP", "IDF1", "IDR", "IDP", "IDSW", "IDSw", "Frag", "FM", "MT", "PT",
        "ML", "CLR_TP", "CLR_FP", "FP", "CLR_FN", "FN", "Dets", "GT_Dets", "IDs", "GT_IDs",
    ]

    private static func fields(_ scores: ProfileScores) -> [ScoreField] { scores.fields(of: MetricFamily.allCases) }

    /// The worst misses of each gap with their pictures.
    private static func misses(_ summary: EvaluationSummary, folder: EvaluationFolder, model: String) -> [Miss] {
        guard let found = summary.retrieval.first else { return [] }
        let chosen = found.misses.enumerated().flatMap { gap, misses in
            misses.prefix(missesShown).map { (gap: gap, miss: $0) }
        }
        var records: [String: SequenceRecord] = [:]
        return chosen.map { gap, miss in
            if records[miss.sequence] == nil { records[miss.sequence] = folder.record(miss.sequence) }
            return Miss(
                model: model, miss: miss, pictures: records[miss.sequence]?.pictures(of: miss, gap: gap) ?? .init())
        }
    }
}

extension SequenceRecord {
    /// The three pictures of a miss that the record keeps, as far as they could be cut.
    func pictures(of miss: WorstMiss, gap: Int) -> MissPictures.Triple {
        guard let gaps = retrieval.first?.gaps, gaps.indices.contains(gap),
            let place = gaps[gap].worstMisses.firstIndex(of: miss)
        else { return .init() }
        let start = 3 * (gaps[..<gap].reduce(0) { $0 + $1.worstMisses.count } + place)
        guard start + 3 <= pictures.count else { return .init() }
        let cut = pictures[start..<start + 3].map { $0?.picture }
        return MissPictures.Triple(query: cut[0], wrong: cut[1], right: cut[2])
    }
}
