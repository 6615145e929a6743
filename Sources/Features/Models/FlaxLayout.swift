/// How the axes of a tensor of Flax stand to those of the model.
///
/// Flax multiplies x·W with W as (in, out); the model, as PyTorch, W·x with W as (out, in). Legend: D channels, H
/// heads, d = D/H channels of a head, F channels inside the MLP, P patch side, g patches along a side.
enum FlaxLayout: Equatable, Sendable {
    /// Vectors and tokens, kept as they are: (D), (1, 1, D), (1, N, D).
    case same
    /// `nn.Dense`: (in, out) → (out, in).
    case dense
    /// The kernel of queries, keys or values: (D, H, d) → (H·d, D).
    case headsKernel
    /// The bias of queries, keys or values: (H, d) → (H·d).
    case headsBias
    /// The kernel that joins the heads: (H, d, D) → (D, H·d).
    case outputKernel
    /// `nn.Conv`: (P, P, 3, D), which is HWIO, → (D, 3, P, P), which is OIHW.
    case convolution
    /// Positions that lie as the picture does: (1, g, g, D) → (1, g·g, D).
    case grid

    /// The order in which the axes are read before neighbours are joined, by rank.
    private var axes: [Int]? {
        switch self {
        case .same: nil
        case .dense: [1, 0]
        case .headsKernel: [1, 2, 0]
        case .headsBias: [0, 1]
        case .outputKernel: [2, 0, 1]
        case .convolution: [3, 2, 0, 1]
        case .grid: [0, 1, 2, 3]
        }
    }

    /// The shape in the model of a tensor of the given shape.
    ///
    /// - Returns: nil where a tensor of this kind cannot have that shape, or its size is no number.
    func modelShape(_ shape: [Int]) -> [Int]? {
        guard shape.allSatisfy({ $0 >= 0 }), axes == nil || axes?.count == shape.count else { return nil }
        func product(_ first: Int, _ second: Int) -> Int? {
            let (product, overflow) = first.multipliedReportingOverflow(by: second)
            return overflow ? nil : product
        }
        switch self {
        case .same: return shape
        case .dense: return [shape[1], shape[0]]
        case .headsKernel: return product(shape[1], shape[2]).map { [$0, shape[0]] }
        case .headsBias: return product(shape[0], shape[1]).map { [$0] }
        case .outputKernel: return product(shape[0], shape[1]).map { [shape[2], $0] }
        case .convolution: return [shape[3], shape[2], shape[0], shape[1]]
        case .grid: return product(shape[1], shape[2]).map { [shape[0], $0, shape[3]] }
        }
    }

    /// A tensor's numbers in the model's order, row-major.
    ///
    /// - Precondition: `modelShape(shape)` is not nil, and there are as many values as the shape says.
    func modelValues(_ values: [Float], shape: [Int]) -> [Float] {
        guard let axes else { return values }
        return AxisOrder.permute(values, shape: shape, axes: axes)
    }
}
