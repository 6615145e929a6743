/// Where the directory of a ZIP archive lies, as the records at the archive's end say.
///
/// Source: PKWARE APPNOTE 6.3.10, §4.3.14–4.3.16. `torch.save` always writes the ZIP64 records, too.
struct ZipDirectoryPlace {
    /// Offset of the directory in the file.
    let start: Int
    /// Its bytes.
    let size: Int
    /// Its entries.
    let count: Int

    private static let endSize = 22
    private static let longestComment = 65_535

    /// Finds the directory; `start + size` lies inside the file.
    ///
    /// - Throws: `WeightsError.archive` where the records are missing, as in an archive that is cut off, or wrong.
    init(in file: ReadOnlyFile) throws(WeightsError) {
        func wrong(_ problem: String) -> WeightsError { .archive(path: file.path, problem: problem) }
        let tailSize = min(file.size, Self.endSize + Self.longestComment)
        let tail = try file.bytes(tailSize, at: file.size - tailSize, tensor: "ZIP directory")
        guard let end = Self.end(in: tail) else {
            throw wrong("it has no end: the file is incomplete, a download that was cut off, perhaps; fetch it again")
        }
        let endOffset = file.size - tailSize + end
        var disks = [4, 6].map { tail.number(at: end + $0, width: 2) }
        var numbers: [Int?] = [tail.number(at: end + 10, width: 2)]
        numbers += [12, 16].map { tail.number(at: end + $0, width: 4) }
        var limit = endOffset

        if endOffset >= 20 {
            let locator = try file.bytes(20, at: endOffset - 20, tensor: "ZIP directory")
            if locator.number(at: 0, width: 4) == 0x0706_4B50 {
                guard let wide = locator.wideNumber(at: 8), wide <= endOffset - 20 - 56 else {
                    throw wrong("its ZIP64 record would lie outside the file")
                }
                let record = try file.bytes(56, at: wide, tensor: "ZIP directory")
                guard record.number(at: 0, width: 4) == 0x0606_4B50 else { throw wrong("its ZIP64 record is damaged") }
                disks = [16, 20].map { record.number(at: $0, width: 4) }
                numbers = [32, 40, 48].map { record.wideNumber(at: $0) }
                limit = wide
            }
        }
        guard disks == [0, 0] else { throw wrong("it is one of several disks") }
        guard let count = numbers[0], let size = numbers[1], let start = numbers[2], start <= limit,
            size <= limit - start
        else { throw wrong("its directory would lie outside the file") }
        // A record has 46 bytes at least.
        guard count <= size / 46 else { throw wrong("its directory has no room for \(count) entries") }
        (self.start, self.size, self.count) = (start, size, count)
    }

    /// The last place where the end record and its comment fill the rest of the file.
    private static func end(in tail: [UInt8]) -> Int? {
        var end = tail.count - endSize
        while end >= 0 {
            if tail[end] == 0x50, tail.number(at: end, width: 4) == 0x0605_4B50,
                tail.number(at: end + 20, width: 2) == tail.count - end - endSize
            {
                return end
            }
            end -= 1
        }
        return nil
    }
}
