/// TETA's association accuracy: HOTA's, at twenty thresholds and over tracks of any class.
///
/// Source: S. Li et al., "Tracking Every Thing in the Wild", ECCV 2022; the authors' `teta/metrics/teta.py` and
/// `teta/datasets/coco.py` (SysCV/tet @a62a9c0), whose figures these are.
public struct AssociationScores: RecordedScores {
    /// The localisation thresholds, 0, 0.05, …, 0.95; at 0 every assigned pair counts, pairs without overlap included.
    public static let thresholds: [Double] = (0..<20).map { Double($0) * 0.05 }

    /// Matches at each threshold.
    public internal(set) var truePositives: [Int]
    /// True boxes.
    public internal(set) var truthBoxes: Int
    /// Association accuracy, recall and precision at each threshold.
    public internal(set) var assocA, assocRe, assocPr: [Double]

    init(truePositives: [Int], truthBoxes: Int, assocA: [Double], assocRe: [Double], assocPr: [Double]) {
        self.truePositives = truePositives
        self.truthBoxes = truthBoxes
        (self.assocA, self.assocRe, self.assocPr) = (assocA, assocRe, assocPr)
    }

    /// Nothing is matched.
    init(truthBoxes: Int) {
        let zeros = [Double](repeating: 0, count: Self.thresholds.count)
        self.init(
            truePositives: zeros.map { Int($0) }, truthBoxes: truthBoxes, assocA: zeros, assocRe: zeros, assocPr: zeros)
    }

    /// AssocA, AssocRe and AssocPr, means over the thresholds.
    public var fields: [ScoreField] {
        [
            .share("AssocA", PairwiseSum.mean(assocA)), .share("AssocRe", PairwiseSum.mean(assocRe)),
            .share("AssocPr", PairwiseSum.mean(assocPr)),
        ]
    }

    var record: [ScoreField] {
        [
            .share("AssocA", assocA), .share("AssocRe", assocRe), .share("AssocPr", assocPr),
            .counts("Loc_TP", truePositives), .count("truthBoxes", truthBoxes),
        ]
    }

    init(record: ScoreRecord) throws {
        let count = Self.thresholds.count
        self.init(
            truePositives: try record.counts("Loc_TP", of: count), truthBoxes: try record.count("truthBoxes"),
            assocA: try record.curve("AssocA", of: count), assocRe: try record.curve("AssocRe", of: count),
            assocPr: try record.curve("AssocPr", of: count))
    }
}

extension AssociationScores {
    /// Figures of one class in several sequences: means weighted with the matches.
    public static func combined(_ sequences: [AssociationScores]) -> AssociationScores {
        let totals = thresholds.indices.map { index in sequences.reduce(0) { $0 + $1.truePositives[index] } }
        func mean(_ curve: KeyPath<AssociationScores, [Double]>) -> [Double] {
            thresholds.indices.map { index in
                sequences.reduce(0.0) { $0 + $1[keyPath: curve][index] * Double($1.truePositives[index]) }
                    / Double(max(1, totals[index]))
            }
        }
        return AssociationScores(
            truePositives: totals, truthBoxes: sequences.reduce(0) { $0 + $1.truthBoxes }, assocA: mean(\.assocA),
            assocRe: mean(\.assocRe), assocPr: mean(\.assocPr))
    }

    /// Means over the classes that have true boxes; NaN if none has.
    public static func classAveraged(_ classes: [AssociationScores]) -> AssociationScores {
        let parts = classes.filter { $0.truthBoxes > 0 }
        func mean(_ curve: KeyPath<AssociationScores, [Double]>) -> [Double] {
            thresholds.indices.map { index in
                parts.reduce(0.0) { $0 + $1[keyPath: curve][index] } / Double(parts.count)
            }
        }
        return AssociationScores(
            truePositives: thresholds.indices.map { index in parts.reduce(0) { $0 + $1.truePositives[index] } },
            truthBoxes: parts.reduce(0) { $0 + $1.truthBoxes }, assocA: mean(\.assocA), assocRe: mean(\.assocRe),
            assocPr: mean(\.assocPr))
    }
}
