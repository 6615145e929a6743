import Decode
import Features
import Geometry

/// Makes the picture of all tiles from a decoded frame.
struct TilePicture {
    private let scaler = FrameScaler()

    /// Resizes the frame as the grid says; `picture` keeps its storage.
    func make(of frame: VideoFrame, grid: TileGrid, into picture: inout RGBImage) throws {
        guard grid.tiling == .pad else {
            return try scaler.scale(frame, width: grid.pictureWidth, height: grid.pictureHeight, into: &picture)
        }
        picture.reshape(width: grid.pictureWidth, height: grid.pictureHeight)
        for tile in grid.regions {
            try scaler.scale(
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
