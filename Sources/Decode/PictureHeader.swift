/// What the first bytes of a JPEG or PNG say.
///
/// Sources: PNG specification §5.2 and §11.2.2 (signature, IHDR); ITU-T T.81 §B.2.2 (frame header).
///
/// Edge cases: anything that does not begin as one of the two has no header; a JPEG without a frame header has size 0.
struct PictureHeader: Equatable {
    /// Kind of file, whatever its name says.
    enum Kind: Equatable { case jpeg, png }

    /// Kind of file.
    var kind: Kind
    /// Width in pixels, as claimed.
    var width = 0
    /// Height in pixels, as claimed.
    var height = 0

    /// Reads the header of a whole file.
    init?(_ bytes: UnsafeRawBufferPointer) {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        if bytes.count >= 24, unsafe bytes.prefix(8).elementsEqual(signature) {
            kind = .png
            width = unsafe PictureHeader.number(bytes, at: 16, bytes: 4)
            height = unsafe PictureHeader.number(bytes, at: 20, bytes: 4)
        } else if bytes.count >= 4, unsafe bytes[0] == 0xFF, unsafe bytes[1] == 0xD8 {
            kind = .jpeg
            unsafe readFrameHeader(bytes)
        } else {
            return nil
        }
    }

    /// Whether a JPEG's end of image follows its first scan; what stands after it does not matter.
    ///
    /// Segments before the scan are walked over: a thumbnail in them has an end of its own. In a scan FF D9 is never data
    /// (T.81 §B.1.1.5).
    static func reachesEnd(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var position = 2
        while position + 4 <= bytes.count {
            guard unsafe bytes[position] == 0xFF else {
                position += 1
                continue
            }
            switch unsafe bytes[position + 1] {
            case 0xD9:
                return true
            case 0xDA:
                // From the end, where it stands in whole files.
                var last = bytes.count - 2
                while last > position + 1 {
                    if unsafe bytes[last] == 0xFF, unsafe bytes[last + 1] == 0xD9 { return true }
                    last -= 1
                }
                return false
            case 0xFF:
                position += 1
            case 0x00, 0x01, 0xD0...0xD8:
                position += 2
            default:
                position += 2 + max(unsafe PictureHeader.number(bytes, at: position + 2, bytes: 2), 2)
            }
        }
        return false
    }

    /// Walks over JPEG segments to the start of frame.
    private mutating func readFrameHeader(_ bytes: UnsafeRawBufferPointer) {
        var position = 2
        while position + 9 <= bytes.count {
            guard unsafe bytes[position] == 0xFF else {
                position += 1
                continue
            }
            let marker = unsafe bytes[position + 1]
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                height = unsafe PictureHeader.number(bytes, at: position + 5, bytes: 2)
                width = unsafe PictureHeader.number(bytes, at: position + 7, bytes: 2)
                return
            case 0x01, 0xD0...0xD8, 0xFF, 0x00:
                // Markers that stand alone, and fill bytes.
                position += marker == 0xFF ? 1 : 2
            case 0xD9, 0xDA:
                return
            default:
                position += 2 + max(unsafe PictureHeader.number(bytes, at: position + 2, bytes: 2), 2)
            }
        }
    }

    /// A big-endian number; the caller has checked the bounds.
    private static func number(_ bytes: UnsafeRawBufferPointer, at offset: Int, bytes count: Int) -> Int {
        (offset..<offset + count).reduce(0) { unsafe $0 << 8 | Int(bytes[$1]) }
    }
}
