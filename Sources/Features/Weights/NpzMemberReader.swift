/// Reads the data of one member of an `.npz` archive from its first byte to its last.
///
/// Never more than the stated size is made, whatever the compressed bytes would make; memory is one block.
struct NpzMemberReader: ~Copyable {
    private let file: ReadOnlyFile
    private let member: NpzMember
    /// nil where the data are stored as they are.
    private let inflater: Inflater?
    /// Compressed bytes that have been read from the file and not yet been used, from `inputStart`.
    private var input: [UInt8] = []
    private var inputStart = 0
    /// Bytes of the archive that have been read.
    private var taken = 0
    /// Bytes that have been handed out.
    private(set) var done = 0
    private var hasEnded = false
    private var checksum: UInt32 = 0

    private static let block = 1 << 16

    /// - Throws: `WeightsError` where there is no memory for the decompressor.
    init(file: ReadOnlyFile, member: NpzMember) throws(WeightsError) {
        var inflater: Inflater?
        if member.isDeflated {
            inflater = Inflater()
            guard inflater != nil else {
                throw .entry(path: file.path, tensor: member.name, problem: "no memory to decompress it")
            }
        }
        self.inflater = inflater
        self.file = file
        self.member = member
    }

    /// Fills the first `count` bytes of `output`.
    ///
    /// - Precondition: `output` has that many.
    /// - Throws: `WeightsError` naming the entry where the data end before or are damaged.
    mutating func read(_ count: Int, into output: inout [UInt8]) throws(WeightsError) {
        precondition(count <= output.count)
        guard count > 0 else { return }
        guard count <= member.size - done else {
            throw wrong("it has \(member.size) bytes, at least \(done + count) expected")
        }
        if member.isDeflated {
            var made = 0
            while made < count {
                guard !hasEnded else {
                    throw wrong("its compressed data make \(done + made) bytes, \(member.size) are stated")
                }
                made += try step(into: &output, made..<count)
            }
        } else {
            let bytes = try file.bytes(count, at: member.dataStart + done, tensor: member.name)
            output.replaceSubrange(0..<count, with: bytes)
            taken += count
        }
        checksum = Inflater.checksum(checksum, of: output, count: count)
        done += count
    }

    /// Makes sure that there is nothing behind what has been read, and that the checksum is right.
    ///
    /// - Throws: `WeightsError` naming the entry.
    mutating func finish() throws(WeightsError) {
        guard done == member.size else {
            throw wrong("\(member.size - done) bytes are left behind its numbers")
        }
        if member.isDeflated {
            var probe: [UInt8] = [0]
            while !hasEnded {
                guard try step(into: &probe, 0..<1) == 0 else {
                    throw wrong("its compressed data make more than the \(member.size) bytes that are stated")
                }
            }
        }
        guard taken == member.compressedSize, inputStart == input.count else {
            throw wrong("its compressed data end before the \(member.compressedSize) bytes that are stated")
        }
        guard checksum == member.checksum else {
            throw wrong(
                "its checksum is \(String(checksum, radix: 16)), \(String(member.checksum, radix: 16)) is stated: "
                    + "the file is damaged")
        }
    }

    /// Decompresses as much as one step gives.
    private mutating func step(into output: inout [UInt8], _ room: Range<Int>) throws(WeightsError) -> Int {
        if inputStart == input.count {
            let next = min(Self.block, member.compressedSize - taken)
            input = try file.bytes(next, at: member.dataStart + taken, tensor: member.name)
            inputStart = 0
            taken += next
        }
        // There is one wherever the member is deflated.
        guard let step = inflater?.step(from: input, inputStart..<input.count, into: &output, room) else { return 0 }
        inputStart += step.consumed
        switch step.status {
        case .end: hasEnded = true
        case .damaged: throw wrong("its compressed data are damaged near byte \(taken - input.count + inputStart)")
        case .more:
            guard step.consumed > 0 || step.produced > 0 else { throw wrong("its compressed data have no end") }
        }
        return step.produced
    }

    private func wrong(_ problem: String) -> WeightsError {
        .entry(path: file.path, tensor: member.name, problem: problem)
    }
}
