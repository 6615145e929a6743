import Geometry

extension Orientation {
    /// Turns a decoded picture into its displayed shape and puts it into `image` with its left top corner at (x, y).
    func turn(_ picture: RGBImage, into image: inout RGBImage, atX x: Int, y: Int) {
        let whole = PixelRegion(x: 0, y: 0, width: picture.width, height: picture.height)
        turn(picture, whole, into: &image, atX: x, y: y)
    }

    /// Turns a rectangle of a decoded picture likewise.
    ///
    /// The caller has made sure that it fits. The displayed pixel (i, j) comes from the decoded pixel that lies
    /// `columnStep · i + rowStep · j` bytes after the one that becomes the corner.
    func turn(_ picture: RGBImage, _ region: PixelRegion, into image: inout RGBImage, atX x: Int, y: Int) {
        let (width, height) = displayedSize(width: region.width, height: region.height)
        let stride = picture.width * 3
        var columnStep = isTransposed ? stride : 3
        var rowStep = isTransposed ? 3 : stride
        var corner = region.y * stride + region.x * 3
        if flipsX {
            corner += (width - 1) * columnStep
            columnStep = -columnStep
        }
        if flipsY {
            corner += (height - 1) * rowStep
            rowStep = -rowStep
        }
        let imageStride = image.width * 3
        unsafe picture.pixels.withUnsafeBufferPointer { source in
            unsafe image.pixels.withUnsafeMutableBufferPointer { target in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                for row in 0..<height {
                    var from = corner + row * rowStep
                    var to = (y + row) * imageStride + x * 3
                    if columnStep == 3 {
                        unsafe (target + to).update(from: source + from, count: width * 3)
                        continue
                    }
                    for _ in 0..<width {
                        unsafe target[to] = unsafe source[from]
                        unsafe target[to + 1] = unsafe source[from + 1]
                        unsafe target[to + 2] = unsafe source[from + 2]
                        from += columnStep
                        to += 3
                    }
                }
            }
        }
    }
}
