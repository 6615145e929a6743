import Foundation

/// JSON of records: every Double comes back as the same bits, and the same value gives the same bytes.
enum EvaluationJSON {
    private static let infinity = "inf"
    private static let negativeInfinity = "-inf"
    private static let notANumber = "nan"

    /// One line with sorted keys.
    static func compact(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: infinity, negativeInfinity: negativeInfinity, nan: notANumber)
        return try encoder.encode(value)
    }

    /// Reads what `compact` wrote.
    ///
    /// - Parameter hasOnlyNumbers: Whether infinities and NaN are damage, as where they could not be written again.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from data: Data, hasOnlyNumbers: Bool = false
    ) throws -> Value {
        let decoder = JSONDecoder()
        if hasOnlyNumbers { return try decoder.decode(type, from: data) }
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: infinity, negativeInfinity: negativeInfinity, nan: notANumber)
        return try decoder.decode(type, from: data)
    }
}
