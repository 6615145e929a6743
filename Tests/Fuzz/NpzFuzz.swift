import Glibc
import Weights

/// One run of the fuzzer over an `.npz` archive.
///
/// What is accepted must keep the format's promises, since the engine reads by it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe fuzzInput(data, count)
    let path = FuzzFile.shared.write(bytes)
    do throws(WeightsError) {
        let file = try NpzFile(path: path)
        for (name, entry) in file.entries {
            if entry.name != name { broken("an array is found by its name") }
            if entry.shape.contains(where: { $0 < 0 }) { broken("no side is negative") }
            if entry.shape.reduce(1, *) != entry.count { broken("an array has as many numbers as its shape says") }
            // Deflate makes at most 1,032 bytes of one.
            if entry.count * entry.type.bits / 8 > bytes.count * 1032 { broken("no array is larger than it can be") }
            if let values = try? file.floats(name), values.count != entry.count { broken("all floats are read") }
            if let values = try? file.integers(name), values.count != entry.count { broken("all integers are read") }
        }
    } catch {
        if error.description.utf8.count > 20_000 { broken("messages are short") }
    }
    return 0
}
