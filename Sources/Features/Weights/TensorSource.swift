/// A file of named tensors, whatever its format.
protocol TensorSource: Sendable {
    /// The path as it was given, for messages.
    var path: String { get }
    /// Every file that belongs to it, in a fixed order.
    var files: [String] { get }
    /// Every tensor that can be read, by its name.
    var entries: [String: TensorEntry] { get }
    /// What the file says about itself; empty where its format has no place for that.
    var metadata: [String: String] { get }
    /// What lies in the file under a tensor's name and cannot be read as one, with the reason.
    var unreadable: [String: String] { get }

    /// A tensor's numbers as single-precision floats, row-major.
    ///
    /// - Throws: `WeightsError` where there is no such tensor, its type is not one of weights, or reading fails.
    func floats(_ name: String) throws(WeightsError) -> [Float]
}

extension TensorSource {
    /// The file itself, where it is one.
    var files: [String] { [path] }
    /// Most formats hold nothing but tensors.
    var unreadable: [String: String] { [:] }

    /// The error for a tensor that is needed and is not among `entries`.
    func absence(of name: String, expectedShape: [Int]) -> WeightsError {
        if let reason = unreadable[name] { return .entry(path: path, tensor: name, problem: reason) }
        return .missing(path: path, tensor: name, expectedShape: expectedShape)
    }
}
