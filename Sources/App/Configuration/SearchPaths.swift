import Foundation

/// Where models and presets are looked for by name.
enum SearchPaths {
    /// The checkpoint for `--model`: a file if the text looks like one or names one that is there, else NAME.safetensors in
    /// `$VTRACK_MODELS`, then in the user's cache.
    static func model(_ name: String, environment: [String: String]) throws(AppError) -> String {
        if name.contains("/") || name.hasSuffix(".safetensors") || isRegularFile(name) { return name }
        var folders: [String] = []
        if let own = environment["VTRACK_MODELS"], !own.isEmpty { folders.append(own) }
        folders.append(cache(environment: environment) + "/models")
        let candidates = folders.map { "\($0)/\(name).safetensors" }
        if let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) { return found }
        throw .modelNotFound(name: name, searched: candidates)
    }

    /// Whether a path leads to a regular file.
    private static func isRegularFile(_ path: String) -> Bool {
        var facts = stat()
        return unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    /// The checkpoint that `--model` means; nil where there is none, which is for later to say.
    static func existingModel(_ name: String?) -> String? {
        name.flatMap { try? model($0, environment: ProcessInfo.processInfo.environment) }
    }

    /// The inputs among some arguments: what no output may overwrite.
    static func inputs(_ arguments: [String?]) -> [String] {
        arguments.compactMap { $0 }.filter { $0 != "-" }
    }

    /// The preset for `--preset`: NAME.yaml in configs/ of the source tree the binary was built in, or in
    /// share/vtrack/configs beside the folder it was installed in.
    static func preset(_ name: String) throws(AppError) -> String {
        let candidates = presetFolders().map { "\($0)/\(name).yaml" }
        guard !name.contains("/"), !name.isEmpty, name.first != "." else {
            throw .presetNotFound(name: name, searched: candidates)
        }
        if let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) { return found }
        throw .presetNotFound(name: name, searched: candidates)
    }

    /// The user's cache folder, as the XDG base directory specification places it.
    static func cache(environment: [String: String]) -> String {
        if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") { return "\(folder)/vtrack" }
        return "\(environment["HOME"] ?? "/")/.cache/vtrack"
    }

    private static func presetFolders() -> [String] {
        guard let binary = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            return []
        }
        let folder = URL(fileURLWithPath: binary).deletingLastPathComponent()
        var folders = [folder.deletingLastPathComponent().appending(path: "share/vtrack/configs").path]
        // .build/release is a link into .build/<triple>/release: the source tree is two or three levels up.
        var ancestor = folder
        for _ in 0..<3 {
            ancestor.deleteLastPathComponent()
            if ancestor.lastPathComponent == ".build" {
                folders.append(ancestor.deletingLastPathComponent().appending(path: "configs").path)
            }
        }
        return folders
    }
}
