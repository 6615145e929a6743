/// Turns Scalabel's identities, which are text, into numbers.
///
/// Where every identity of the file is a whole number in its plain form (`0`, `88`; not `007`, which could clash with
/// `7`), the numbers are kept. Otherwise identities are numbered from 1 in the order in which the file first names
/// them, labels that are left out included, so that the choice of classes does not renumber anything.
public struct ScalabelIdentities: Sendable {
    private var ordinals: [String: Int64] = [:]
    private var values: [Int64]? = []

    /// Starts without identities.
    public init() {}

    /// The ordinal of an identity, from 1.
    public mutating func ordinal(of identity: String) -> Int64 {
        if let known = ordinals[identity] { return known }
        let ordinal = Int64(ordinals.count + 1)
        ordinals[identity] = ordinal
        if let value = Int64(identity), value >= 0, String(value) == identity {
            values?.append(value)
        } else {
            values = nil
        }
        return ordinal
    }

    /// The numbers that the identities are, by ordinal − 1; nil where one of them is no number.
    public var numericValues: [Int64]? { values }
}
