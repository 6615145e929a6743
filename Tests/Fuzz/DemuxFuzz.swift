import Decode
import Geometry

/// One run of the fuzzer over demuxing and decoding, through the reader's own byte source.
///
/// FFmpeg itself is not instrumented, so this finds faults in what vtrack makes of its answers.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let path = FuzzFile.shared.write(unsafe fuzzInput(data, count))
    var options = DecodeOptions()
    options.maxPixels = 1 << 20
    options.threads = 1
    do throws(DecodeError) {
        let reader = try VideoReader(source: .path(path), options: options)
        let scaler = FrameScaler()
        var image = RGBImage()
        var previous = 0
        for _ in 0..<20 {
            guard let frame = try reader.next() else { break }
            if frame.number.rawValue <= previous { broken("frame numbers rise") }
            if frame.width < 1 || frame.height < 1 { broken("a frame has pixels") }
            previous = frame.number.rawValue
            try scaler.scale(frame, width: 32, height: 32, into: &image)
            if image.pixels.count != 32 * 32 * 3 { broken("a picture has the size that was asked for") }
        }
    } catch {
        if error.description.utf8.count > 20_000 { broken("messages are short") }
        if error.category == .bug { broken("input is never a bug: \(error)") }
    }
    return 0
}
