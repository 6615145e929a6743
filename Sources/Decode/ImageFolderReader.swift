import CFFmpeg
import Glibc

/// Decodes the images of a folder one by one with libavcodec's picture decoders.
///
/// A damaged image is counted; one of which nothing can be decoded leaves a hole in the numbers.
final class ImageFolderReader: PictureSource {
    private(set) var info = StreamInfo()
    private let folder: ImageFolder
    private let options: DecodeOptions
    private let cancellation: CancellationFlag
    private let calls: LibraryCalls
    private let rate: Double
    private let packet: Packet
    private var jpegDecoder: PictureDecoder?
    private var pngDecoder: PictureDecoder?
    private var position = 0
    private var framesDecoded = 0
    private var decodeErrors = 0
    private var numbers: (first: Int, last: Int)?

    /// Frames a second where neither seqinfo.ini nor `--fps` says.
    private static let assumedRate = 30.0
    /// Largest image file that is read.
    private static let largestFile = 1 << 30

    init(path: String, options: DecodeOptions, cancellation: CancellationFlag) throws(DecodeError) {
        folder = try ImageFolder(path: path)
        self.options = options
        self.cancellation = cancellation
        calls = LibraryCalls(source: path)
        packet = try Packet(calls: calls)
        rate = options.frameRate ?? folder.frameRate ?? ImageFolderReader.assumedRate
        info.container = "image folder"
        info.codec = folder.entries[0].name.lowercased().hasSuffix(".png") ? "png" : "mjpeg"
        info.frameRate = rate
        info.averageFrameRate = rate
        info.frameCountEstimate = folder.entries.count
        info.durationSeconds = Double(folder.entries.count) / rate
        info.isImageFolder = true
        info.isSeekable = true
        info.sequenceName = folder.sequenceName
        if options.frameRate == nil, folder.frameRate == nil {
            info.notices.append("\(path): no frame rate known, \(rate) a second assumed (--fps, or seqinfo.ini)")
        }
        if folder.shift != 0, options.frameNumbering == .timestamps {
            info.notices.append("\(path): image names count from 0, frames from 1: image n is frame n + 1")
        }
    }

    var statistics: DecodeStatistics {
        var statistics = DecodeStatistics()
        statistics.decodeErrors = decodeErrors
        if let numbers { statistics.lostFrames = numbers.last - numbers.first + 1 - framesDecoded }
        return statistics
    }

    var lastLogLine: String? { calls.lastLogLine() }

    func next() throws(DecodeError) -> VideoFrame? {
        while position < folder.entries.count {
            if cancellation.isRaised { throw .cancelled(source: folder.path) }
            let entry = folder.entries[position]
            position += 1
            let number = options.frameNumbering == .count ? position : entry.number + folder.shift
            if let wanted = options.wantedFrames, !wanted.contains(number) { continue }
            let picture = try PictureHandle(calls: calls)
            let condition = try decode(entry, into: picture)
            if condition != .intact { decodeErrors += 1 }
            if condition == .unusable { continue }
            framesDecoded += 1
            let first = numbers?.first ?? number
            numbers = (first, number)
            let orientation = picture.orientation ?? .upright
            return VideoFrame(
                picture, number: number, seconds: Double(number - first) / rate, presentationSeconds: nil,
                orientation: orientation)
        }
        return nil
    }

    /// Decodes one image as far as it can be.
    private func decode(
        _ entry: ImageFolder.Entry, into picture: borrowing PictureHandle
    ) throws(DecodeError) -> PictureDecoder.Condition {
        let path = "\(folder.path)/\(entry.name)"
        guard try load(path) else { return .unusable }
        defer { packet.unreference() }
        guard let header = unsafe PictureHeader(packet.bytes) else { return .unusable }
        let (pixels, overflow) = header.width.multipliedReportingOverflow(by: header.height)
        if overflow || pixels > options.maxPixels {
            guard framesDecoded > 0 else {
                throw .tooManyPixels(source: path, width: header.width, height: header.height, limit: options.maxPixels)
            }
            return .unusable
        }
        let condition = try decoder(for: header.kind).decode(packet, into: picture)
        // The decoder says nothing about a file that has lost only its very last bytes.
        let isCut = unsafe header.kind == .jpeg && !PictureHeader.reachesEnd(packet.bytes)
        return condition == .intact && isCut ? .damaged : condition
    }

    private func decoder(for kind: PictureHeader.Kind) throws(DecodeError) -> PictureDecoder {
        switch kind {
        case .jpeg:
            if let jpegDecoder { return jpegDecoder }
            let made = try PictureDecoder(AV_CODEC_ID_MJPEG, maxPixels: options.maxPixels, calls: calls)
            jpegDecoder = made
            return made
        case .png:
            if let pngDecoder { return pngDecoder }
            let made = try PictureDecoder(AV_CODEC_ID_PNG, maxPixels: options.maxPixels, calls: calls)
            pngDecoder = made
            return made
        }
    }

    /// Reads a file into the packet; false where it is empty, too large or no regular file.
    private func load(_ path: String) throws(DecodeError) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw VideoSource.openingError(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .readFailed(source: path, code: errno) }
        let size = Int(status.st_size)
        guard FileKind(status) == .regular, (1...ImageFolderReader.largestFile).contains(size) else { return false }
        try unsafe calls.check(av_new_packet(packet.pointer, Int32(size)), "allocating \(size) bytes for \(path)")
        var filled = 0
        while filled < size {
            let count = unsafe read(descriptor, packet.pointer.pointee.data.advanced(by: filled), size - filled)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .readFailed(source: path, code: errno) }
            // Somebody cut the file while it was read: decode what there is.
            if count == 0 { break }
            filled += count
        }
        unsafe av_shrink_packet(packet.pointer, Int32(filled))
        // Otherwise the PNG decoder takes the picture for a difference to the one before.
        unsafe packet.pointer.pointee.flags |= AV_PKT_FLAG_KEY
        return filled > 0
    }
}
