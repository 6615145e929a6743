/// A picture of 8-bit red, green and blue, row-major and interleaved, without padding between rows.
///
/// Shapes: `pixels` holds `height · width · 3` bytes; the byte of channel c of pixel (x, y) is at `(y·width + x)·3 + c`.
public struct RGBImage: Equatable, Sendable {
    /// Width in pixels.
    public private(set) var width: Int
    /// Height in pixels.
    public private(set) var height: Int
    /// The samples; its count is always `width · height · 3`.
    public var pixels: [UInt8]

    /// Creates a black picture.
    ///
    /// - Precondition: neither side is negative.
    public init(width: Int = 0, height: Int = 0) {
        precondition(width >= 0 && height >= 0, "a picture cannot have a negative side")
        self.width = width
        self.height = height
        pixels = [UInt8](repeating: 0, count: width * height * 3)
    }

    /// Creates a picture from samples that are already interleaved.
    ///
    /// - Precondition: `pixels.count == width · height · 3`.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(pixels.count == width * height * 3, "sample count does not match the picture's size")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Changes the size and keeps the storage where it is large enough.
    ///
    /// A picture can so be reused frame after frame without allocating. The contents afterwards are unspecified.
    public mutating func reshape(width: Int, height: Int) {
        precondition(width >= 0 && height >= 0, "a picture cannot have a negative side")
        let count = width * height * 3
        if pixels.count > count {
            pixels.removeLast(pixels.count - count)
        } else if pixels.count < count {
            pixels.append(contentsOf: repeatElement(0, count: count - pixels.count))
        }
        self.width = width
        self.height = height
    }
}
