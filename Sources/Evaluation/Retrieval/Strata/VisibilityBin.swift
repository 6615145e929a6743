/// How much of an object can be seen, in quarters.
///
/// A share at a limit belongs to the upper bin; 0.25 is also where ByteTrack's converter draws the line for training
/// (FoundationVision/ByteTrack, tools/convert_mot17_to_coco.py).
public enum VisibilityBin: String, CaseIterable, Codable, Sendable {
    /// Below a quarter.
    case from0 = "0-25"
    /// From a quarter and below a half.
    case from25 = "25-50"
    /// From a half and below three quarters.
    case from50 = "50-75"
    /// Three quarters and more.
    case from75 = "75-100"

    /// The bin of a share; nil for what is none: MOT files have −1 where nobody looked.
    public init?(_ visibility: Double) {
        switch visibility {
        case 0..<0.25: self = .from0
        case 0.25..<0.5: self = .from25
        case 0.5..<0.75: self = .from50
        case 0.75...1: self = .from75
        default: return nil
        }
    }

    /// The bin's limits, for people.
    public var limits: String { rawValue.replacing("-", with: "–") + " %" }
}
