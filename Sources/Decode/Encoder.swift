import CFFmpeg
import Glibc

/// An AVCodecContext that encodes YUV 4:2:0.
@safe
struct Encoder: ~Copyable {
    private let context: UnsafeMutablePointer<AVCodecContext>
    /// FFmpeg's name of the encoder.
    let name: String

    /// Encoders in order of preference.
    private static let candidates = ["libx264", "libopenh264", "mpeg4"]

    init(path: String, width: Int, height: Int, rate: PositiveRational, calls: LibraryCalls) throws(DecodeError) {
        for name in Encoder.candidates {
            guard let codec = unsafe avcodec_find_encoder_by_name(name) else { continue }
            let context = try unsafe calls.allocated(avcodec_alloc_context3(codec), "allocating an encoder")
            unsafe context.pointee.width = Int32(width)
            unsafe context.pointee.height = Int32(height)
            unsafe context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
            unsafe context.pointee.time_base = Encoder.timeBase(rate, codec: name)
            unsafe context.pointee.framerate = AVRational(num: rate.numerator, den: rate.denominator)
            unsafe context.pointee.colorspace = AVCOL_SPC_SMPTE170M
            unsafe context.pointee.color_range = AVCOL_RANGE_MPEG
            // mp4 keeps the codec's headers in its index.
            unsafe context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
            var options = OptionDictionary()
            if name == "libx264" {
                options["preset"] = "veryfast"
                options["crf"] = "23"
            } else {
                // About a quarter of a bit a pixel where quality cannot be asked for.
                let bits = Double(width * height) * min(rate.value, 120) / 4
                unsafe context.pointee.bit_rate = Int64(max(bits, 100_000))
            }
            if unsafe avcodec_open2(context, codec, &options.pointer) >= 0 {
                unsafe self.context = context
                self.name = name
                return
            }
            var failed: UnsafeMutablePointer<AVCodecContext>? = unsafe context
            unsafe avcodec_free_context(&failed)
        }
        throw .noEncoder(path: path, tried: Encoder.candidates)
    }

    /// One frame period; MPEG-4 allows 16 bits for the denominator only.
    private static func timeBase(_ rate: PositiveRational, codec: String) -> AVRational {
        guard codec == "mpeg4", rate.numerator > 65_535 else {
            return AVRational(num: rate.denominator, den: rate.numerator)
        }
        let rounded = av_d2q(1 / rate.value, 65_535)
        return rounded.num > 0 ? rounded : AVRational(num: 1, den: 65_535)
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = unsafe context
        unsafe avcodec_free_context(&context)
    }

    /// The pointer for calls into FFmpeg; valid as long as this value lives.
    var pointer: UnsafeMutablePointer<AVCodecContext> { unsafe context }

    /// Gives it a frame.
    func send(_ picture: borrowing PictureHandle) -> Int32 { unsafe avcodec_send_frame(context, picture.pointer) }
    /// Tells it that no frame follows.
    func sendEnd() -> Int32 { unsafe avcodec_send_frame(context, nil) }
    /// Takes a packet out; EAGAIN and EOF are ordinary answers.
    func receive(_ packet: borrowing Packet) -> Int32 { unsafe avcodec_receive_packet(context, packet.pointer) }
    /// Converts a packet's times to another time base.
    func rescale(_ packet: borrowing Packet, to timeBase: AVRational) {
        unsafe av_packet_rescale_ts(packet.pointer, context.pointee.time_base, timeBase)
    }
}

/// An AVFormatContext that writes an mp4 file with one stream.
@safe
struct Muxer: ~Copyable {
    private let context: UnsafeMutablePointer<AVFormatContext>

    init(path: String, encoder: borrowing Encoder, calls: LibraryCalls) throws(DecodeError) {
        unsafe context = try unsafe Muxer.open(path, encoder: encoder.pointer, calls: calls)
    }

    private static func open(_ path: String, encoder: UnsafeMutablePointer<AVCodecContext>, calls: LibraryCalls)
        throws(DecodeError) -> UnsafeMutablePointer<AVFormatContext>
    {
        var context: UnsafeMutablePointer<AVFormatContext>?
        // The prefix keeps FFmpeg from taking a name with a colon for a URL.
        let url = "file:\(path)"
        let code = unsafe avformat_alloc_output_context2(&context, nil, "mp4", url)
        guard code >= 0, let context = unsafe context else {
            throw .library(calls.failure(min(code, -1), "preparing the mp4"))
        }
        let failure: DecodeError
        do throws(DecodeError) {
            let stream = try unsafe calls.allocated(avformat_new_stream(context, nil), "adding a stream")
            try unsafe calls.check(
                avcodec_parameters_from_context(stream.pointee.codecpar, encoder), "describing the stream")
            unsafe stream.pointee.time_base = encoder.pointee.time_base
            unsafe stream.pointee.avg_frame_rate = encoder.pointee.framerate
            let opened = unsafe avio_open(&context.pointee.pb, url, AVIO_FLAG_WRITE)
            guard opened >= 0 else { throw .cannotCreate(path: path, code: -opened) }
            var options = OptionDictionary()
            options["movflags"] = "+faststart"
            try unsafe calls.check(avformat_write_header(context, &options.pointer), "writing the header")
            return unsafe context
        } catch {
            failure = error
        }
        unsafe avio_closep(&context.pointee.pb)
        unsafe avformat_free_context(context)
        throw failure
    }

    deinit {
        unsafe avio_closep(&context.pointee.pb)
        unsafe avformat_free_context(context)
    }

    /// Time base that packets must be in.
    var timeBase: AVRational { unsafe context.pointee.streams[0]?.pointee.time_base ?? AVRational(num: 1, den: 1) }

    /// Writes a packet and takes its data.
    func write(_ packet: borrowing Packet) -> Int32 {
        let code = unsafe av_interleaved_write_frame(context, packet.pointer)
        // Buffered output fails late; the error stays with the file.
        return code < 0 ? code : unsafe min(context.pointee.pb.pointee.error, 0)
    }

    /// Writes the index, moves it to the front and closes the file.
    func finish() -> Int32 {
        let written = unsafe av_write_trailer(context)
        unsafe avio_flush(context.pointee.pb)
        let pending = unsafe context.pointee.pb.pointee.error
        let closed = unsafe avio_closep(&context.pointee.pb)
        return min(written, pending, closed, 0)
    }
}
