import CFFmpeg

/// The containers that vtrack opens.
///
/// Everything else is refused, above all the formats that name other files: a file called clip.mp4 that is really an
/// HLS playlist must not make FFmpeg open what it lists. `protocol_whitelist` alone does not prevent that.
enum ContainerFormats {
    /// FFmpeg's names of the demuxers.
    static let allowed = [
        "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mpegts", "mpegtsraw", "mpeg", "avi", "yuv4mpegpipe", "flv",
        "live_flv", "ogg", "h264", "hevc", "m4v", "mpegvideo", "h263", "mjpeg", "ivf", "obu", "av1", "asf", "asf_o",
        "nut", "mxf", "gif", "apng", "vc1", "dv", "dirac", "wtv", "rm",
    ]

    /// The same as FFmpeg's `format_whitelist` option takes it.
    static var whitelist: String { allowed.joined(separator: ",") }

    /// Whether a demuxer may be used.
    static func isAllowed(_ name: String) -> Bool { allowed.contains(name) }
}
