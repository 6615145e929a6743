/// What `VideoReader` reads from: a container or a folder of images.
protocol PictureSource: AnyObject {
    /// What is known before the first frame; the reader fills in what the frame says itself.
    var info: StreamInfo { get }
    /// Counts so far; `frames`, `sizeChanges` and `notices` are the reader's.
    var statistics: DecodeStatistics { get }
    /// The newest explanation that FFmpeg has logged.
    var lastLogLine: String? { get }
    /// Decodes the next frame, nil at the end.
    func next() throws(DecodeError) -> VideoFrame?
}
