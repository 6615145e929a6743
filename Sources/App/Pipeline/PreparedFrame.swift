import Decode
import Features
import Formats
import Geometry

/// A frame with all that needs its pixels at full resolution already done, on its way from decoding to embedding.
struct PreparedFrame: Sendable {
    /// Its number and its time since the first frame, in seconds.
    var number: FrameIndex
    var seconds: Double
    /// Size as displayed, pixels.
    var width: Int
    var height: Int
    /// The boxes, as the file has them.
    var boxes: [BoxRecord]
    /// The tiles side by side, where the frame is to be embedded.
    var picture: RGBImage?
    /// How the tiles lie.
    var grid: TileGrid?
    /// Colour histograms of the boxes, where retrieval is measured.
    var histograms: FeatureVectors?
    /// The decoded frame, where it is to be drawn on.
    var frame: VideoFrame?
}
