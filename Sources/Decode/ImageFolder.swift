import Glibc

/// A folder of numbered images, or a MOT sequence that contains one.
///
/// An image's number is the digits that its name ends in: 000001.jpg and VIDEO-0000001.jpg are both number 1. Hidden
/// files and files without a number are left out.
struct ImageFolder {
    /// One image of the folder.
    struct Entry: Equatable {
        /// Number in the file name, 0 or more.
        var number: Int
        /// File name within the folder.
        var name: String
    }

    /// The folder that holds the images themselves.
    let path: String
    /// The images by number, each number once; never empty.
    let entries: [Entry]
    /// Rate of the sequence, where a seqinfo.ini gives one.
    let frameRate: Double?
    /// Name of the sequence, where a seqinfo.ini gives one.
    let sequenceName: String?

    /// What is added to the numbers of the names, so that frames count from 1.
    var shift: Int { entries[0].number == 0 ? 1 : 0 }

    /// Looks through a folder: a sequence (seqinfo.ini and its imDir, img1 by default), a folder of images, or the
    /// image folder within a sequence.
    init(path: String) throws(DecodeError) {
        let sequence: SequenceFile?
        if let inside = try SequenceFile.read(path: "\(path)/seqinfo.ini") {
            self.path = "\(path)/\(inside.imageFolder ?? "img1")"
            sequence = inside
        } else if try ImageFolder.names(path).contains(where: { ImageFolder.number(of: $0) != nil }) {
            self.path = path
            // The folder may be a sequence's img1 itself; then what is beside it tells the rate.
            let folderName = path.split(separator: "/").last.map(String.init)
            let above = try SequenceFile.read(path: "\(path)/../seqinfo.ini")
            sequence = above.flatMap { ($0.imageFolder ?? "img1") == folderName ? $0 : nil }
        } else if unsafe access("\(path)/img1", F_OK) == 0 {
            self.path = "\(path)/img1"
            sequence = nil
        } else {
            throw .noImages(path: path, entries: try ImageFolder.names(path).count)
        }
        entries = try ImageFolder.list(self.path)
        frameRate = sequence?.frameRate
        sequenceName = sequence?.name
    }

    private static func list(_ path: String) throws(DecodeError) -> [Entry] {
        let names = try names(path)
        var entries = names.compactMap { name in number(of: name).map { Entry(number: $0, name: name) } }
        guard !entries.isEmpty else { throw .noImages(path: path, entries: names.count) }
        entries.sort { ($0.number, $0.name) < ($1.number, $1.name) }
        for (left, right) in zip(entries, entries.dropFirst()) where left.number == right.number {
            throw .duplicateImage(path: path, number: left.number, first: left.name, second: right.name)
        }
        return entries
    }

    /// The number that an image's name ends in; nil for other files and for more than 15 digits.
    static func number(of name: String) -> Int? {
        guard !name.hasPrefix("."), let dot = name.lastIndex(of: "."),
            ["jpg", "jpeg", "png"].contains(name[name.index(after: dot)...].lowercased())
        else { return nil }
        let stem = name[..<dot].utf8
        let digits = stem.reversed().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...15).contains(digits.count) else { return nil }
        return Int(String(decoding: digits.reversed(), as: UTF8.self))
    }

    private static func names(_ path: String) throws(DecodeError) -> [String] {
        guard let folder = unsafe opendir(path) else { throw VideoSource.openingError(path, errno) }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(folder) else {
                guard errno == 0 else { throw .readFailed(source: path, code: errno) }
                return names
            }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }
}
