import CFFmpeg
import Glibc

/// An AVPacket: one piece of compressed data.
@safe
struct Packet: ~Copyable {
    private let packet: UnsafeMutablePointer<AVPacket>

    init(calls: LibraryCalls) throws(DecodeError) {
        unsafe packet = try unsafe calls.allocated(av_packet_alloc(), "allocating a packet")
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = unsafe packet
        unsafe av_packet_free(&packet)
    }

    /// The pointer for calls into FFmpeg; valid as long as this value lives.
    var pointer: UnsafeMutablePointer<AVPacket> { unsafe packet }
    /// Index of the stream it belongs to.
    var streamIndex: Int { unsafe Int(packet.pointee.stream_index) }
    /// Whether the demuxer knows that it is damaged or cut short.
    var isCorrupt: Bool { unsafe packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 }
    /// Bytes in it.
    var size: Int { unsafe Int(packet.pointee.size) }
    /// Its data; valid until it is unreferenced.
    var bytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: packet.pointee.data, count: size)
    }

    /// Lets go of its data.
    func unreference() { unsafe av_packet_unref(packet) }
}

/// An AVFrame: one decoded picture, with a share in its reference-counted pixels.
@safe
struct PictureHandle: ~Copyable {
    private let frame: UnsafeMutablePointer<AVFrame>

    init(calls: LibraryCalls) throws(DecodeError) {
        unsafe frame = try unsafe calls.allocated(av_frame_alloc(), "allocating a frame")
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = unsafe frame
        unsafe av_frame_free(&frame)
    }

    /// The pointer for calls into FFmpeg; valid as long as this value lives.
    var pointer: UnsafeMutablePointer<AVFrame> { unsafe frame }
    /// Decoded width in pixels.
    var width: Int { unsafe Int(frame.pointee.width) }
    /// Decoded height in pixels.
    var height: Int { unsafe Int(frame.pointee.height) }
    /// Pixel format.
    var format: AVPixelFormat { unsafe AVPixelFormat(frame.pointee.format) }
    /// Time stamp in units of the stream's time base, as best as FFmpeg can tell.
    var timestamp: Int64? {
        let timestamp = unsafe frame.pointee.best_effort_timestamp
        return timestamp == vtrack_AV_NOPTS_VALUE ? nil : timestamp
    }
    /// Whether it was made from corrupt data.
    var isFlaggedCorrupt: Bool { unsafe frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 }
    /// Whether the decoder met errors in it and concealed them.
    var hasDecodeErrors: Bool { unsafe frame.pointee.decode_error_flags != 0 }
    /// The bitstream's own display matrix.
    var orientation: Orientation? {
        guard let matrix = unsafe vtrack_frame_display_matrix(frame) else { return nil }
        return unsafe Orientation(matrix: Array(UnsafeBufferPointer(start: matrix, count: 9)))
    }
    /// How samples become colours.
    var colour: ColourDescription {
        unsafe ColourDescription(matrix: frame.pointee.colorspace, range: frame.pointee.color_range, format: format)
    }
}

/// An AVCodecContext that decodes.
@safe
struct Decoder: ~Copyable {
    private let context: UnsafeMutablePointer<AVCodecContext>
    /// Damage that the decoder's threads report through the log.
    ///
    /// Freed after the context.
    let concealment: ConcealmentCounter

    /// What became of an attempt to take a frame out.
    enum Outcome {
        /// A frame has been taken.
        case frame
        /// More packets are needed.
        case needsInput
        /// All frames have been taken.
        case end
        /// The decoder refused the data; it can go on.
        case damaged(Int32)
    }

    /// Opens a decoder.
    ///
    /// - Parameters:
    ///   - parameters: the stream's, or nil for a picture codec.
    ///   - threads: 0: one per processor.
    ///   - refusesDamage: whether damage that could be concealed is an error.
    init(
        codec: UnsafePointer<AVCodec>, parameters: UnsafePointer<AVCodecParameters>?, timeBase: AVRational,
        frameRate: AVRational, maxPixels: Int, threads: Int, refusesDamage: Bool = false,
        calls: LibraryCalls
    ) throws(DecodeError) {
        let context = try unsafe calls.allocated(avcodec_alloc_context3(codec), "allocating a decoder")
        var code: Int32 = 0
        if let parameters = unsafe parameters {
            code = unsafe avcodec_parameters_to_context(context, parameters)
        }
        unsafe context.pointee.pkt_timebase = timeBase
        unsafe context.pointee.framerate = frameRate
        unsafe context.pointee.max_pixels = Int64(Decoder.pixelLimit(maxPixels))
        unsafe context.pointee.thread_count = Int32(clamping: threads)
        unsafe context.pointee.thread_type = FF_THREAD_FRAME | FF_THREAD_SLICE
        if refusesDamage { unsafe context.pointee.err_recognition |= AV_EF_EXPLODE | AV_EF_CRCCHECK }
        let concealment = ConcealmentCounter()
        unsafe context.pointee.opaque = unsafe Unmanaged.passUnretained(concealment).toOpaque()
        if code >= 0 { code = unsafe avcodec_open2(context, codec, nil) }
        guard code >= 0 else {
            var context: UnsafeMutablePointer<AVCodecContext>? = unsafe context
            unsafe avcodec_free_context(&context)
            throw .library(calls.failure(code, "opening the decoder"))
        }
        unsafe self.context = context
        self.concealment = concealment
    }

    /// FFmpeg checks a width rounded up to its alignment, so its limit has to be a little larger; who receives frames
    /// checks the exact one.
    static func pixelLimit(_ maxPixels: Int) -> Int { maxPixels + 128 * 32_768 }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = unsafe context
        unsafe avcodec_free_context(&context)
    }

    /// Address for telling this decoder's log lines.
    var logContext: UInt { unsafe UInt(bitPattern: context) }
    /// FFmpeg's name of the profile, if any.
    var profile: String? {
        guard let name = unsafe avcodec_profile_name(context.pointee.codec_id, context.pointee.profile) else {
            return nil
        }
        return unsafe String(cString: name)
    }

    /// Gives it a packet; a return code below 0 other than EAGAIN means that the packet is damaged.
    func send(_ packet: borrowing Packet) -> Int32 { unsafe avcodec_send_packet(context, packet.pointer) }

    /// Tells it that no packet follows.
    func sendEnd() -> Int32 { unsafe avcodec_send_packet(context, nil) }

    /// Forgets what it was decoding, so that new packets can be sent after the end.
    func flush() { unsafe avcodec_flush_buffers(context) }

    /// Takes the next frame out.
    func receive(_ frame: borrowing PictureHandle) -> Outcome {
        switch unsafe avcodec_receive_frame(context, frame.pointer) {
        case 0...: .frame
        case -EAGAIN: .needsInput
        case vtrack_AVERROR_EOF: .end
        case let code: .damaged(code)
        }
    }
}
