/// Figures of the profile `scalabel`: what the BDD100K server computes, of one class of one video or of several pooled.
///
/// Source: py-motmetrics 1.4.0 `metrics.py` under scalabel `eval/mot.py` (@071d073). Shares count from 0 to 1; where a
/// class has no true boxes they are NaN or −∞, as there.
public struct ServerScores: RecordedScores {
    /// 1 − (FN + IDSw + FP) / true boxes.
    public internal(set) var mota: Double
    /// 1 − mean distance of the matches, which is their mean overlap.
    public internal(set) var motp: Double
    /// 2 · IDTP / (true boxes + the tracker's boxes).
    public internal(set) var idf1: Double
    /// The tracker's boxes and true boxes without a match, changes of the track that an object is matched to.
    public internal(set) var falsePositives, misses, switches: Int
    /// Objects tracked 80 % or more, 20 % or more, and less of their boxes.
    public internal(set) var mostlyTracked, partlyTracked, mostlyLost: Int
    /// How often an object is missed between two frames in which it is tracked.
    public internal(set) var fragmentations: Int
    /// Matches, switches among them.
    public internal(set) var matches: Int
    /// Boxes on both sides.
    public internal(set) var truthBoxes, resultBoxes: Int
    /// Boxes of the best pairing of objects with tracks over the whole video.
    public internal(set) var identityMatches: Int
    /// Sum of the distances of all matches.
    public internal(set) var distanceSum: Double

    init(
        falsePositives: Int, misses: Int, switches: Int, mostlyTracked: Int, partlyTracked: Int, mostlyLost: Int,
        fragmentations: Int, matches: Int, truthBoxes: Int, resultBoxes: Int, identityMatches: Int, distanceSum: Double
    ) {
        self.falsePositives = falsePositives
        self.misses = misses
        self.switches = switches
        self.mostlyTracked = mostlyTracked
        self.partlyTracked = partlyTracked
        self.mostlyLost = mostlyLost
        self.fragmentations = fragmentations
        self.matches = matches
        self.truthBoxes = truthBoxes
        self.resultBoxes = resultBoxes
        self.identityMatches = identityMatches
        self.distanceSum = distanceSum
        mota = 1 - Double(misses + switches + falsePositives) / Double(truthBoxes)
        motp = 1 - distanceSum / Double(matches)
        idf1 = Double(2 * identityMatches) / Double(truthBoxes + resultBoxes)
    }

    /// The figures by scalabel's names, in its order.
    public var fields: [ScoreField] {
        [
            .share("MOTA", mota), .share("MOTP", motp), .share("IDF1", idf1), .count("FP", falsePositives),
            .count("FN", misses), .count("IDSw", switches), .count("MT", mostlyTracked), .count("PT", partlyTracked),
            .count("ML", mostlyLost), .count("FM", fragmentations),
        ]
    }

    /// Figures of several videos or classes pooled: counts and distances are added (`mot.py:179-257`).
    public static func combined(_ parts: [ServerScores]) -> ServerScores {
        func sum(_ path: KeyPath<ServerScores, Int>) -> Int { parts.reduce(0) { $0 + $1[keyPath: path] } }
        return ServerScores(
            falsePositives: sum(\.falsePositives), misses: sum(\.misses), switches: sum(\.switches),
            mostlyTracked: sum(\.mostlyTracked), partlyTracked: sum(\.partlyTracked), mostlyLost: sum(\.mostlyLost),
            fragmentations: sum(\.fragmentations), matches: sum(\.matches), truthBoxes: sum(\.truthBoxes),
            resultBoxes: sum(\.resultBoxes), identityMatches: sum(\.identityMatches),
            distanceSum: parts.reduce(0) { $0 + $1.distanceSum })
    }

    /// Means of the shares over classes, where NaN and ±∞ count as 0, and sums of the counts (`mot.py:260-281`).
    ///
    /// A class that the videos do not have lowers the means.
    public static func classAveraged(_ classes: [ServerScores]) -> ServerScores {
        func mean(_ path: KeyPath<ServerScores, Double>) -> Double {
            PairwiseSum.mean(classes.map { $0[keyPath: path].isFinite ? $0[keyPath: path] : 0 })
        }
        var result = combined(classes)
        result.mota = mean(\.mota)
        result.motp = mean(\.motp)
        result.idf1 = mean(\.idf1)
        return result
    }

    var record: [ScoreField] {
        fields + [
            .count("matches", matches), .count("truthBoxes", truthBoxes), .count("resultBoxes", resultBoxes),
            .count("identityMatches", identityMatches), .number("distanceSum", distanceSum),
        ]
    }

    init(record: ScoreRecord) throws {
        self.init(
            falsePositives: try record.count("FP"), misses: try record.count("FN"), switches: try record.count("IDSw"),
            mostlyTracked: try record.count("MT"), partlyTracked: try record.count("PT"),
            mostlyLost: try record.count("ML"), fragmentations: try record.count("FM"),
            matches: try record.count("matches"), truthBoxes: try record.count("truthBoxes"),
            resultBoxes: try record.count("resultBoxes"), identityMatches: try record.count("identityMatches"),
            distanceSum: try record.number("distanceSum"))
        mota = try record.number("MOTA")
        motp = try record.number("MOTP")
        idf1 = try record.number("IDF1")
    }
}
