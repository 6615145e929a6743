/// What was read, kept and left out, by reason.
public struct BoxSummary: Hashable, Sendable {
    /// Boxes read.
    public var rows = 0
    /// Boxes kept.
    public var kept = 0
    /// Frames that the input names, those with no box that was kept included.
    public var frames = 0
    /// Boxes left out because a ground truth gives them confidence 0, its mark for “do not evaluate”.
    public var markedZero = 0
    /// Boxes left out by class number.
    public var otherClasses: [Int: Int] = [:]
    /// Boxes left out by class number beyond the `maximumKinds` numbers that are told apart.
    public var furtherClasses = 0
    /// Scalabel labels left out because their category is none of the eight of BDD100K, by category.
    public var otherCategories: [String: Int] = [:]
    /// Scalabel labels left out because they mark a crowd or are to be ignored.
    public var crowds = 0
    /// Scalabel labels left out because they have no 2D box.
    public var withoutBox = 0
    /// Boxes left out because their confidence is below the least one asked for.
    public var belowConfidence = 0
    /// Boxes dropped because their numbers cannot be used, by fault.
    public var unusable: [BoxFault: Int] = [:]
    /// Where the first such box was.
    public var firstUnusable: SourcePlace?
    /// Whether the classes that were kept are a ground truth's default, class 1, and not the user's choice.
    public var keepsDefaultClass = false

    /// How many classes or categories are told apart, so that a hostile input cannot fill the memory with counts.
    public static let maximumKinds = 256

    /// Creates an empty summary.
    public init() {}

    /// Boxes read and not kept.
    public var leftOut: Int { rows - kept }

    /// Counts a box that is left out for its class.
    mutating func countClass(_ classID: Int) {
        if otherClasses.count < Self.maximumKinds || otherClasses[classID] != nil {
            otherClasses[classID, default: 0] += 1
        } else {
            furtherClasses += 1
        }
    }

    /// Counts a label that is left out for its category.
    mutating func countCategory(_ category: String) {
        let isKnown = otherCategories.count < Self.maximumKinds || otherCategories[category] != nil
        otherCategories[isKnown ? category : "further categories", default: 0] += 1
    }

    /// What the user should be told, one sentence an entry; empty where everything was kept.
    ///
    /// `left out 18,055 of 30,003 boxes: 17,833 with confidence 0 (not to be evaluated), 222 of class 7`.
    public var sentences: [String] {
        var reasons: [String] = []
        if markedZero > 0 { reasons.append("\(grouped(markedZero)) with confidence 0 (not to be evaluated)") }
        for (classID, count) in otherClasses.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(5) {
            reasons.append("\(grouped(count)) of class \(classID)")
        }
        if otherClasses.count > 5 { reasons.append("others of \(otherClasses.count - 5) more classes") }
        if furtherClasses > 0 { reasons.append("\(grouped(furtherClasses)) of further classes") }
        for (category, count) in otherCategories.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(5) {
            reasons.append("\(grouped(count)) of category \(quoted(category))")
        }
        if otherCategories.count > 5 { reasons.append("others of \(otherCategories.count - 5) more categories") }
        if crowds > 0 { reasons.append("\(grouped(crowds)) crowd or ignored") }
        if withoutBox > 0 { reasons.append("\(grouped(withoutBox)) without a 2D box") }
        if belowConfidence > 0 { reasons.append("\(grouped(belowConfidence)) below the least confidence") }
        var sentences: [String] = []
        let total = reasons.isEmpty ? 0 : leftOut - unusable.values.reduce(0, +)
        if total > 0 {
            let hint = keepsDefaultClass && !otherClasses.isEmpty ? "; --classes chooses other classes than 1" : ""
            sentences.append(
                "left out \(grouped(total)) of \(grouped(rows)) boxes: \(reasons.joined(separator: ", "))\(hint)")
        }
        let dropped = unusable.values.reduce(0, +)
        if dropped > 0 {
            let faults = BoxFault.allCases.compactMap { fault in
                unusable[fault].map { "\(grouped($0)) because \(fault)" }
            }
            let first = firstUnusable.map { " (first: \($0))" } ?? ""
            sentences.append(
                "dropped \(grouped(dropped)) of \(grouped(rows)) boxes: \(faults.joined(separator: ", "))\(first)")
        }
        return sentences
    }
}

/// A count with commas between thousands, whatever the locale.
func grouped(_ count: Int) -> String {
    var digits = Array(String(count.magnitude))
    var index = digits.count - 3
    while index > 0 {
        digits.insert(",", at: index)
        index -= 3
    }
    return (count < 0 ? "-" : "") + String(digits)
}
