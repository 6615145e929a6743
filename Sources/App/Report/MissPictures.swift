import Decode
import Evaluation
import Geometry

/// Small pictures of the boxes of misses, cut from the frames.
///
/// Only what is needed is decoded: of a folder of images those files, of a video the frames until the last one that is
/// asked for. One frame is held at a time. The same frames give the same bytes.
enum MissPictures {
    /// The three boxes of a miss; nil where a box is not on the picture or its frame could not be decoded.
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
    ///   - sourceFrame: The source's number of a miss's frame, where frames were renumbered.
    /// - Throws: what is wrong with the source; frames that cannot be decoded only leave their pictures out.
    static func cut(
        source: VideoSource, options: DecodeOptions, misses: [WorstMiss], sourceFrame: (Int) -> Int = { $0 }
    ) throws(DecodeError) -> [Triple] {
        var triples = misses.map { _ in Triple() }
        var requests: [Int: [(index: Int, slot: WritableKeyPath<Triple, BoxPicture?>, box: Box)]] = [:]
        for (index, miss) in misses.enumerated() {
            for (slot, place) in [(\Triple.query, miss.query), (\.wrong, miss.wrong), (\.right, miss.right)] {
                requests[sourceFrame(place.frame.rawValue), default: []].append((index, slot, place.box))
            }
        }
        guard !requests.isEmpty else { return triples }
        var options = options
        options.wantedFrames = Set(requests.keys)
        let reader: VideoReader
        do throws(DecodeError) {
            reader = try VideoReader(source: source, options: options)
        } catch .noFrames {
            return triples
        }
        let cutter = BoxCutter()
        while let frame = try reader.next() {
            for request in requests[frame.number.rawValue] ?? [] {
                triples[request.index][keyPath: request.slot] = try cutter.cut(request.box, from: frame)
            }
        }
        return triples
    }
}
