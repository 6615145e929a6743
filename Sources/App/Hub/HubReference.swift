import Features

/// A file of a repository on the Hub: `ORG/REPO`, `ORG/REPO:FILE`, each with `@REVISION` behind it or not.
struct HubReference: Equatable, Sendable {
    /// `ORG/REPO`.
    let repository: String
    /// The file; nil is whichever weights the repository has.
    let file: String?
    /// A branch, a tag or a commit.
    let revision: String

    init(repository: String, file: String?, revision: String = "main") {
        self.repository = repository
        self.file = file
        self.revision = revision
    }

    /// - Returns: nil for text of another form; a path that climbs is none.
    init?(_ text: String) {
        var rest = Substring(text)
        var revision = "main"
        if let at = rest.lastIndex(of: "@") {
            revision = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        }
        var file: String?
        if let colon = rest.firstIndex(of: ":") {
            file = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        }
        let names = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, names.allSatisfy({ Self.isName($0) }), Self.isPath(revision),
            file.map(Self.isPath) ?? true
        else { return nil }
        self.init(repository: String(rest), file: file, revision: revision)
    }

    /// Weights that a repository may have, in the order of preference.
    static let usualFiles = [
        "model.safetensors", "model.safetensors.index.json", "open_clip_model.safetensors", "pytorch_model.bin",
        "open_clip_pytorch_model.bin",
    ]

    /// One part of a path: letters, digits, dot, underscore and minus, and not a step up.
    private static func isName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.utf8.count <= 200 && name.first != "." && name.first != "-"
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// A path below a folder: names, joined by slashes.
    static func isPath(_ path: String) -> Bool {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        return !names.isEmpty && names.count <= 8 && names.allSatisfy { isName($0) }
    }
}

extension HubReference {
    /// The reference of a known model; nil where it does not come from the Hub.
    init?(_ model: KnownModel) {
        guard case .hub(let repository, let file) = model.source else { return nil }
        self.init(repository: repository, file: file)
    }
}
