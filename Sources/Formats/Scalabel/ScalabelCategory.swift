/// The categories of BDD100K tracking and their numbers.
///
/// Source: bdd100k `configs/box_track.toml`, with the older names that it maps.
public enum ScalabelCategory {
    /// The eight classes that are evaluated, in the order of their numbers, which begin at 1.
    public static let names = ["pedestrian", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle"]

    /// Categories that are not evaluated and in which results are not judged; their numbers follow on those of `names`.
    public static let distractors = ["other person", "other vehicle", "trailer"]

    /// The number of a category, 1 to 8, or nil for any other name (`other person`, `trailer`, `traffic light`, …).
    public static func classID(of name: String) -> Int? {
        if let index = names.firstIndex(of: aliases[name] ?? name) { return index + 1 }
        return nil
    }

    /// The number of a category that is not evaluated, 9 to 11, or nil for any other name.
    public static func distractorID(of name: String) -> Int? {
        distractors.firstIndex(of: name).map { names.count + $0 + 1 }
    }

    /// The name of a class or a distractor; nil for other numbers.
    public static func name(of classID: Int) -> String? {
        switch classID {
        case 1...names.count: names[classID - 1]
        case names.count + 1...names.count + distractors.count: distractors[classID - names.count - 1]
        default: nil
        }
    }

    private static let aliases = [
        "bike": "bicycle", "caravan": "car", "motor": "motorcycle", "person": "pedestrian", "van": "car",
    ]
}
