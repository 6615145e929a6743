import CFFmpeg
public import Geometry

/// Encodes small pictures as JPEG (ITU-T T.81, JFIF) with libavcodec.
///
/// Colour is kept at full resolution, and the conversion to luma and chroma is in integers here, so that the bytes depend
/// on the picture, the quality and libavcodec's version alone.
public enum JPEGEncoder {
    /// Largest side of a picture.
    public static let largestSide = 4096

    /// The picture as a JPEG file.
    ///
    /// - Parameter scale: of the quantisers, 1 (best) to 31; 3 cannot be told from the original with the naked eye.
    /// - Throws: `invalidTarget` for a picture without pixels or beyond the limit, `library` where encoding fails.
    public static func encode(_ image: RGBImage, scale: Int = 3) throws(DecodeError) -> [UInt8] {
        guard (1...largestSide).contains(image.width), (1...largestSide).contains(image.height) else {
            throw .invalidTarget(width: image.width, height: image.height)
        }
        let calls = LibraryCalls(source: "JPEG picture")
        let encoder = try JPEGContext(width: image.width, height: image.height, scale: scale, calls: calls)
        let picture = try PictureHandle(calls: calls)
        unsafe picture.pointer.pointee.format = AV_PIX_FMT_YUVJ444P.rawValue
        unsafe picture.pointer.pointee.width = Int32(image.width)
        unsafe picture.pointer.pointee.height = Int32(image.height)
        unsafe picture.pointer.pointee.quality = encoder.quality
        unsafe picture.pointer.pointee.pts = 0
        try unsafe calls.check(av_frame_get_buffer(picture.pointer, 0), "allocating a picture")
        fill(picture, with: image)
        let packet = try Packet(calls: calls)
        try calls.check(encoder.send(picture), "encoding")
        try calls.check(encoder.receive(packet), "encoding")
        return unsafe [UInt8](packet.bytes)
    }

    /// Converts to luma and chroma as JFIF 1.02 has them, in 16-bit fixed point, rounded.
    private static func fill(_ picture: borrowing PictureHandle, with image: RGBImage) {
        let frame = unsafe picture.pointer
        for row in 0..<image.height {
            guard let luma = unsafe vtrack_plane(frame, 0), let blue = unsafe vtrack_plane(frame, 1),
                let red = unsafe vtrack_plane(frame, 2)
            else { return }
            let lumaRow = unsafe luma + row * Int(vtrack_stride(frame, 0))
            let blueRow = unsafe blue + row * Int(vtrack_stride(frame, 1))
            let redRow = unsafe red + row * Int(vtrack_stride(frame, 2))
            for column in 0..<image.width {
                let index = (row * image.width + column) * 3
                let (r, g, b) = (Int(image.pixels[index]), Int(image.pixels[index + 1]), Int(image.pixels[index + 2]))
                unsafe lumaRow[column] = UInt8((19595 * r + 38470 * g + 7471 * b + 32768) >> 16)
                unsafe blueRow[column] = clamped((-11056 * r - 21712 * g + 32768 * b + (128 << 16) + 32768) >> 16)
                unsafe redRow[column] = clamped((32768 * r - 27440 * g - 5328 * b + (128 << 16) + 32768) >> 16)
            }
        }
    }

    private static func clamped(_ value: Int) -> UInt8 { UInt8(min(max(value, 0), 255)) }
}

/// An AVCodecContext that encodes one JPEG picture.
@safe
private struct JPEGContext: ~Copyable {
    private let context: UnsafeMutablePointer<AVCodecContext>
    /// What the picture's own field has to say.
    let quality: Int32

    init(width: Int, height: Int, scale: Int, calls: LibraryCalls) throws(DecodeError) {
        guard let codec = unsafe avcodec_find_encoder(AV_CODEC_ID_MJPEG) else {
            throw .noEncoder(path: calls.source, tried: ["mjpeg"])
        }
        let context = try unsafe calls.allocated(avcodec_alloc_context3(codec), "allocating an encoder")
        let quality = FF_QP2LAMBDA * Int32(min(max(scale, 1), 31))
        unsafe context.pointee.width = Int32(width)
        unsafe context.pointee.height = Int32(height)
        unsafe context.pointee.pix_fmt = AV_PIX_FMT_YUVJ444P
        unsafe context.pointee.color_range = AVCOL_RANGE_JPEG
        unsafe context.pointee.time_base = AVRational(num: 1, den: 25)
        unsafe context.pointee.global_quality = quality
        // Exact, so that neither the processor nor the library's version stands in the file.
        unsafe context.pointee.flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT
        unsafe context.pointee.thread_count = 1
        let code = unsafe avcodec_open2(context, codec, nil)
        guard code >= 0 else {
            var failed: UnsafeMutablePointer<AVCodecContext>? = unsafe context
            unsafe avcodec_free_context(&failed)
            throw .library(calls.failure(code, "opening the JPEG encoder"))
        }
        unsafe self.context = context
        self.quality = quality
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = unsafe context
        unsafe avcodec_free_context(&context)
    }

    func send(_ picture: borrowing PictureHandle) -> Int32 { unsafe avcodec_send_frame(context, picture.pointer) }
    func receive(_ packet: borrowing Packet) -> Int32 { unsafe avcodec_receive_packet(context, packet.pointer) }
}
