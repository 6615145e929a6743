@testable import Formats

/// One run of the fuzzer over the reader of seqinfo.ini.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    do throws(FormatError) {
        let info = try SequenceInfo(bytes: unsafe fuzzInput(data, count))
        if let rate = info.frameRate, !(rate > 0) || !rate.isFinite { broken("a rate is above 0") }
        if let width = info.width, width < 1 { broken("a width is above 0") }
        if let folder = info.imageDirectory, folder.hasPrefix("/") { broken("the folder is inside the sequence's") }
    } catch {
        if error.description.utf8.count > 20_000 { broken("messages are short") }
    }
    return 0
}
