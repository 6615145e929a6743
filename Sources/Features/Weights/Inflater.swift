internal import CZlib

/// Decompresses one deflate stream (RFC 1951), piece by piece, through zlib.
@safe
struct Inflater: ~Copyable {
    /// What became of a piece.
    enum Status {
        /// The stream goes on.
        case more
        /// The stream's last byte has been made.
        case end
        /// The bytes are no deflate stream.
        case damaged
    }

    /// How far one step came.
    struct Step {
        /// Bytes of input used.
        var consumed: Int
        /// Bytes of output made.
        var produced: Int
        var status: Status
    }

    // zlib compares this address with one of its own: the structure must not move, so it has a place of its own.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Returns: nil where there is no memory for the 40 KB of a stream's state.
    init?() {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe vtrack_inflate_init_raw(stream) == Z_OK else {
            unsafe stream.deallocate()
            return nil
        }
        unsafe self.stream = stream
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Decompresses from a part of `input` into a part of `output`.
    ///
    /// No progress at all with status `more` means that the input is used up, or that there is no room.
    ///
    /// - Precondition: both ranges lie inside their arrays.
    func step(from input: [UInt8], _ unread: Range<Int>, into output: inout [UInt8], _ room: Range<Int>) -> Step {
        precondition(unread.lowerBound >= 0 && unread.upperBound <= input.count)
        precondition(room.lowerBound >= 0 && room.upperBound <= output.count)
        var consumed = UInt32(clamping: unread.count)
        var produced = UInt32(clamping: room.count)
        let code = unsafe vtrack_inflate_step(
            stream, input, unread.lowerBound, &consumed, &output, room.lowerBound, &produced)
        // Z_BUF_ERROR says that there was no progress; it is no damage.
        let status: Status = code == Z_STREAM_END ? .end : code == Z_OK || code == Z_BUF_ERROR ? .more : .damaged
        return Step(consumed: Int(consumed), produced: Int(produced), status: status)
    }

    /// Goes on computing the CRC-32 (ISO 3309, as in ZIP archives) over the first `count` bytes.
    ///
    /// - Precondition: `count` is not more than there are.
    static func checksum(_ checksum: UInt32, of bytes: [UInt8], count: Int) -> UInt32 {
        precondition(count >= 0 && count <= bytes.count)
        return unsafe UInt32(truncatingIfNeeded: crc32_z(uLong(checksum), bytes, count))
    }
}
