@testable import Formats

/// One run of the fuzzer over the Scalabel reader.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe fuzzInput(data, count)
    BoxRules.check(bytes, BoxOptions(format: .scalabel, maximumBoxes: 50, frameRate: 25))
    BoxRules.check(bytes, BoxOptions(maximumBoxes: 50))
    return 0
}
