import Glibc
import Weights

/// One run of the fuzzer over a file of PyTorch's: as it is, and as the checkpoint inside a sound sequence of pickles.
///
/// What is accepted must lie inside the file, and must not ask for more memory than the file is worth.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe fuzzInput(data, count)
    check(bytes)
    check(start + bytes)
    return 0
}

/// The magic number, the version 1001 and `{"little_endian": True}`: what stands before the checkpoint in a sequence.
private let start: [UInt8] =
    [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
    + [0x80, 0x02, 0x4D, 0xE9, 0x03, 0x2E] + [0x80, 0x02, 0x7D, 0x58, 13, 0, 0, 0] + Array("little_endian".utf8)
    + [0x88, 0x73, 0x2E]

private func check(_ bytes: [UInt8]) {
    let path = FuzzFile.shared.write(bytes)
    do throws(WeightsError) {
        let file = try TorchFile(path: path)
        var total = 0
        for (name, entry) in file.entries {
            if entry.name != name { broken("a tensor is found by its name") }
            if entry.shape.contains(where: { $0 < 0 }) { broken("no side is negative") }
            // Without numbers the other sides may be of any size.
            if entry.shape.contains(0) ? entry.count != 0 : entry.shape.reduce(1, *) != entry.count {
                broken("a tensor has as many numbers as its shape says")
            }
            if let values = try? file.floats(name), values.count != entry.count { broken("all floats are read") }
            total += entry.count * entry.type.bits / 8
        }
        if total > bytes.count * TorchFile.maximumSharing { broken("memory is in proportion to the file") }
    } catch {
        if error.description.utf8.count > 20_000 { broken("messages are short") }
    }
}
