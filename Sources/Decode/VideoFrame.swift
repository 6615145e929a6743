public import Geometry

/// One decoded frame: its number, its time and its pixels as the decoder made them.
///
/// Pixels are read through a `FrameScaler` only. They are shared with the decoder and counted by reference: a frame
/// that is kept keeps its memory, so queues of frames must be bounded. Any number of threads may read one frame.
public final class VideoFrame: @unchecked Sendable {
    /// Number of the frame, from 1 (docs/formats.md).
    public let number: FrameIndex
    /// Seconds since the first frame; rises from frame to frame.
    public let seconds: Double
    /// Time stamp as the container has it, in seconds; nil where there is none.
    public let presentationSeconds: Double?
    /// Width as displayed, after rotation, in pixels.
    public let width: Int
    /// Height as displayed, after rotation, in pixels.
    public let height: Int

    /// The decoder's picture.
    ///
    /// Nobody writes to it after this frame has been made.
    let picture: PictureHandle
    /// How the picture is turned to be displayed.
    let orientation: Orientation
    /// How its samples become colours.
    let colour: ColourDescription

    init(
        _ picture: consuming PictureHandle, number: Int, seconds: Double, presentationSeconds: Double?,
        orientation: Orientation
    ) {
        self.number = FrameIndex(number)
        self.seconds = seconds
        self.presentationSeconds = presentationSeconds
        self.orientation = orientation
        colour = picture.colour
        (width, height) = orientation.displayedSize(width: picture.width, height: picture.height)
        self.picture = picture
    }
}
