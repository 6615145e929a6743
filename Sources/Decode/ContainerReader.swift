import CFFmpeg
import Glibc

/// Decodes the video stream of a container, frame-threaded, in presentation order.
final class ContainerReader: PictureSource {
    private(set) var info = StreamInfo()
    private let demuxer: Demuxer
    private let decoder: Decoder
    private let packet: Packet
    private let calls: LibraryCalls
    private let bytes: ByteSource
    private let streamIndex: Int
    private let maxPixels: Int
    private let timeBase: PositiveRational
    /// The container's orientation, until a frame brings another one; the bitstream says it at key frames only.
    private var orientation: Orientation
    private var clock: FrameClock

    private enum Phase { case reading, draining, ended }
    private var phase = Phase.reading
    private var packetsRead = 0
    private var framesDecoded = 0
    /// Packets and frames that the demuxer or the decoder calls damaged.
    private var damages = 0
    /// Frames flagged as concealed; the decoder's log knows of more, or of the same ones.
    private var concealedFrames = 0
    /// Corrupt packets already counted whose frames have not come out yet, so that they are not counted again.
    private var corruptPacketsUnderway = 0
    /// Errors since the last frame; a decoder that only fails is left to end.
    private var fruitlessErrors = 0

    /// Retries of a demuxer that has nothing at the moment, and errors of a decoder while it is drained.
    private static let patience = 1000
    /// Most decoding threads where the options say nothing: each holds a frame.
    private static let automaticThreads = 8

    init(_ bytes: ByteSource, options: DecodeOptions) throws(DecodeError) {
        let calls = LibraryCalls(source: bytes.name)
        let demuxer = try Demuxer(reading: bytes, options: options, calls: calls)
        guard let index = demuxer.bestVideoStream(), let stream = unsafe demuxer.stream(index),
            let parameters = unsafe stream.pointee.codecpar
        else { throw .noVideoStream(source: bytes.name, streams: demuxer.streamSummary) }
        demuxer.discardAll(but: index)

        let size = demuxer.size(index)
        guard size.pixels <= options.maxPixels else {
            throw .tooManyPixels(
                source: bytes.name, width: size.width, height: size.height, limit: options.maxPixels)
        }
        let codecName = unsafe String(cString: avcodec_get_name(parameters.pointee.codec_id))
        guard let codec = unsafe avcodec_find_decoder(parameters.pointee.codec_id) else {
            throw .noDecoder(source: bytes.name, codec: codecName)
        }
        let threads =
            options.threads > 0 ? options.threads : min(Int(av_cpu_count()) + 1, ContainerReader.automaticThreads)
        let decoder = try unsafe Decoder(
            codec: codec, parameters: parameters, timeBase: stream.pointee.time_base,
            frameRate: stream.pointee.avg_frame_rate, maxPixels: options.maxPixels, threads: threads, calls: calls)
        packet = try Packet(calls: calls)

        // libavformat gives every stream a positive time base; a millisecond stands in for one that has none.
        timeBase = unsafe PositiveRational(stream.pointee.time_base) ?? PositiveRational(1, 1000)!
        let nominal = unsafe PositiveRational(stream.pointee.r_frame_rate)
        let average = unsafe PositiveRational(stream.pointee.avg_frame_rate)
        let rate: PositiveRational
        if let given = options.frameRate.flatMap({ PositiveRational($0) }) {
            rate = given
        } else if let known = nominal ?? average {
            rate = known
            if let average, known.value > 1.5 * average.value {
                info.notices.append(
                    "\(bytes.name): frames are numbered at the nominal \(known.value) a second, but on average there "
                        + "are \(average.value), so numbers leave holes; if the boxes count frames, use "
                        + "--frame-numbers count or --fps")
            }
        } else {
            rate = PositiveRational(25, 1)!
            info.notices.append("\(bytes.name): no frame rate found, 25 a second assumed (--fps)")
        }
        clock = FrameClock(timeBase: timeBase, rate: rate, numbering: options.frameNumbering)
        if let matrix = unsafe vtrack_stream_display_matrix(stream) {
            orientation = unsafe Orientation(matrix: Array(UnsafeBufferPointer(start: matrix, count: 9)))
        } else {
            orientation = .upright
        }
        let videoStreams = demuxer.videoStreamCount
        if videoStreams > 1 {
            info.notices.append("\(bytes.name): stream \(index) is used, one of \(videoStreams) with video")
        }

        info.container = demuxer.formatName
        info.codec = codecName
        info.profile = decoder.profile
        info.frameRate = rate.value
        info.averageFrameRate = average?.value ?? 0
        info.isSeekable = bytes.isSeekable
        let duration = unsafe stream.pointee.duration
        info.durationSeconds =
            duration > 0 && duration != vtrack_AV_NOPTS_VALUE
            ? Double(duration) * timeBase.value : demuxer.durationSeconds
        let announced = unsafe stream.pointee.nb_frames
        info.frameCountEstimate =
            announced > 0
            ? Int(announced)
            : info.durationSeconds.flatMap { Int(exactly: ($0 * (average ?? rate).value).rounded()) }

        self.demuxer = demuxer
        self.decoder = decoder
        self.calls = calls
        self.bytes = bytes
        streamIndex = index
        maxPixels = options.maxPixels
    }

