import Features
import Foundation

/// A checkpoint that a name led to.
struct FoundModel {
    let path: String
    /// What it is called; nil where its file's name says that.
    var name: String?
    /// The family it is known to be of, which a file as the Hub names it may not show.
    var family: String?

    /// Opens it.
    ///
    /// - Throws: `FeatureError`, or for the model that ships an `AppError` of its category that says what to do, since
    ///   whoever named no model may not know of it.
    func checkpoint(overrides: CheckpointOverrides = CheckpointOverrides()) throws -> Checkpoint {
        do {
            return try opened(overrides)
        } catch {
            guard path == ShippedModel.path else { throw error }
            throw AppError.model(
                name: ShippedModel.name,
                message:
                    "\(error). This file came with vtrack: install vtrack anew, name another model with --model FILE or "
                    + "--model NAME, or track by motion alone with --model none", category: error.category)
        }
    }

    private func opened(_ overrides: CheckpointOverrides) throws(FeatureError) -> Checkpoint {
        var overrides = overrides
        if overrides.family == nil { overrides.family = family }
        let checkpoint = try Checkpoint(path: path, overrides: overrides)
        return name.map(checkpoint.named) ?? checkpoint
    }
}

/// Where models and presets are looked for by name.
enum SearchPaths {
    /// Endings of a model's file, in the order in which they are looked for.
    private static let endings = [".safetensors", ".pth", ".pt", ".bin", ".npz"]

    /// The checkpoint for `--model`.
    ///
    /// A file where the text looks like one or names one that is there; else a model by its name.
    static func model(
        _ name: String, environment: [String: String]
    ) throws(AppError) -> FoundModel {
        // A file of this name in the working folder is not what nobody asked for.
        if name == ShippedModel.name { return try named(name, environment: environment) }
        if isRegularFile(name) { return FoundModel(path: name) }
        if name.contains("/") || name.hasSuffix(".safetensors") {
            // What is there is a path; only what is not can be a repository's name.
            if !FileManager.default.fileExists(atPath: name), let reference = HubReference(name),
                let path = HubCache(root: HubEnvironment(environment).cache).path(of: reference)
            {
                return FoundModel(path: path, name: reference.repository.split(separator: "/").last.map(String.init))
            }
            return FoundModel(path: name)
        }
        return try named(name, environment: environment)
    }

    /// The checkpoint of a name that is no path.
    ///
    /// NAME with a model's ending in `$VTRACK_MODELS`, then in the user's cache, then where the model that ships is, so
    /// that a user's own file of that name wins; else what `vtrack model pull` brought under that name.
    static func named(_ name: String, environment: [String: String]) throws(AppError) -> FoundModel {
        var folders: [String] = []
        if let own = environment["VTRACK_MODELS"], !own.isEmpty { folders.append(own) }
        folders.append(cache(environment: environment) + "/models")
        if name == ShippedModel.name { folders += ShippedModel.folders }
        for folder in folders {
            let candidates = endings.map { "\(folder)/\(name)\($0)" }
            if let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) {
                return FoundModel(path: found, family: KnownModel.named(name)?.family)
            }
        }
        if let model = KnownModel.named(name) {
            if let path = pulled(model, HubEnvironment(environment)) {
                return FoundModel(path: path, name: model.name, family: model.family)
            }
            throw .modelNotPulled(name: model.name)
        }
        let searched = folders.map { "\($0)/\(name).safetensors" }
        throw name == ShippedModel.name
            ? .shippedModelMissing(searched: searched) : .modelNotFound(name: name, searched: searched)
    }

    /// Where a known model's file is; nil where it has not been pulled.
    static func pulled(_ model: KnownModel, _ environment: HubEnvironment) -> String? {
        if let reference = HubReference(model) { return HubCache(root: environment.cache).path(of: reference) }
        return endings.map { "\(environment.models)/\(model.name)\($0)" }
            .first { FileManager.default.fileExists(atPath: $0) }
    }

    /// Whether a path leads to a regular file.
    private static func isRegularFile(_ path: String) -> Bool {
        var facts = stat()
        return unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    /// The inputs among some arguments: what no output may overwrite.
    static func inputs(_ arguments: [String?]) -> [String] {
        arguments.compactMap { $0 }.filter { $0 != "-" }
    }

    /// The preset for `--preset`: NAME.yaml in configs/ of the source tree the binary was built in, or in
    /// share/vtrack/configs beside the folder it was installed in.
    static func preset(_ name: String) throws(AppError) -> String {
        let folders = shippedFolders(installed: "configs", built: "configs")
        let candidates = folders.map { "\($0)/\(name).yaml" }
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

    /// The folders of a kind of file that ships with vtrack: `share/vtrack/INSTALLED` beside the folder the binary was
    /// installed in, and BUILT in the source tree it was built in.
    ///
    /// A link to the binary is followed. Where the binary was replaced while it runs, the kernel marks its name, which
    /// does not matter here, and not its folder.
    static func shippedFolders(installed: String, built: String) -> [String] {
        guard let binary = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            return []
        }
        let folder = URL(fileURLWithPath: binary).deletingLastPathComponent()
        var folders = [folder.deletingLastPathComponent().appending(path: "share/vtrack/\(installed)").path]
        // .build/release is a link into .build/<triple>/release: the source tree is two or three levels up.
        var ancestor = folder
        for _ in 0..<3 {
            ancestor.deleteLastPathComponent()
            if ancestor.lastPathComponent == ".build" {
                folders.append(ancestor.deletingLastPathComponent().appending(path: built).path)
            }
        }
        return folders
    }
}
