import Foundation

/// The Hugging Face Hub as the environment describes it: the server, the token, the cache, and whether there is a network.
///
/// Source: https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables. Variables and defaults
/// are those of `huggingface_hub`, so that both share one cache.
struct HubEnvironment: Sendable {
    /// The server, without a slash at its end.
    let endpoint: String
    /// What proves who asks; sent to the endpoint and to nobody else.
    let token: String?
    /// The folder of repositories.
    let cache: String
    /// The folder of models that are no repository's.
    let models: String
    /// Whether no server may be asked.
    let isOffline: Bool

    init(_ environment: [String: String]) {
        func value(_ names: String...) -> String? {
            names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        }
        func isTrue(_ name: String) -> Bool {
            ["1", "ON", "YES", "TRUE"].contains(environment[name]?.uppercased() ?? "")
        }
        var endpoint = value("HF_ENDPOINT") ?? "https://huggingface.co"
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        self.endpoint = endpoint

        let home = environment["HOME"] ?? "/"
        func expanded(_ path: String) -> String { path == "~" || path.hasPrefix("~/") ? home + path.dropFirst() : path }
        let folder = value("HF_HOME").map(expanded) ?? "\(value("XDG_CACHE_HOME") ?? "\(home)/.cache")/huggingface"
        cache = value("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE").map(expanded) ?? "\(folder)/hub"
        models = SearchPaths.cache(environment: environment) + "/models"
        isOffline = isTrue("HF_HUB_OFFLINE") || isTrue("TRANSFORMERS_OFFLINE")

        let file = value("HF_TOKEN_PATH").map(expanded) ?? "\(folder)/token"
        let written = value("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN") ?? Self.firstLine(of: file)
        // What cannot stand in a header is no token, and must not make a second header.
        token = written?.trimmingCharacters(in: .whitespacesAndNewlines).nonEmptyToken
    }

    /// The environment of this process.
    static var current: HubEnvironment { HubEnvironment(ProcessInfo.processInfo.environment) }

    private static func firstLine(of path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: 4096) else { return nil }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init)
    }
}

extension String {
    /// The text, where it is one visible ASCII word.
    fileprivate var nonEmptyToken: String? {
        !isEmpty && utf8.allSatisfy { (0x21...0x7E).contains($0) } ? self : nil
    }
}
