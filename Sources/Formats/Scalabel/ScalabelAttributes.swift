/// What a file of labels says about pictures: weather, scene and time of day.
///
/// Why: BDD100K's tracking labels carry none of these; its detection labels do, for the picture at second 10 of the same
/// videos, which bears the name of the video.
public enum ScalabelAttributes {
    /// The most pictures of a file; BDD100K has 100,000.
    static let maximumPictures = 1 << 20

    /// Attributes by the pictures' names without their endings; pictures without any are left out.
    ///
    /// - Throws: as `ScalabelIndex`.
    public static func read(contentsOf path: String) throws(FormatError) -> [String: [String: String]] {
        try read(ByteInput(.path(path), wakeUp: WakeUp()), path: path)
    }

    static func read(_ input: ByteInput, path: String) throws(FormatError) -> [String: [String: String]] {
        var frames = ScalabelFrames(LineReader(input), source: path)
        var attributes: [String: [String: String]] = [:]
        while let frame = try frames.next(withLabels: false) {
            guard let name = frame.name, !frame.attributes.isEmpty else { continue }
            if attributes.count == maximumPictures {
                throw .inputTooLarge(source: path, limit: maximumPictures, unit: "pictures")
            }
            let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name[...]
            attributes[String(stem), default: [:]].merge(frame.attributes) { first, _ in first }
        }
        return attributes
    }
}
