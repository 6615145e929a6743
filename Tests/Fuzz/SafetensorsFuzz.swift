import Glibc
import Weights

/// One run of the fuzzer over the header of a safetensors file, as a whole file and as a header alone.
///
/// What is accepted must keep the format's promises, since the engine reads by it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe fuzzInput(data, count)
    check(bytes)
    // A length that fits by itself: chance seldom finds one.
    check((0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + bytes)
    return 0
}

private func check(_ bytes: [UInt8]) {
    let path = FuzzFile.shared.write(bytes)
    do throws(WeightsError) {
        let file = try SafetensorsFile(path: path)
        var total = 0
        for (name, entry) in file.entries {
            if entry.name != name { broken("a tensor is found by its name") }
            if entry.shape.contains(where: { $0 < 0 }) { broken("no side is negative") }
            if entry.shape.reduce(1, *) != entry.count { broken("a tensor has as many numbers as its shape says") }
            total += entry.count * entry.type.bits / 8
            if let values = try? file.floats(name), values.count != entry.count { broken("all floats are read") }
            if let values = try? file.integers(name), values.count != entry.count { broken("all integers are read") }
        }
        if total > bytes.count { broken("tensors lie inside the file") }
    } catch {
        if error.description.utf8.count > 20_000 { broken("messages are short") }
    }
}
