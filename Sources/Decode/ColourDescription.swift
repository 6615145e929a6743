import CFFmpeg

/// How a picture's samples become colours, in the terms that swscale takes.
struct ColourDescription: Hashable {
    /// Whether samples use all values from 0, as JPEG does, and not 16–235.
    var isFullRange: Bool
    /// Which of swscale's coefficient sets (`SWS_CS_…`) converts to RGB.
    var coefficients: Int32

    /// BT.601, limited range: what unspecified means, and what annotated video is written in.
    static let bt601 = ColourDescription(isFullRange: false, coefficients: SWS_CS_DEFAULT)

    /// Makes a description from its parts.
    init(isFullRange: Bool, coefficients: Int32) {
        self.isFullRange = isFullRange
        self.coefficients = coefficients
    }

    /// Reads a frame's colour fields; unspecified: BT.601 limited, but full range for the JPEG formats and for grey.
    init(matrix: AVColorSpace, range: AVColorRange, format: AVPixelFormat) {
        switch format {
        case AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P,
            AV_PIX_FMT_YUVJ411P:
            isFullRange = true
        case AV_PIX_FMT_GRAY8, AV_PIX_FMT_YA8, AV_PIX_FMT_GRAY9LE, AV_PIX_FMT_GRAY9BE, AV_PIX_FMT_GRAY10LE,
            AV_PIX_FMT_GRAY10BE, AV_PIX_FMT_GRAY12LE, AV_PIX_FMT_GRAY12BE, AV_PIX_FMT_GRAY14LE, AV_PIX_FMT_GRAY14BE,
            AV_PIX_FMT_GRAY16LE, AV_PIX_FMT_GRAY16BE, AV_PIX_FMT_YA16LE, AV_PIX_FMT_YA16BE:
            isFullRange = range != AVCOL_RANGE_MPEG
        default:
            isFullRange = range == AVCOL_RANGE_JPEG
        }
        switch matrix {
        case AVCOL_SPC_BT709: coefficients = SWS_CS_ITU709
        case AVCOL_SPC_FCC: coefficients = SWS_CS_FCC
        case AVCOL_SPC_SMPTE240M: coefficients = SWS_CS_SMPTE240M
        case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: coefficients = SWS_CS_BT2020
        default: coefficients = SWS_CS_DEFAULT
        }
    }
}
