import CFFmpeg

/// How a pixel format lies in memory, as far as cutting rectangles out of it goes.
struct PixelLayout {
    /// The format.
    let format: AVPixelFormat
    /// Left edges of a cut must be multiples of this many pixels.
    let columnAlignment: Int
    /// Top edges of a cut must be multiples of this many pixels.
    let rowAlignment: Int
    /// Bytes of one sample group of each plane that holds pixels, with its subsampling as shifts; empty where the
    /// format cannot be continued beyond its border plane by plane: palettes, bits, mosaics, packed 4:2:2.
    let planes: [Plane]

    /// One plane.
    struct Plane {
        var index: Int32
        var unitBytes: Int
        var columnShift: Int
        var rowShift: Int
    }

    /// Describes a format; nil for formats that swscale cannot read, such as those in a GPU's memory.
    init?(_ format: AVPixelFormat) {
        guard sws_isSupportedInput(format) > 0, let descriptor = unsafe av_pix_fmt_desc_get(format) else { return nil }
        self.format = format
        let flags = unsafe Int32(truncatingIfNeeded: descriptor.pointee.flags)
        let columnShift = unsafe Int(descriptor.pointee.log2_chroma_w)
        let rowShift = unsafe Int(descriptor.pointee.log2_chroma_h)
        let isMosaic = flags & AV_PIX_FMT_FLAG_BAYER != 0
        let isBits = flags & AV_PIX_FMT_FLAG_BITSTREAM != 0
        columnAlignment = isBits ? 8 : max(1 << columnShift, isMosaic ? 2 : 1)
        rowAlignment = max(1 << rowShift, isMosaic ? 2 : 1)
        let isPacked = flags & AV_PIX_FMT_FLAG_PLANAR == 0
        guard !isMosaic, !isBits, flags & AV_PIX_FMT_FLAG_PAL == 0, !(isPacked && columnShift > 0) else {
            planes = []
            return
        }
        var planes: [Plane] = []
        for index in 0..<max(av_pix_fmt_count_planes(format), 0) {
            let isChroma = (index == 1 || index == 2) && flags & AV_PIX_FMT_FLAG_RGB == 0
            let shift = isChroma ? columnShift : 0
            let bytes = Int(av_image_get_linesize(format, Int32(columnAlignment), index))
            guard bytes > 0 else { return nil }
            planes.append(
                Plane(
                    index: index, unitBytes: bytes / (columnAlignment >> shift), columnShift: shift,
                    rowShift: isChroma ? rowShift : 0))
        }
        self.planes = planes
    }

    /// FFmpeg's name of a format.
    static func name(_ format: AVPixelFormat) -> String {
        unsafe av_get_pix_fmt_name(format).map { unsafe String(cString: $0) } ?? "unknown (\(format.rawValue))"
    }
}
