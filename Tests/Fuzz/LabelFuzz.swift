import Geometry

@testable import Formats

/// One run of the fuzzer over the readers of ground truths and results.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe fuzzInput(data, count)
    do throws(FormatError) {
        let labels = try MOTLabel.read(bytes: bytes, leastColumns: 6)
        for label in labels {
            if label.frame < 1 || label.line < 1 { broken("frames and lines count from 1") }
            if !label.box.x.isFinite || !label.box.area.isFinite || !label.confidence.isFinite {
                broken("numbers of boxes are finite")
            }
        }
        if labels.count > bytes.count / 11 + 1 { broken("a row takes some bytes") }
    } catch {
        check(error)
    }
    do throws(FormatError) {
        for label in try KITTILabel.read(bytes: bytes) {
            if label.frame < 0 { broken("frames count from 0") }
            if !(label.right - label.left).isFinite || !label.score.isFinite { broken("edges are finite") }
        }
    } catch {
        check(error)
    }
    return 0
}

private func check(_ error: FormatError) {
    let text = error.description
    if text.unicodeScalars.contains(where: { $0.value < 0x20 }) { broken("messages have no control characters") }
    if text.utf8.count > 20_000 { broken("messages are short") }
}
