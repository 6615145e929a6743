/// The bytes of one fuzzer run as an array, so that everything behind it is memory-safe Swift.
func fuzzInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> [UInt8] {
    unsafe [UInt8](UnsafeBufferPointer(start: data, count: count))
}

/// Ends the run, because a rule that holds for every input was broken; libFuzzer keeps the input.
func broken(_ rule: String) -> Never {
    fatalError("broken rule: \(rule)")
}
