internal import Glibc

// The file of saved statistics is a safetensors file: `means` and `variances` (F32, [channels]) and `count` (I64, [1]).
extension ChannelStatistics {
    /// The most channels that are read: all blocks of the largest models, joined.
    static let maximumChannels = 1 << 20

    /// Reads statistics that `write(to:)` saved.
    ///
    /// - Throws: `FeatureError.weights` where the file cannot be read or lacks a tensor, `.statistics` where its numbers
    ///   cannot be used.
    public init(contentsOf path: String) throws(FeatureError) {
        let (count, means, variances): ([Int64], [Float], [Float])
        do throws(WeightsError) {
            let file = try SafetensorsFile(path: path)
            for name in ["count", "means", "variances"] {
                if let entry = file.entries[name], entry.count > Self.maximumChannels {
                    throw WeightsError.entry(
                        path: path, tensor: name,
                        problem: "\(entry.count) numbers, where statistics have at most \(Self.maximumChannels)")
                }
            }
            count = try file.integers("count")
            means = try file.floats("means")
            variances = try file.floats("variances")
        } catch {
            throw .weights(error)
        }
        guard count.count == 1 else {
            throw .statistics(source: path, reason: "\"count\" has \(count.count) numbers; it must have one")
        }
        try self.init(
            count: Int(clamping: count[0]), means: means.map(Double.init), variances: variances.map(Double.init),
            source: path)
    }

    /// Saves the statistics for `init(contentsOf:)`, replacing the file.
    ///
    /// Numbers are rounded to single precision, which is what `FeatureTransform` computes with: a run with saved
    /// statistics gives the same bytes as the run that saved them.
    ///
    /// - Throws: `FeatureError.weights` where the file cannot be written; what was written of it stays.
    public func write(to path: String) throws(FeatureError) {
        let bytes = encoded
        let descriptor = unsafe path.withCString { unsafe creat($0, 0o644) }
        guard descriptor >= 0 else { throw Self.failure(path, "create") }
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { bytes in
                // The bytes are never empty: there is a header.
                unsafe Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            }
            if written > 0 {
                done += written
            } else if written == 0 || errno != EINTR {
                let failure = Self.failure(path, "write")
                close(descriptor)
                throw failure
            }
        }
        guard close(descriptor) == 0 else { throw Self.failure(path, "write") }
    }

    private static func failure(_ path: String, _ operation: String) -> FeatureError {
        .weights(.system(path: path, operation: operation, code: errno))
    }

    /// The file's bytes.
    private var encoded: [UInt8] {
        let side = channels * MemoryLayout<Float>.stride
        var header =
            "{\"count\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
            + "\"means\":{\"dtype\":\"F32\",\"shape\":[\(channels)],\"data_offsets\":[8,\(8 + side)]},"
            + "\"variances\":{\"dtype\":\"F32\",\"shape\":[\(channels)],\"data_offsets\":[\(8 + side),\(8 + 2 * side)]}}"
        // The data begins at a multiple of eight, as the format's authors have it.
        while header.utf8.count % 8 != 0 { header += " " }
        var bytes = Self.littleEndian(UInt64(header.utf8.count)) + Array(header.utf8)
        bytes += Self.littleEndian(UInt64(count))
        for value in means + variances { bytes += Self.littleEndian(Float(value).bitPattern) }
        return bytes
    }

    private static func littleEndian(_ value: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
        stride(from: 0, to: value.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
