import Decode
import Formats
import Geometry

/// `--annotate`: the frames with boxes, track numbers and trails drawn on them, as an mp4.
final class AnnotationSink {
    private var file: OutputFile
    private var writer: VideoWriter?
    private let scaler = FrameScaler()
    private var canvas = Canvas(image: RGBImage())
    private var trails: [Int: [(seconds: Double, x: Double, y: Double)]] = [:]
    private var size = (width: 0, height: 0)
    private static let trailSeconds = 1.5

    /// Checks the place; the encoder starts with the first frame.
    init(path: String, inputs: [String]) throws(AppError) {
        guard path != "-" else { throw .usage("--annotate needs a file name: an mp4 cannot be written to a pipe") }
        file = try OutputFile(path: path, inputs: inputs)
        try file.requireRegularFile(for: "--annotate")
    }

    /// Draws and encodes one frame.
    ///
    /// A frame of another size than the first is scaled to it.
    func write(_ frame: VideoFrame, rows: [TrackRow], frameRate: Double) throws {
        let seconds = frame.seconds
        if writer == nil {
            size = (frame.width, frame.height)
            writer = try file.naming {
                try VideoWriter(
                    path: file.temporaryPath, width: size.width, height: size.height, frameRate: frameRate)
            }
        }
        try scaler.scale(frame, width: size.width, height: size.height, into: &canvas.image)
        let scaleX = Double(size.width) / Double(frame.width)
        let scaleY = Double(size.height) / Double(frame.height)
        let thickness = max(1, size.height / 360)

        for row in rows {
            let box = row.record.box
            trails[row.track, default: []].append((seconds, box.centreX * scaleX, box.maxY * scaleY))
        }
        for (track, points) in trails {
            let kept = points.filter { seconds - $0.seconds <= Self.trailSeconds }
            trails[track] = kept.isEmpty ? nil : kept
        }
        for track in trails.keys.sorted() {
            guard let points = trails[track] else { continue }
            for (start, end) in zip(points, points.dropFirst()) {
                canvas.line(
                    from: (start.x, start.y), to: (end.x, end.y), thickness: thickness, .ofTrack(track))
            }
        }
        for row in rows {
            let box = row.record.box
            let drawn = Box(
                x: box.x * scaleX, y: box.y * scaleY, width: box.width * scaleX, height: box.height * scaleY)
            canvas.outline(drawn, thickness: 2 * thickness, .ofTrack(row.track))
            let plate = 14 * thickness
            canvas.number(
                row.track, x: Int(min(max(drawn.x, 0), 1e6)), y: Int(min(max(drawn.y - Double(plate), 0), 1e6)),
                scale: 2 * thickness, .ofTrack(row.track))
        }
        try file.naming { try writer?.write(canvas.image, number: frame.number) }
    }

    /// Finishes the file and puts it in its place.
    func finish() throws {
        guard let writer else { return }
        try file.naming { try writer.finish() }
        try file.publish()
    }
}
