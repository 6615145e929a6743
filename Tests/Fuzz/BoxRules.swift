import Geometry

@testable import Formats

/// Rules that boxes keep whatever the input was.
enum BoxRules {
    /// Reads bytes as a file and as a pipe, and checks every frame that comes.
    static func check(_ bytes: [UInt8], _ options: BoxOptions) {
        let step = 1 + bytes.count % 61
        let file = read(bytes, options, live: false, step: .max)
        let pipe = read(bytes, options, live: true, step: step)
        // The format of a pipe is decided by its first frame, so that only with a given one both have to agree.
        if options.format == .motDetections || options.format == .jsonLines, let file, let pipe, file != pipe {
            // A frame object ends its frame on a pipe; in a file rows of one frame may stand anywhere.
            broken("a pipe gives what the file gives")
        }
        var strict = options
        strict.strict = true
        if let checked = read(bytes, strict, live: false, step: .max), checked != file {
            broken("what strict mode accepts is what is read without it")
        }
    }

    /// Every frame, or nil where there was an error, whose message has to be fit to print.
    private static func read(_ bytes: [UInt8], _ options: BoxOptions, live: Bool, step: Int) -> [FrameBoxes]? {
        do throws(FormatError) {
            let reader = try BoxReader(bytes: bytes, live: live, step: step, options: options)
            var frames: [FrameBoxes] = []
            var last = 0
            while let boxes = try reader.next() {
                if boxes.frame.rawValue <= last { broken("frames increase") }
                last = boxes.frame.rawValue
                checkBoxes(boxes, options)
                frames.append(boxes)
            }
            let summary = reader.summary
            if summary.kept != frames.reduce(0, { $0 + $1.boxes.count }) { broken("the count of kept boxes") }
            if summary.kept > summary.rows { broken("no more is kept than was read") }
            if summary.leftOut > 0, summary.sentences.isEmpty { broken("what was left out is said") }
            checkMessage(summary.sentences.joined())
            writeAndReadBack(frames)
            return frames
        } catch {
            checkMessage(error.description)
            return nil
        }
    }

    private static func checkBoxes(_ boxes: FrameBoxes, _ options: BoxOptions) {
        if boxes.boxes.count > options.maximumBoxes { broken("no frame has more boxes than allowed") }
        var identities: Set<Int64> = []
        for record in boxes.boxes {
            if !record.box.isWellFormed || !(record.box.area > 0) || !record.box.area.isFinite {
                broken("boxes are usable")
            }
            if !record.confidence.isFinite { broken("confidence is finite") }
            if let identity = record.identity, identity < 0 || !identities.insert(identity).inserted {
                broken("identities are unique and not below 0")
            }
        }
    }

    private static func checkMessage(_ text: String) {
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) {
            broken("messages have no control characters")
        }
        if text.utf8.count > 20_000 { broken("messages are short") }
    }

    /// Output of what was read is input again, with the same boxes.
    private static func writeAndReadBack(_ frames: [FrameBoxes]) {
        var lines = ""
        var rows = ""
        for boxes in frames where !boxes.boxes.isEmpty {
            let tracks = boxes.boxes.enumerated().map { index, record in
                TrackRow(frame: boxes.frame, track: index + 1, record: record, similarity: nil, state: "tracked")
            }
            lines += JSONLinesWriter.line(frame: boxes.frame, rows: tracks) + "\n"
            rows += MOTWriter.text(tracks)
        }
        let expected = frames.filter { !$0.boxes.isEmpty }.map { $0.boxes.map(\.box) }
        for text in [lines, rows] {
            guard let reader = try? BoxReader(bytes: Array(text.utf8)) else { broken("output is input") }
            var read: [[Box]] = []
            while let boxes = try? reader.next() { read.append(boxes.boxes.map(\.box)) }
            if read != expected { broken("output reads back as the same boxes") }
        }
    }
}
