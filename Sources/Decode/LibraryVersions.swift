internal import CFFmpeg

/// Which libraries decode and scale here.
public enum LibraryVersions {
    /// Their versions in one line, as in `avcodec 59.37.100, swscale 6.7.100`: pixels may differ between versions.
    public static var text: String {
        "avcodec \(version(avcodec_version())), swscale \(version(swscale_version()))"
    }

    /// Source: AV_VERSION_INT of libavutil/version.h: major << 16 | minor << 8 | micro.
    private static func version(_ number: UInt32) -> String {
        "\(number >> 16).\(number >> 8 & 0xFF).\(number & 0xFF)"
    }
}
