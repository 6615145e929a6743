import CFFmpeg

/// A decoder that takes one picture at a time.
///
/// FFmpeg's picture decoders conceal damage and say so only in the log. So each picture is first decoded with damage
/// refused, which gives an intact one the same pixels, and only a refused one again with damage concealed.
final class PictureDecoder {
    /// How a picture came out.
    enum Condition {
        /// Whole.
        case intact
        /// With parts missing or wrong.
        case damaged
        /// Not at all.
        case unusable
    }

    private let strict: Decoder
    private let lenient: Decoder

    init(_ identifier: AVCodecID, maxPixels: Int, calls: LibraryCalls) throws(DecodeError) {
        guard let codec = unsafe avcodec_find_decoder(identifier) else {
            throw .noDecoder(source: calls.source, codec: unsafe String(cString: avcodec_get_name(identifier)))
        }
        func open(refusesDamage: Bool) throws(DecodeError) -> Decoder {
            // One thread: with more, a picture would only come out after later ones have gone in.
            try unsafe Decoder(
                codec: codec, parameters: nil, timeBase: AVRational(num: 1, den: 1000),
                frameRate: AVRational(num: 0, den: 1), maxPixels: maxPixels, threads: 1, refusesDamage: refusesDamage,
                calls: calls)
        }
        strict = try open(refusesDamage: true)
        lenient = try open(refusesDamage: false)
    }

    /// Decodes the picture in a packet.
    func decode(_ packet: borrowing Packet, into picture: borrowing PictureHandle) -> Condition {
        if PictureDecoder.decode(packet, with: strict, into: picture) {
            return picture.isFlaggedCorrupt || picture.hasDecodeErrors ? .damaged : .intact
        }
        return PictureDecoder.decode(packet, with: lenient, into: picture) ? .damaged : .unusable
    }

    private static func decode(
        _ packet: borrowing Packet, with decoder: borrowing Decoder, into picture: borrowing PictureHandle
    ) -> Bool {
        if decoder.send(packet) >= 0, case .frame = decoder.receive(picture) { return true }
        decoder.flush()
        return false
    }
}
