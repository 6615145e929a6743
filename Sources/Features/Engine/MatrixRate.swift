internal import COneDNN

/// How fast oneDNN's own matrix products are on this machine: what a pass over the network is measured against.
///
/// The four products of one block (queries, keys and values; projection; both MLP layers) are run back to back on all
/// rows of a batch, nothing fused into them, with oneDNN's own threads.
public final class MatrixRate {
    /// Operations of one measurement.
    public let operations: Double
    /// The products, in the order in which they are run.
    let primitives: [Primitive]

    private let threads: Int
    private let stream: Stream
    private let scratch: AlignedBuffer
    private let calls: [Call]
    private let kept: [(TensorView, AlignedBuffer)]

    /// Prepares the products.
    ///
    /// - Parameters:
    ///   - model: The model whose widths are used.
    ///   - rows: Tokens of the whole batch.
    ///   - precision: The numbers multiplied.
    ///   - threads: Threads inside a product.
    /// - Throws: `FeatureError.engine` where oneDNN refuses, the processor lacks the precision or there is no memory.
    public init(
        model: ModelDescription, rows: Int, precision: Precision = .f32, threads: Int
    ) throws(FeatureError) {
        do {
            guard precision.isSupported else { throw EngineError.precision(precision) }
            let (width, hidden) = (model.width, model.hiddenWidth)
            var calls: [Call] = []
            var kept: [(TensorView, AlignedBuffer)] = []
            var scratchBytes = 0
            // What the numbers are does not change the time; small ones neither overflow nor become subnormal.
            let (factor, weight, result, fill): (NumberType, NumberType, NumberType, UInt32) =
                switch precision {
                case .f32: (.f32, .f32, .f32, (0.01 as Float).bitPattern)
                case .bf16: (.bf16, .bf16, .bf16, 0x3C24_3C24)
                case .int8: (.u8, .s8, .bf16, 0x0101_0101)
                }
            func view(_ layout: TensorLayout) throws -> TensorView {
                let buffer = try AlignedBuffer(
                    copying: [Float](repeating: Float(bitPattern: fill), count: (layout.byteCount + 3) / 4))
                let view = try TensorView(layout, buffer)
                kept.append((view, buffer))
                return view
            }
            for (inputs, outputs) in [
                (width, 3 * width), (width, width), (width, model.hiddenOutputs), (hidden, width),
            ] {
                let source = try TensorLayout(dense: [rows, inputs], type: factor)
                let destination = try TensorLayout(dense: [rows, outputs], type: result)
                let product = try Primitive.product(
                    "matrix product", source: source, weights: try TensorLayout(any: [inputs, outputs], type: weight),
                    destination: destination, threads: threads)
                // A plain loop is not what the processor can do.
                guard !product.implementation.hasPrefix("ref") else { throw EngineError.precision(precision) }
                guard let weights = product.weights else { throw EngineError.library(operation: "pack", status: -1) }
                let call = try Call(product)
                call.set(vtrack_argument_source, try view(source))
                call.set(vtrack_argument_weights, try view(weights))
                call.set(vtrack_argument_destination, try view(destination))
                calls.append(call)
                scratchBytes = max(scratchBytes, product.scratchpad?.byteCount ?? 0)
            }
            self.threads = threads
            primitives = calls.map(\.primitive)
            self.calls = calls
            self.kept = kept
            stream = try Stream()
            scratch = try AlignedBuffer(bytes: scratchBytes)
            operations = 2 * Double(rows) * Double(width) * Double(4 * width + model.hiddenOutputs + hidden)
        } catch {
            throw FeatureError(engineFailure: error)
        }
    }

    /// Runs the four products once; the caller takes the time.
    ///
    /// - Throws: `FeatureError.engine` where oneDNN fails.
    public func run() throws(FeatureError) {
        do {
            try LibraryThreads.with(threads) { for call in calls { try call.run(on: stream, scratch: scratch) } }
        } catch {
            throw FeatureError(engineFailure: error)
        }
    }
}
