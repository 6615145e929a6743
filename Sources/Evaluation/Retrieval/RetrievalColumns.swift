internal import Foundation

/// What results of all queries and of strata have in common: a number of queries with their rates.
public protocol RetrievalFigures {
    /// How many boxes were asked about.
    var queries: Int { get }
    /// Rates over them.
    var rates: RetrievalRates { get }
    /// Between which values 95 % of the resampled top-1 rates lie.
    var interval: ClosedRange<Double>? { get }
}

extension RetrievalResult: RetrievalFigures {}
extension StratumResult: RetrievalFigures {}

/// The columns that every table of retrieval has: queries and rates, in percent.
enum RetrievalColumns {
    /// What stands where there is nothing to say.
    static let absent = "–"

    private struct Column {
        let title: String
        let cell: (any RetrievalFigures) -> String

        init(_ title: String, _ cell: @escaping (any RetrievalFigures) -> String) {
            self.title = title
            self.cell = cell
        }

        init(_ title: String, percent rate: @escaping (RetrievalRates) -> Double?) {
            self.init(title) { RetrievalColumns.percent(rate($0.rates)) }
        }
    }

    private static var all: [Column] {
        [
            Column("queries") { String($0.queries) },
            Column("top-1", percent: { $0.top1 }),
            Column("top-1, 95 % interval") { result in
                result.interval.map { "\(percent($0.lowerBound))–\(percent($0.upperBound))" } ?? absent
            },
            Column("Hungarian", percent: { $0.hungarian }),
            Column("same class", percent: { $0.sameClass }),
            Column("of misses", percent: { $0.sameClassOfMisses }),
            Column("mutual", percent: { $0.mutualPrecision }),
            Column("coverage", percent: { $0.mutualCoverage }),
            Column("recall@5", percent: { $0.recall5 }),
            Column("AUC", percent: { $0.auc }),
            Column("chance", percent: { $0.chance }),
            Column("IoU", percent: { $0.iouTop1 }),
            Column("centre", percent: { $0.centreTop1 }),
            Column("colours", percent: { $0.histogramTop1 }),
        ]
    }

    /// A row of titles, then one a result; columns that are absent in every result are left out.
    static func cells(_ results: [any RetrievalFigures]) -> [[String]] {
        let columns =
            all.prefix(1) + all.dropFirst().filter { column in results.contains { column.cell($0) != absent } }
        return [columns.map(\.title)] + results.map { result in columns.map { $0.cell(result) } }
    }

    /// A rate in percent with one decimal.
    static func percent(_ rate: Double?) -> String {
        rate.map { decimals($0 * 100, 1) } ?? absent
    }

    /// A number with a fixed count of decimals and a point, whatever the locale.
    static func decimals(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", locale: Locale(identifier: "en_US_POSIX"), value)
    }
}
