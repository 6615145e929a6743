public import Geometry

/// How large a box is: its √area in pixels of the video.
///
/// 32 and 96 are COCO's limits of small, medium and large (cocoapi, PythonAPI/pycocotools/cocoeval.py, `Params.areaRng`),
/// so that COCO's groups are sums of these. 16 is a patch of the usual models at one pixel of input a pixel of video;
/// a larger box than 256 is larger than a tile. A box at a limit belongs to the upper bin.
public enum SizeBin: String, CaseIterable, Codable, Sendable {
    /// Below 16 pixels.
    case tiny
    /// From 16 and below 32 pixels.
    case small
    /// From 32 and below 96 pixels.
    case medium
    /// From 96 and below 256 pixels.
    case large
    /// 256 pixels and more.
    case huge

    /// The bin of a box.
    public init(_ box: Box) {
        switch box.area {
        case ..<(16 * 16): self = .tiny
        case ..<(32 * 32): self = .small
        case ..<(96 * 96): self = .medium
        case ..<(256 * 256): self = .large
        default: self = .huge
        }
    }

    /// The bin's limits, for people.
    public var limits: String {
        switch self {
        case .tiny: "< 16 px"
        case .small: "16–32 px"
        case .medium: "32–96 px"
        case .large: "96–256 px"
        case .huge: "≥ 256 px"
        }
    }
}
