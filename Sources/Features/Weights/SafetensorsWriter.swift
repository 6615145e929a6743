/// stub until merged
public final class SafetensorsWriter {
    public struct Tensor { public init(name: String, type: TensorType, rowShape: [Int]) {} }
    public init(path: String, tensors: [Tensor], metadata: [String: String]) throws(WeightsError) {}
    public func append(_ v: [Float], to: String) throws(WeightsError) {}
    public func append(_ v: [Int64], to: String) throws(WeightsError) {}
    public func finish() throws(WeightsError) {}
}
