public import Geometry

/// Why a network cannot be run as asked.
public enum EngineError: Error, Equatable, Sendable {
    /// oneDNN refused an operation; `status` is its code.
    case library(operation: String, status: Int32)
    /// A layer was asked for that the model does not have.
    case layer(Int, depth: Int)
    /// No layer was asked for.
    case noLayer
    /// Keys, queries or values were asked for of layer 0, which is before the first attention.
    case layerWithoutAttention(TokenKind)
    /// The number of threads is not possible.
    case threads(Int)
    /// A picture does not have the size that its grid gives.
    case pictureSize(found: [Int], expected: [Int])
    /// A grid was made for another patch or input side than the model has.
    case grid(tile: [Int], patch: Int, expectedPatch: Int)
    /// One tile would have more tokens than attention is run over.
    case tokens(Int, maximum: Int)
    /// There was not enough memory for weights or activations.
    case memory(bytes: Int)
    /// A worker thread could not be started.
    case thread(code: Int32)
    /// The processor does not compute in this precision at full rate.
    case precision(Precision)
    /// What a model is made of does not go together.
    case structure(String)
}

extension EngineError {
    /// Which exit code the failure has.
    public var category: FailureCategory {
        switch self {
        case .layer, .noLayer, .layerWithoutAttention, .threads, .tokens, .precision: .usage
        case .structure: .badData
        case .pictureSize, .grid, .library: .bug
        case .memory, .thread: .inputOutput
        }
    }
}

extension EngineError: CustomStringConvertible {
    /// The failure as a sentence.
    public var description: String {
        switch self {
        case .library(let operation, let status):
            "oneDNN could not \(operation) (status \(status)): please report this with your processor's name"
        case .layer(let layer, let depth):
            "layer \(layer) does not exist: the model has blocks 1…\(depth), 0 stands for the embedded patches"
        case .noLayer:
            "no layer was chosen: name at least one"
        case .layerWithoutAttention(let token):
            "layer 0 has no \(token.rawValue): it is before the first attention; choose a block from 1"
        case .threads(let threads):
            "\(threads) threads are not possible: use 1…\(WorkerPool.maximumThreads)"
        case .pictureSize(let found, let expected):
            "a picture of \(found) pixels (width, height) does not fit its grid, which needs \(expected)"
        case .grid(let tile, let patch, let expected):
            "tiles of \(tile) pixels with patches of \(patch) do not fit a model with patches of \(expected)"
        case .tokens(let tokens, let maximum):
            "one tile would have \(tokens) tokens, at most \(maximum) are possible: lower --long-side"
        case .memory(let bytes):
            "there is no memory for \(bytes) bytes of weights or activations"
        case .thread(let code):
            "a worker thread could not be started (error \(code))"
        case .precision(let precision):
            "this processor has no fast \(precision.rawValue) products: use f32, or auto for the fastest that it has"
        case .structure(let problem):
            "the model cannot be run: \(problem)"
        }
    }
}
