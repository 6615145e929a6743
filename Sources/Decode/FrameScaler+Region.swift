public import Geometry

extension FrameScaler {
    /// Scales a region of a frame to `width` × `height` and puts it into a picture, as the `pad` tiling needs.
    ///
    /// The region is resized on its own: no pixel from outside of it has a share. Where it reaches beyond the frame,
    /// the frame's border is replicated. In the common case that is still one swscale pass.
    ///
    /// - Parameters:
    ///   - region: displayed pixels; may reach beyond the right and bottom border, but begins inside of the frame.
    ///   - image: already has its size; only the target rectangle is written.
    ///   - x: left edge of the target rectangle.
    ///   - y: top edge of the target rectangle.
    /// - Throws: `regionOutside`, `targetOutside`, `invalidTarget` or `unsupportedPixelFormat`.
    public func scale(
        _ frame: VideoFrame, region: PixelRegion, toWidth width: Int, height: Int, into image: inout RGBImage,
        atX x: Int, y: Int
    ) throws(DecodeError) {
        try FrameScaler.checkTarget(width: width, height: height)
        guard (0..<frame.width).contains(region.x), (0..<frame.height).contains(region.y),
            (1...FrameScaler.largestSide).contains(region.width), (1...FrameScaler.largestSide).contains(region.height)
        else { throw .regionOutside(region: region, width: frame.width, height: frame.height) }
        guard x >= 0, y >= 0, x <= image.width - width, y <= image.height - height else {
            throw .targetOutside(
                x: x, y: y, width: width, height: height, imageWidth: image.width, imageHeight: image.height)
        }
        let layout = try layout(of: frame)
        let decoded = frame.decodedRegion(region)
        let isAligned = decoded.x % layout.columnAlignment == 0 && decoded.y % layout.rowAlignment == 0
        let isInside =
            decoded.x >= 0 && decoded.y >= 0 && decoded.x + decoded.width <= frame.picture.width
            && decoded.y + decoded.height <= frame.picture.height
        if isAligned, isInside {
            try place(frame, frame.picture, decoded, width: width, height: height, into: &image, atX: x, y: y)
        } else if isAligned, !layout.planes.isEmpty {
            let continuation = try ContinuedPicture.reusing(
                continued, format: layout.format, width: decoded.width, height: decoded.height)
            continued = continuation
            continuation.fill(from: frame.picture, region: decoded, layout: layout)
            let whole = PixelRegion(x: 0, y: 0, width: decoded.width, height: decoded.height)
            try place(frame, continuation.picture, whole, width: width, height: height, into: &image, atX: x, y: y)
        } else {
            try placeThroughRGB(frame, region: region, width: width, height: height, into: &image, atX: x, y: y)
        }
    }

    /// The long way for formats and positions that cannot be cut in place: RGB at original size, border, then scaling.
    private func placeThroughRGB(
        _ frame: VideoFrame, region: PixelRegion, width: Int, height: Int, into image: inout RGBImage, atX x: Int,
        y: Int
    ) throws(DecodeError) {
        let inside = PixelRegion(
            x: region.x, y: region.y, width: min(region.width, frame.width - region.x),
            height: min(region.height, frame.height - region.y))
        var cut = RGBImage()
        swap(&cut, &piece)
        defer { swap(&cut, &piece) }
        try crop(frame, region: inside, into: &cut)
        if inside != region { cut = cut.replicatingBorder(width: region.width, height: region.height) }
        try convert(cut, colour: frame.colour, width: width, height: height)
        let whole = PixelRegion(x: 0, y: 0, width: width, height: height)
        planes.interleave(whole, turned: .upright, into: &image, atX: x, y: y)
    }
}

extension VideoFrame {
    /// The decoded rectangle that is displayed as `region`.
    func decodedRegion(_ region: PixelRegion) -> PixelRegion {
        let decoded = orientation.decodedRegion(
            x: region.x, y: region.y, width: region.width, height: region.height, displayedWidth: width,
            displayedHeight: height)
        return PixelRegion(x: decoded.x, y: decoded.y, width: decoded.width, height: decoded.height)
    }
}

extension RGBImage {
    /// A larger picture with this one at its left top and the last column and row repeated.
    fileprivate func replicatingBorder(width: Int, height: Int) -> RGBImage {
        var result = RGBImage(width: width, height: height)
        for row in 0..<height {
            let from = min(row, self.height - 1) * self.width * 3
            let to = row * width * 3
            for column in 0..<width {
                let source = from + min(column, self.width - 1) * 3
                for channel in 0..<3 { result.pixels[to + column * 3 + channel] = pixels[source + channel] }
            }
        }
        return result
    }
}
