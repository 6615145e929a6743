import CFFmpeg
import Glibc

/// What a scaler converts from and to.
struct ScalerKey: Hashable {
    var sourceWidth: Int
    var sourceHeight: Int
    var sourceFormat: Int32
    var colour: ColourDescription
    var targetWidth: Int
    var targetHeight: Int
    var targetFormat: Int32 = AV_PIX_FMT_GBRP.rawValue
}

/// An SwsContext: converts pictures of one size and format into pictures of another.
///
/// Flags that every scaling uses: bilinear, accurate rounding, chroma interpolated at full width on both sides.
@safe
final class Scaler {
    private let context: OpaquePointer

    private static let flags = SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP

    init(_ key: ScalerKey) throws(DecodeError) {
        let calls = LibraryCalls(source: "swscale")
        let source = Scaler.withoutImpliedRange(AVPixelFormat(key.sourceFormat))
        let what =
            "scaling \(PixelLayout.name(source)) \(key.sourceWidth)×\(key.sourceHeight) to "
            + "\(key.targetWidth)×\(key.targetHeight)"
        let context = try unsafe calls.allocated(
            sws_getContext(
                Int32(clamping: key.sourceWidth), Int32(clamping: key.sourceHeight), source,
                Int32(clamping: key.targetWidth), Int32(clamping: key.targetHeight), AVPixelFormat(key.targetFormat),
                Scaler.flags, nil, nil, nil), what)
        unsafe self.context = context
        // swscale's own names for the coefficients; it refuses this for formats where they mean nothing.
        let table = unsafe sws_getCoefficients(key.colour.coefficients)
        _ = unsafe sws_setColorspaceDetails(
            context, table, key.colour.isFullRange ? 1 : 0, table, 0, 0, 1 << 16, 1 << 16)
    }

    deinit { unsafe sws_freeContext(context) }

    /// The pointer for calls into libswscale; valid as long as this object lives.
    var pointer: OpaquePointer { unsafe context }

    /// The formats with an implied full range are deprecated; the range is set explicitly instead.
    private static func withoutImpliedRange(_ format: AVPixelFormat) -> AVPixelFormat {
        switch format {
        case AV_PIX_FMT_YUVJ420P: AV_PIX_FMT_YUV420P
        case AV_PIX_FMT_YUVJ422P: AV_PIX_FMT_YUV422P
        case AV_PIX_FMT_YUVJ444P: AV_PIX_FMT_YUV444P
        case AV_PIX_FMT_YUVJ440P: AV_PIX_FMT_YUV440P
        case AV_PIX_FMT_YUVJ411P: AV_PIX_FMT_YUV411P
        default: format
        }
    }
}

/// The scalers in use, the least recently used one dropped where there are too many.
///
/// - Complexity: O(capacity) a look-up, which is nothing beside scaling a picture.
struct ScalerCache {
    private var entries: [(key: ScalerKey, scaler: Scaler)] = []
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// The scaler for `key`, made where there is none yet.
    mutating func scaler(for key: ScalerKey) throws(DecodeError) -> Scaler {
        if let index = entries.lastIndex(where: { $0.key == key }) {
            let entry = entries[index]
            if index != entries.count - 1 {
                entries.remove(at: index)
                entries.append(entry)
            }
            return entry.scaler
        }
        let scaler = try Scaler(key)
        if entries.count >= capacity { entries.removeFirst() }
        entries.append((key, scaler))
        return scaler
    }
}
