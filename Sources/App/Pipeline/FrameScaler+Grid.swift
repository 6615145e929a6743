import Decode
import Features
import Geometry

extension FrameScaler {
    /// Scales a frame to the picture that a tiling cuts it into, all tiles side by side.
    ///
    /// With `pad` every tile is a region of its own; otherwise the whole frame is scaled in one pass.
    func scale(_ frame: VideoFrame, to grid: TileGrid, into picture: inout RGBImage) throws(DecodeError) {
        guard grid.tiling == .pad else {
            return try scale(frame, width: grid.pictureWidth, height: grid.pictureHeight, into: &picture)
        }
        picture.reshape(width: grid.pictureWidth, height: grid.pictureHeight)
        for tile in grid.regions {
            try scale(
                frame, region: tile.source, toWidth: tile.target.width, height: tile.target.height, into: &picture,
                atX: tile.target.x, y: tile.target.y)
        }
    }
}

extension PreparationPlan.Input {
    /// How a frame of this size is cut for the input.
    func grid(frameWidth: Int, frameHeight: Int) throws(FeatureError) -> TileGrid {
        try TileGrid(
            tiling: tiling, frameWidth: frameWidth, frameHeight: frameHeight, inputSide: inputSide, patch: patch,
            longSide: longSide)
    }
}
