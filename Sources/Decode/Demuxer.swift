import CFFmpeg
import Glibc

/// An AVFormatContext that reads: a container with its streams, of which one video stream is used.
@safe
struct Demuxer: ~Copyable {
    /// Where the bytes come from.
    let input: InputOutputContext
    private let context: UnsafeMutablePointer<AVFormatContext>
    /// Picture sizes that the container's header claims, by stream; FFmpeg forgets those over the limit.
    private let announcedSizes: [PictureSize]

    /// Opens a container and looks at its streams.
    ///
    /// - Throws: what the bytes are instead, where they are no container that may be opened.
    init(reading bytes: ByteSource, options: DecodeOptions, calls: LibraryCalls) throws(DecodeError) {
        let input = try InputOutputContext(reading: bytes, calls: calls)
        var sizes: [PictureSize] = []
        unsafe context = try unsafe Demuxer.open(
            input.pointer, bytes: bytes, options: options, calls: calls, announced: &sizes)
        self.input = input
        announcedSizes = sizes
    }

    deinit {
        var context: UnsafeMutablePointer<AVFormatContext>? = unsafe context
        unsafe avformat_close_input(&context)
    }

    private static func open(
        _ input: UnsafeMutablePointer<AVIOContext>, bytes: ByteSource, options: DecodeOptions, calls: LibraryCalls,
        announced: inout [PictureSize]
    ) throws(DecodeError) -> UnsafeMutablePointer<AVFormatContext> {
        var format: UnsafePointer<AVInputFormat>?
        // Without the name, so that the content decides: a text file called clip.mp4 is no damaged mp4.
        let probed = unsafe av_probe_input_buffer2(input, &format, "", nil, 0, 0)
        if let failure = bytes.failure { throw failure }
        guard bytes.bytesRead > 0 else { throw .emptyInput(source: bytes.name) }
        guard probed >= 0, let format = unsafe format else {
            throw .notMedia(source: bytes.name, logLine: calls.lastLogLine())
        }
        let formatName = unsafe String(cString: format.pointee.name)
        guard ContainerFormats.isAllowed(formatName) else {
            throw .formatRefused(source: bytes.name, format: formatName)
        }

        AllocationLimit.raise(maxPixels: options.maxPixels)
        var context = unsafe avformat_alloc_context()
        guard unsafe context != nil else { throw .library(calls.failure(-ENOMEM, "allocating a demuxer")) }
        unsafe context?.pointee.pb = unsafe input
        unsafe context?.pointee.flags |= AVFMT_FLAG_CUSTOM_IO
        // Nothing but the given bytes is ever opened, whatever a file may refer to.
        unsafe context?.pointee.io_open = { _, _, _, _, _ in -EACCES }
        var dictionary = OptionDictionary()
        dictionary["format_whitelist"] = ContainerFormats.whitelist
        dictionary["protocol_whitelist"] = "none"
        // Raw streams have no times of their own; other demuxers do not know the option.
        if let rate = options.frameRate { dictionary["framerate"] = "\(rate)" }
        var code = unsafe avformat_open_input(&context, bytes.name, format, &dictionary.pointer)
        if code >= 0, let opened = unsafe context {
            for index in unsafe 0..<Int(opened.pointee.nb_streams) {
                announced.append(unsafe PictureSize(opened.pointee.streams[index]?.pointee.codecpar))
            }
            code = unsafe findStreams(opened, maxPixels: options.maxPixels)
            if code >= 0, bytes.failure == nil { return unsafe opened }
        }
        unsafe avformat_close_input(&context)
        if let failure = bytes.failure { throw failure }
        if calls.logged("moov atom not found") {
            throw .indexMissing(source: bytes.name, isPipe: !bytes.isSeekable)
        }
        throw .library(calls.failure(code, "reading the header as \(formatName)"))
    }

    /// Looks at the streams; decoders that it opens obey the pixel limit too.
    private static func findStreams(_ context: UnsafeMutablePointer<AVFormatContext>, maxPixels: Int) -> Int32 {
        let count = unsafe Int(context.pointee.nb_streams)
        var dictionaries: [OpaquePointer?] = unsafe Array(repeating: nil, count: max(count, 1))
        for index in 0..<max(count, 1) {
            unsafe av_dict_set(&dictionaries[index], "max_pixels", "\(Decoder.pixelLimit(maxPixels))", 0)
        }
        defer { for index in 0..<max(count, 1) { unsafe av_dict_free(&dictionaries[index]) } }
        return unsafe avformat_find_stream_info(context, &dictionaries)
    }

