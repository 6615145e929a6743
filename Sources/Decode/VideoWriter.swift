import CFFmpeg
public import Geometry
import Glibc

/// Writes pictures as an mp4 video with its index first, whatever the file is called.
///
/// H.264 through the first encoder that the library has and that opens (libx264, libopenh264), else MPEG-4. Frame n is
/// shown at (n − first) / rate seconds, so holes in the numbers stay holes in time. Odd sizes are padded to even by
/// repeating the last column and row; a picture of another size is scaled to the video's.
///
/// The file is written in place: a caller that wants it complete or not at all gives a temporary name, and renames it
/// after `finish()`. Without `finish()` the file stays unplayable.
///
/// One thread at a time may use a writer.
public final class VideoWriter: @unchecked Sendable {
    /// FFmpeg's name of the encoder that was opened.
    public let codecName: String
    /// Width of the video, even.
    public let width: Int
    /// Height of the video, even.
    public let height: Int

    private let path: String
    private let calls: LibraryCalls
    private let muxer: Muxer
    private let encoder: Encoder
    private let picture: PictureHandle
    private let packet: Packet
    private var cache = ScalerCache(capacity: 4)
    private var padded = RGBImage()
    private var numbers: (first: Int, last: Int)?
    private var isFinished = false

    /// Creates the file and opens an encoder.
    ///
    /// - Parameters:
    ///   - width: of the pictures to come.
    ///   - height: of the pictures to come.
    ///   - frameRate: frames a second that numbers stand for.
    /// - Throws: `noEncoder`, `cannotCreate`, `invalidTarget` or `invalidOption`.
    public init(path: String, width: Int, height: Int, frameRate: Double) throws(DecodeError) {
        guard let rate = PositiveRational(frameRate), rate.value.isFinite else {
            throw .invalidOption(name: "frame rate", found: "\(frameRate)", expected: "a positive number")
        }
        try FrameScaler.checkTarget(width: width, height: height)
        let (evenWidth, evenHeight) = (width + width % 2, height + height % 2)
        let calls = LibraryCalls(source: path)
        encoder = try Encoder(path: path, width: evenWidth, height: evenHeight, rate: rate, calls: calls)
        muxer = try Muxer(path: path, encoder: encoder, calls: calls)
        picture = try PictureHandle(calls: calls)
        packet = try Packet(calls: calls)
        self.path = path
        self.calls = calls
        self.width = evenWidth
        self.height = evenHeight
        codecName = encoder.name
        unsafe picture.pointer.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        unsafe picture.pointer.pointee.width = Int32(evenWidth)
        unsafe picture.pointer.pointee.height = Int32(evenHeight)
        try unsafe calls.check(av_frame_get_buffer(picture.pointer, 0), "allocating a frame")
    }

    /// Encodes a picture as frame `number`.
    ///
    /// - Throws: `frameOutOfOrder` where numbers do not rise, `writeFailed` where the disk is full, or `library`.
    public func write(_ image: RGBImage, number: FrameIndex) throws(DecodeError) {
        try FrameScaler.checkTarget(width: image.width, height: image.height)
        let last = numbers?.last ?? 0
        guard number.rawValue > last else {
            throw .frameOutOfOrder(path: path, number: number.rawValue, previous: last)
        }
        let first = numbers?.first ?? number.rawValue
        try unsafe calls.check(av_frame_make_writable(picture.pointer), "preparing a frame")
        try convert(image)
        unsafe picture.pointer.pointee.pts = Int64(number.rawValue - first)
        numbers = (first, number.rawValue)
        try calls.check(encoder.send(picture), "encoding frame \(number)")
        try drain()
    }

    /// Writes what the encoder still holds, moves the index to the front and closes the file.
    ///
    /// Calling it again does nothing.
    public func finish() throws(DecodeError) {
        guard !isFinished else { return }
        isFinished = true
        let code = encoder.sendEnd()
        if code != vtrack_AVERROR_EOF { try calls.check(code, "ending the video") }
        try drain()
        try check(muxer.finish(), "writing the index")
    }

    /// Moves finished packets from the encoder to the file.
    private func drain() throws(DecodeError) {
        while true {
            let code = encoder.receive(packet)
            if code == -EAGAIN || code == vtrack_AVERROR_EOF { return }
            try calls.check(code, "encoding")
            encoder.rescale(packet, to: muxer.timeBase)
            try check(muxer.write(packet), "writing")
        }
    }

    private func check(_ code: Int32, _ operation: String) throws(DecodeError) {
        switch -code {
        case ENOSPC, EIO, EDQUOT, EFBIG, EROFS: throw .writeFailed(path: path, code: -code)
        default: try calls.check(code, operation)
        }
    }

    /// Fills the encoder's picture: RGB to BT.601 limited YUV, as the stream is marked.
    private func convert(_ image: RGBImage) throws(DecodeError) {
        let needsPadding =
            (image.width, image.height) != (width, height) && image.width + image.width % 2 == width
            && image.height + image.height % 2 == height
        if needsPadding {
            padded.pad(image, width: width, height: height)
            try scale(padded)
        } else {
            try scale(image)
        }
    }

    private func scale(_ image: RGBImage) throws(DecodeError) {
        let scaler = try cache.scaler(
            for: ScalerKey(
                sourceWidth: image.width, sourceHeight: image.height, sourceFormat: AV_PIX_FMT_RGB24.rawValue,
                colour: .bt601,
                targetWidth: width, targetHeight: height, targetFormat: AV_PIX_FMT_YUV420P.rawValue))
        let target = unsafe picture.pointer
        let rows = unsafe image.pixels.withUnsafeBufferPointer { buffer -> Int32 in
            guard let source = buffer.baseAddress else { return 0 }
            return unsafe vtrack_scale_from_packed(
                scaler.pointer, source, Int32(image.width * 3), Int32(image.height), target)
        }
        guard rows == height else { throw .library(calls.failure(min(rows, -1), "converting a picture to YUV")) }
    }
}

extension RGBImage {
    /// Becomes a copy of a picture with its last column and row repeated up to a size.
    fileprivate mutating func pad(_ image: RGBImage, width: Int, height: Int) {
        reshape(width: width, height: height)
        for row in 0..<height {
            let from = min(row, image.height - 1) * image.width * 3
            let to = row * width * 3
            pixels.replaceSubrange(to..<to + image.width * 3, with: image.pixels[from..<from + image.width * 3])
            for column in image.width..<width {
                for channel in 0..<3 {
                    pixels[to + column * 3 + channel] = pixels[to + (image.width - 1) * 3 + channel]
                }
            }
        }
    }
}
