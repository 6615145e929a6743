import Geometry

/// Passes frames on and keeps them in a file of the cache.
///
/// What the cache cannot take is no failure of the evaluation: then nothing is kept.
final class KeptFeatures: FeatureSource {
    private let source: any FeatureSource
    private let boxes: (Int) -> Int
    private var writer: FeatureFileWriter?
    private let complain: (any Error) -> Void

    /// - Parameters:
    ///   - boxes: How many boxes a frame has.
    ///   - complain: Called once where the file cannot be written.
    init(
        _ source: any FeatureSource, writer: FeatureFileWriter?, boxes: @escaping (Int) -> Int,
        complain: @escaping (any Error) -> Void
    ) {
        self.source = source
        self.boxes = boxes
        self.writer = writer
        self.complain = complain
    }

    var opening: FeatureOpening { source.opening }

    func next() throws -> FeatureFrame? {
        guard let frame = try source.next() else { return nil }
        keep { try $0.write(frame, boxes: boxes(frame.number.rawValue)) }
        return frame
    }

    func close() throws -> FeatureClosing {
        let closing = try source.close()
        keep { try $0.publish(closing) }
        writer = nil
        return closing
    }

    func cancel() {
        writer = nil
        source.cancel()
    }

    private func keep(_ body: (FeatureFileWriter) throws -> Void) {
        guard let writer else { return }
        do {
            try body(writer)
        } catch {
            self.writer = nil
            complain(error)
        }
    }
}
