import ArgumentParser
import Features

/// `vtrack model`: models by name, and what is in their files.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "List, fetch and examine models.",
        discussion: """
            Models by name come from the Hugging Face Hub or from their authors' servers. HF_ENDPOINT, HF_TOKEN, HF_HOME, \
            HF_HUB_CACHE and HF_HUB_OFFLINE mean what they mean to huggingface_hub, and both share one cache. vtrack-tiny \
            ships with vtrack, and is used where no model is named.

            Example: vtrack model pull dino-vitb16
            """,
        subcommands: [
            ModelListCommand.self, ModelPullCommand.self, ModelInfoCommand.self, ModelVerifyCommand.self,
            ModelStatsCommand.self,
        ])
}

/// A checkpoint that a command of `vtrack model` looks at: a file, a name, or a repository that has been pulled.
struct ModelPlace {
    let path: String
    let checkpoint: Checkpoint

    /// Opens it, or the model that ships where nothing is named.
    init(_ model: String?) throws {
        let found = try Self.find(model)
        path = found.path
        checkpoint = try found.checkpoint()
    }

    /// Where it is.
    static func find(_ model: String?) throws(AppError) -> FoundModel {
        guard let found = try ModelChoice(model).find() else { throw .usage("none stands for no model: name one") }
        return found
    }
}
