/// The eight classes of BDD100K tracking and their numbers.
///
/// Source: bdd100k `configs/box_track.toml`, with the older names that it maps.
public enum ScalabelCategory {
    /// The names in the order of their numbers, which begin at 1.
    public static let names = ["pedestrian", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle"]

    /// The number of a category, 1 to 8, or nil for any other name (`other person`, `trailer`, `traffic light`, …).
    public static func classID(of name: String) -> Int? {
        if let index = names.firstIndex(of: aliases[name] ?? name) { return index + 1 }
        return nil
    }

    private static let aliases = [
        "bike": "bicycle", "caravan": "car", "motor": "motorcycle", "person": "pedestrian", "van": "car",
    ]
}
