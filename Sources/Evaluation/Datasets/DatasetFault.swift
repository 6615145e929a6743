public import Formats
public import Geometry

/// What can be wrong with a benchmark's folder, its results, or what was asked of them.
public enum DatasetFault: Error, Equatable, Sendable {
    /// Nothing is at a path.
    case missing(path: String, what: String)
    /// A path names a file where a folder is expected.
    case notAFolder(path: String, what: String)
    /// A folder cannot be looked into; `code` is an `errno`.
    case cannotList(path: String, code: Int32)
    /// A folder is not as expected: layouts a line each, and what it holds.
    case layout(root: String, what: String, expected: [String], found: String)
    /// Options that do not fit, a sentence.
    case option(String)
    /// A tracker has no results for some sequences; where one of them was looked for.
    case missingResults(tracker: String, sequences: [String], example: String)
    /// A row of a result has a class that the benchmark does not evaluate.
    case resultClass(SourcePlace, found: Int, expected: String)
    /// A true box has a class that the benchmark does not know.
    case truthClass(sequence: String, frame: Int, found: Int)
    /// Anything else that breaks a rule: where, what was found, what was expected.
    case rule(sequence: String, found: String, expected: String)

    /// Which exit code the failure has.
    public var category: FailureCategory {
        switch self {
        case .missing, .notAFolder, .layout, .missingResults: .noInput
        case .cannotList(_, let code): Folder.isPermission(code) ? .permission : .inputOutput
        case .option: .usage
        case .resultClass, .truthClass, .rule: .badData
        }
    }
}

extension DatasetFault: CustomStringConvertible {
    /// The failure as a sentence, of several lines for a folder that is not as expected.
    public var description: String {
        switch self {
        case .missing(let path, let what):
            "\(printable(path, limit: 4096)): there is nothing here; expected \(what)"
        case .notAFolder(let path, let what):
            "\(printable(path, limit: 4096)) is a file; expected \(what)"
        case .cannotList(let path, let code):
            "\(printable(path, limit: 4096)): cannot look into this folder: \(Folder.message(code))"
        case .layout(let root, let what, let expected, let found):
            "\(printable(root, limit: 4096)) does not look like \(what). Expected one of\n"
                + expected.map { "    \($0)\n" }.joined() + "Found: \(found)"
        case .option(let sentence):
            sentence
        case .missingResults(let tracker, let sequences, let example):
            "\(printable(tracker, limit: 200)) has no results for \(sequences.count) of the sequences: "
                + "\(listed(sequences, limit: 30)); looked for \(printable(example, limit: 4096)). "
                + (example.hasSuffix(".txt") ? "An empty file stands for no boxes; " : "")
                + "--partial scores only what is there"
        case .resultClass(let place, let found, let expected):
            "\(place): the class (column 8) is \(found), but \(expected); "
                + "leave such rows out, or say --ignore-classes to take every row whatever its class"
        case .truthClass(let sequence, let frame, let found):
            "\(sequence), frame \(frame): the ground truth has class \(found), which the benchmark does not know "
                + "(1 to 13); correct it, or say --no-preprocessing"
        case .rule(let sequence, let found, let expected):
            "\(sequence): found \(found), expected \(expected)"
        }
    }
}

/// Names with commas between them, at most `limit` of them.
func listed(_ names: some Collection<String>, limit: Int) -> String {
    let shown = names.prefix(limit).map { printable($0, limit: 100) }.joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
}
