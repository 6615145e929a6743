import Geometry

@testable import Formats

/// One run of the fuzzer over the Scalabel readers.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe fuzzInput(data, count)
    BoxRules.check(bytes, BoxOptions(format: .scalabel, maximumBoxes: 50, frameRate: 25))
    BoxRules.check(bytes, BoxOptions(maximumBoxes: 50))
    ScalabelRules.check(bytes)
    return 0
}

/// Rules that hold between the ways in which a Scalabel file is read.
enum ScalabelRules {
    static func check(_ bytes: [UInt8]) {
        let whole = frames(bytes, step: .max)
        let pieces = frames(bytes, step: 1 + bytes.count % 37)
        _ = try? ScalabelAttributes.read(ByteInput(bytes: bytes, name: "labels"), path: "labels")
        if whole != pieces { broken("frames do not depend on how the bytes come") }
        guard let index = try? ScalabelIndex(bytes: bytes) else {
            if whole != nil { broken("a file that is read has an index") }
            return
        }
        // A label may yet be wrong, so that the index knows more than can be read.
        guard let whole else { return }
        if index.videos.reduce(0, { $0 + $1.frames }) != whole.count { broken("every frame belongs to a video") }
        var read: [String] = []
        for video in index.videos {
            for run in video.runs {
                let input = ByteInput(bytes: Array(bytes[run.bytes]), name: "part")
                do throws(FormatError) {
                    try ScalabelIndex.read(input, path: "part", line: run.line) { (frame) throws(FormatError) in
                        read.append(text(frame))
                    }
                } catch {
                    broken("what the whole file gives, its parts give")
                }
            }
        }
        if read.sorted() != whole.sorted() { broken("parts have the frames of the whole") }
    }

    private static func frames(_ bytes: [UInt8], step: Int) -> [String]? {
        do throws(FormatError) {
            let input = ByteInput(bytes: bytes, name: "labels", live: true, step: step)
            var frames = ScalabelFrames(LineReader(input), source: "labels")
            var all: [String] = []
            while let frame = try frames.next() { all.append(text(frame)) }
            return all
        } catch {
            if error.category != .badData { broken("what is wrong is the data") }
            return nil
        }
    }

    /// All that a frame says, as text, because NaN is not equal to itself.
    private static func text(_ frame: ScalabelFrame) -> String {
        let attributes = frame.attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "\(frame.name ?? "-") \(frame.video ?? "-") \(frame.number ?? 0) \(frame.timestamp ?? -1) "
            + "\(frame.line) \(attributes) \(frame.labels)"
    }
}
