import Crypto

/// What a server says about a file before its bytes come.
///
/// Source: https://huggingface.co/docs/huggingface_hub, `file_download.py` (`get_hf_file_metadata`). The Hub redirects
/// large files to another server and tells their SHA-256 and size in that redirect's X-Linked-Etag and X-Linked-Size;
/// of small files the ETag is the SHA-1 that git gives them.
struct FileFacts: Equatable, Sendable {
    /// The name that the content goes by, made fit for a file's name.
    var name: String?
    /// The ETag as the server wrote it, where it may be compared with by If-Range.
    var strongTag: String?
    /// Bytes.
    var size: Int?
    /// SHA-256 of the content.
    var sha256: String?
    /// SHA-1 of the content as a blob of git.
    var gitSHA1: String?
    /// The commit that the revision is.
    var commit: String?

    init() {}

    /// Reads headers.
    ///
    /// - Parameter isHub: Whether an answer is the Hub's, whose tags are digests.
    init(_ answers: [HTTPAnswer], isHub: (HTTPAnswer) -> Bool) {
        guard let last = answers.last else { return }
        if let commit = answers.lazy.compactMap({ $0.headers["x-repo-commit"] }).first, Self.isHexadecimal(commit) {
            self.commit = commit
        }
        let linked = answers.first { isHub($0) && $0.headers["x-linked-etag"] != nil }
        let tag = linked?.headers["x-linked-etag"] ?? last.headers["etag"]
        if let linked {
            size = linked.count("x-linked-size")
        } else if last.status == 200, (last.headers["content-encoding"] ?? "identity") == "identity" {
            size = last.count("content-length")
        }
        guard let tag else { return }
        let bare = Self.bare(tag)
        name = Self.fileName(bare)
        if linked != nil || isHub(last), Self.isHexadecimal(bare) {
            if bare.utf8.count == 64 { sha256 = bare.lowercased() }
            if bare.utf8.count == 40 { gitSHA1 = bare.lowercased() }
        }
        if linked == nil, tag.hasPrefix("\"") { strongTag = tag }
    }

    /// A tag without its quotes and the mark of weakness.
    private static func bare(_ tag: String) -> String {
        var text = Substring(tag)
        if text.hasPrefix("W/") { text = text.dropFirst(2) }
        if text.hasPrefix("\""), text.hasSuffix("\""), text.utf8.count >= 2 { text = text.dropFirst().dropLast() }
        return String(text)
    }

    private static func isHexadecimal(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64 && text.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
    }

    /// The tag itself where it can be a file's name, else a digest of it.
    private static func fileName(_ tag: String) -> String {
        HubReference.isPath(tag) && !tag.contains("/") && tag.utf8.count <= 128
            ? tag : hexadecimal(SHA256.hash(data: Array(tag.utf8)))
    }
}

/// Bytes as lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
        let text = String(byte, radix: 16)
        return text.count == 1 ? "0\(text)" : text
    }.joined()
}
