import ArgumentParser
import Features

/// `vtrack model verify`: read every tensor.
struct ModelVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read every tensor of a model, and compare a pulled file's digest with the one it came with.",
        discussion:
            "Status 65, and the tensor's name, where a number is infinite or none, a shape is wrong or bytes miss.")

    @Argument(
        help: ArgumentHelp(
            "A checkpoint, a name, or a repository that has been pulled. Default: vtrack-tiny, which ships.",
            valueName: "model"), completion: .file())
    var model: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let interruption = Interruption()
        interruption.install()
        interruption.onSignal {}
        let found = try ModelPlace.find(model)
        // The digest first: of a file that has changed, nothing else is worth knowing.
        var report = Report(path: found.path)
        if let digest = try Self.recordedDigest(of: found.path, interruption) { report.digest = digest }
        let checkpoint = try found.checkpoint()
        // A model of several files has an index and its parts.
        for file in checkpoint.files where file != found.path {
            _ = try Self.recordedDigest(of: file, interruption)
        }
        for tensor in checkpoint.tensors {
            try interruption.check()
            if try checkpoint.verify(tensor) {
                report.tensors += 1
                report.numbers += tensor.count
            } else {
                report.passedBy += 1
            }
        }
        if json {
            try printOut(report.json())
            return
        }
        var text = "\(found.path): \(report.tensors) tensors of \(report.numbers) finite numbers"
        if report.passedBy > 0 { text += ", \(report.passedBy) of whole numbers" }
        text += report.digest.map { "; SHA-256 \($0) as it was pulled" } ?? "; no digest on record to compare with"
        try printOut(text + "\n")
    }

    /// The digest of a pulled file, which is the one it came with; nil where none is on record.
    ///
    /// - Throws: `AppError` where it is another one.
    private static func recordedDigest(of path: String, _ interruption: Interruption) throws -> String? {
        guard let expected = RecordedDigest.expected(of: path) else { return nil }
        let digest = try FileDigest.sha256(of: [path]) { try interruption.check() }
        guard digest == expected else {
            throw AppError.unsuitable(
                path: path, message: "its SHA-256 is \(digest), \(expected) when it was pulled; pull it again")
        }
        return digest
    }

    /// What was looked at.
    private struct Report: Encodable {
        var path: String
        /// Tensors read, and the numbers in them.
        var tensors = 0
        var numbers = 0
        /// Tensors that are not of floats.
        var passedBy = 0
        /// The digest that the file was pulled with; null where none is on record.
        var digest: String?

        enum CodingKeys: String, CodingKey {
            case path, tensors, numbers, digest
            case passedBy = "passed_by"
        }

        init(path: String) { self.path = path }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(path, forKey: .path)
            try container.encode(tensors, forKey: .tensors)
            try container.encode(numbers, forKey: .numbers)
            try container.encode(passedBy, forKey: .passedBy)
            try container.encode(digest, forKey: .digest)
        }
    }
}