    var statistics: DecodeStatistics {
        var statistics = DecodeStatistics()
        statistics.decodeErrors = damages + max(concealedFrames, decoder.concealment.count)
        statistics.irregularFrames = clock.irregular
        statistics.missingTimestamps = clock.missing
        statistics.lostFrames = clock.lost(frames: framesDecoded)
        return statistics
    }

    var lastLogLine: String? { calls.lastLogLine(contexts: [demuxer.logContext, decoder.logContext]) }

    func next() throws(DecodeError) -> VideoFrame? {
        let picture = try PictureHandle(calls: calls)
        while phase != .ended {
            switch decoder.receive(picture) {
            case .frame:
                fruitlessErrors = 0
                guard picture.width * picture.height <= maxPixels else {
                    countDamage()
                    continue
                }
                return finish(picture)
            case .needsInput:
                if phase == .draining { phase = .ended } else { try feed() }
            case .end:
                phase = .ended
            case .damaged:
                countDamage()
                if phase == .draining, fruitlessErrors > ContainerReader.patience { phase = .ended }
            }
        }
        return nil
    }

    private func finish(_ picture: consuming PictureHandle) -> VideoFrame {
        if picture.isFlaggedCorrupt, corruptPacketsUnderway > 0 {
            corruptPacketsUnderway -= 1
        } else if picture.isFlaggedCorrupt {
            damages += 1
        }
        if picture.hasDecodeErrors { concealedFrames += 1 }
        framesDecoded += 1
        let timestamp = picture.timestamp
        let mark = clock.mark(timestamp)
        if let changed = picture.orientation { orientation = changed }
        return VideoFrame(
            picture, number: mark.number, seconds: mark.seconds,
            presentationSeconds: timestamp.map { Double($0) * timeBase.value }, orientation: orientation)
    }

    private func countDamage() {
        fruitlessErrors += 1
        if corruptPacketsUnderway > 0 { corruptPacketsUnderway -= 1 } else { damages += 1 }
    }

    /// Gives the decoder one packet of the video stream, or the end.
    private func feed() throws(DecodeError) {
        var retries = 0
        while true {
            let logPosition = FFmpegLog.position
            let code = demuxer.read(packet)
            if let failure = bytes.failure { throw failure }
            if code == -EAGAIN, retries < ContainerReader.patience {
                retries += 1
                continue
            }
            guard code >= 0 else { return try end(code, logPosition: logPosition) }
            defer { packet.unreference() }
            // An empty packet would tell the decoder that the stream has ended.
            guard packet.streamIndex == streamIndex, packet.size > 0 else { continue }
            packetsRead += 1
            if packet.isCorrupt {
                damages += 1
                corruptPacketsUnderway += 1
            }
            if decoder.send(packet) < 0 { countDamage() }
            return
        }
    }

    /// Handles the end of the input, which a demuxer may have met in the middle of something.
    private func end(_ code: Int32, logPosition: UInt64) throws(DecodeError) {
        if packetsRead == 0, !bytes.isSeekable, info.container.hasPrefix("mov,") {
            throw .indexLastOnPipe(source: bytes.name)
        }
        let complained = FFmpegLog.lines(after: logPosition, contexts: [demuxer.logContext])
            .contains { $0.context == demuxer.logContext && $0.level <= AV_LOG_ERROR }
        // A corrupt last packet is this very cut, counted already.
        if code != vtrack_AVERROR_EOF || complained, corruptPacketsUnderway == 0 { damages += 1 }
        phase = .draining
        _ = decoder.sendEnd()
    }
}
