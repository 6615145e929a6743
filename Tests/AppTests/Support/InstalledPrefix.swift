import Foundation

/// The program as `make install` lays it out, with a tiny random network in the place of the model that ships.
struct InstalledPrefix {
    /// What the tiny network's metadata recommends: neither of them is what is taken where a model says nothing.
    static let layer = "1"
    static let pool = "grid2"

    let scratch: ScratchFolder
    /// The name has a blank and letters that are no ASCII, as folders may have.
    private let name = "a prefix ä"

    init(withModel: Bool = true) throws {
        scratch = try ScratchFolder()
        let manager = FileManager.default
        for folder in ["bin", "share/vtrack/models", "share/vtrack/configs"] {
            try manager.createDirectory(atPath: path(folder), withIntermediateDirectories: true)
        }
        // A link is quicker than a copy, and is the same to the program; another file system takes a copy.
        do {
            try manager.linkItem(atPath: CommandRun.binary.path, toPath: binary)
        } catch {
            try manager.copyItem(atPath: CommandRun.binary.path, toPath: binary)
        }
        for preset in ["default", "paper", "short-gap"] {
            try manager.copyItem(
                atPath: TestFiles.root.appending(path: "configs/\(preset).yaml").path,
                toPath: path("share/vtrack/configs/\(preset).yaml"))
        }
        if withModel { try writeModel() }
    }

    var binary: String { path("bin/vtrack") }
    var model: String { path("share/vtrack/models/vtrack-tiny.safetensors") }

    /// Puts a network where the model that ships belongs.
    func writeModel(seed: UInt64 = 1, metadata: [String: String] = [:]) throws {
        try TinyCheckpoint.write(
            to: model, seed: seed,
            metadata: ["vtrack.layer": Self.layer, "vtrack.pool": Self.pool].merging(metadata) { $1 })
    }

    func path(_ name: String) -> String { scratch.path("\(self.name)/\(name)") }

    /// Runs the installed program, or another one, in the scratch folder, away from the user's own models.
    func vtrack(
        _ arguments: [String], binary: String? = nil, environment: [String: String] = [:]
    ) throws -> CommandRun {
        try CommandRun.shell(
            "exec \"$0\" \"$@\"", [binary ?? self.binary] + arguments,
            environment: Self.isolated(in: scratch).merging(environment) { $1 }, in: scratch.url)
    }

    /// An environment in which no model is found but the one that ships.
    static func isolated(in scratch: ScratchFolder) -> [String: String] {
        [
            "VTRACK_MODELS": "", "XDG_CACHE_HOME": scratch.path("cache"), "HF_HOME": scratch.path("hf"),
            "HF_HUB_CACHE": "",
        ]
    }

    /// The `model` of a JSON report in the scratch folder.
    func reportedModel(_ name: String = "r.json") throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: scratch.data(name) ?? Data()) as? [String: Any]
        return object?["model"] as? [String: Any] ?? [:]
    }
}
