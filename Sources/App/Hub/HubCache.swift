import Foundation
import Glibc

/// Where files of repositories lie on this machine, laid out as `huggingface_hub` does, so that what Python fetched
/// need not be fetched again, and the other way round.
///
/// Source: https://huggingface.co/docs/huggingface_hub/guides/manage-cache. `models--ORG--REPO` holds `blobs/ETAG` with
/// the bytes, `snapshots/COMMIT/FILE`, which are links to them, and `refs/REVISION`, each with a commit.
struct HubCache: Sendable {
    /// The folder of all repositories.
    let root: String

    /// A repository's folder.
    func folder(of repository: String) -> String {
        "\(root)/models--\(repository.replacing("/", with: "--"))"
    }

    /// The file that a reference names, where it has been pulled.
    ///
    /// Without a file, the first of the usual ones that is there.
    func path(of reference: HubReference) -> String? {
        guard let commit = commit(of: reference) else { return nil }
        let snapshot = "\(folder(of: reference.repository))/snapshots/\(commit)"
        let files = reference.file.map { [$0] } ?? HubReference.usualFiles
        return files.map { "\(snapshot)/\($0)" }.first { FileManager.default.fileExists(atPath: $0) }
    }

    /// The commit that a revision was when it was pulled.
    private func commit(of reference: HubReference) -> String? {
        let folder = folder(of: reference.repository)
        if let text = try? String(contentsOfFile: "\(folder)/refs/\(reference.revision)", encoding: .utf8) {
            let commit = text.trimmingCharacters(in: .whitespacesAndNewlines)
            // One name: the file is nobody's but the user's, and still must not lead elsewhere.
            if HubReference.isPath(commit), !commit.contains("/") { return commit }
        }
        // A commit is its own name.
        let snapshot = "\(folder)/snapshots/\(reference.revision)"
        return FileManager.default.fileExists(atPath: snapshot) ? reference.revision : nil
    }

    /// Where the bytes of a file with that entity tag lie.
    func blob(_ name: String, of repository: String) -> String { "\(folder(of: repository))/blobs/\(name)" }

    /// The file whose lock whoever fetches a blob holds.
    func lock(_ name: String, of repository: String) -> String {
        "\(root)/.locks/models--\(repository.replacing("/", with: "--"))/\(name).lock"
    }

    /// Makes a snapshot's file a link to its blob, in one step for whoever looks.
    ///
    /// - Returns: The path of the link.
    func link(_ file: String, to blob: String, commit: String, of repository: String) throws(AppError) -> String {
        let path = "\(folder(of: repository))/snapshots/\(commit)/\(file)"
        try FilePlace.makeFolder(of: path)
        let up = String(repeating: "../", count: 2 + file.count { $0 == "/" })
        let temporary = "\(path).\(getpid()).link"
        unsafe unlink(temporary)
        guard unsafe symlink("\(up)blobs/\(blob)", temporary) == 0 else {
            throw .output(path: path, operation: "create", code: errno)
        }
        guard unsafe rename(temporary, path) == 0 else {
            let code = errno
            unsafe unlink(temporary)
            throw .output(path: path, operation: "create", code: code)
        }
        return path
    }

    /// Notes which commit a revision is.
    func note(_ revision: String, is commit: String, of repository: String) throws(AppError) {
        guard revision != commit else { return }
        try FilePlace.write("\(commit)", to: "\(folder(of: repository))/refs/\(revision)")
    }
}