    /// The pointer for calls into libavformat; valid as long as this value lives.
    var pointer: UnsafeMutablePointer<AVFormatContext> { unsafe context }
    /// Address for telling this demuxer's log lines.
    var logContext: UInt { unsafe UInt(bitPattern: context) }
    /// FFmpeg's name of the container.
    var formatName: String { unsafe String(cString: context.pointee.iformat.pointee.name) }
    /// Duration of the whole container in seconds, where known.
    var durationSeconds: Double? {
        let duration = unsafe context.pointee.duration
        return duration == vtrack_AV_NOPTS_VALUE || duration <= 0 ? nil : Double(duration) / Double(AV_TIME_BASE)
    }
    /// How many streams there are.
    var streamCount: Int { unsafe Int(context.pointee.nb_streams) }

    /// The stream at `index`, which must be one of `streamCount`.
    func stream(_ index: Int) -> UnsafeMutablePointer<AVStream>? {
        guard (0..<streamCount).contains(index) else { return nil }
        return unsafe context.pointee.streams[index]
    }

    /// Size of a stream's pictures, as found or else as announced.
    func size(_ index: Int) -> PictureSize {
        let found = unsafe PictureSize(stream(index)?.pointee.codecpar)
        return found.pixels == 0 && announcedSizes.indices.contains(index) ? announcedSizes[index] : found
    }

    /// Index of the video stream to use: FFmpeg's choice, but never a cover picture.
    func bestVideoStream() -> Int? {
        let best = unsafe Int(av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0))
        if isVideo(best) { return best }
        for index in 0..<streamCount where isVideo(index) { return index }
        return nil
    }

    /// How many streams hold moving pictures.
    var videoStreamCount: Int {
        var count = 0
        for index in 0..<streamCount where isVideo(index) { count += 1 }
        return count
    }

    private func isVideo(_ index: Int) -> Bool {
        guard let stream = unsafe stream(index) else { return false }
        return unsafe stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
            && stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    }

    /// What streams there are, for a message: "audio (aac), cover picture (mjpeg)".
    var streamSummary: String {
        var words: [String] = []
        for index in 0..<streamCount {
            guard let stream = unsafe stream(index), let parameters = unsafe stream.pointee.codecpar else { continue }
            let isCover = unsafe stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0
            let kind = unsafe av_get_media_type_string(parameters.pointee.codec_type)
            let word = isCover ? "cover picture" : unsafe kind.map { unsafe String(cString: $0) } ?? "unknown"
            words.append(unsafe "\(word) (\(String(cString: avcodec_get_name(parameters.pointee.codec_id))))")
        }
        return words.joined(separator: ", ")
    }

    /// Has every stream but one skipped.
    func discardAll(but chosen: Int) {
        for index in 0..<streamCount where index != chosen {
            unsafe stream(index)?.pointee.discard = AVDISCARD_ALL
        }
    }

    /// Reads the next packet; 0, AVERROR_EOF or another negative code.
    func read(_ packet: borrowing Packet) -> Int32 { unsafe av_read_frame(context, packet.pointer) }
}

/// A claimed or real size of a picture.
struct PictureSize {
    var width: Int
    var height: Int

    init(_ parameters: UnsafeMutablePointer<AVCodecParameters>?) {
        width = unsafe max(Int(parameters?.pointee.width ?? 0), 0)
        height = unsafe max(Int(parameters?.pointee.height ?? 0), 0)
    }

    /// Width times height; both have 31 bits.
    var pixels: Int { width * height }
}

/// An AVDictionary: options by name.
@safe
struct OptionDictionary: ~Copyable {
    /// The pointer for calls into FFmpeg, which may take entries out.
    var pointer: OpaquePointer?

    init() { unsafe pointer = nil }

    deinit {
        var pointer = unsafe pointer
        unsafe av_dict_free(&pointer)
    }

    /// Sets an option; reading is not needed and gives nil.
    subscript(name: String) -> String? {
        get { nil }
        set { unsafe av_dict_set(&pointer, name, newValue, 0) }
    }
}
