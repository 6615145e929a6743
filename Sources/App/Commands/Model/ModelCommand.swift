import ArgumentParser
import Features
import Foundation

/// `vtrack model`: models by name, and what is in their files.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "List, fetch and examine models.",
        discussion: """
            Models by name come from the Hugging Face Hub or from their authors' servers. HF_ENDPOINT, HF_TOKEN, HF_HOME, \
            HF_HUB_CACHE and HF_HUB_OFFLINE mean what they mean to huggingface_hub, and both share one cache.

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

    /// Opens it.
    init(_ model: String, overrides: CheckpointOverrides = CheckpointOverrides()) throws {
        let found = try SearchPaths.model(model, environment: ProcessInfo.processInfo.environment)
        path = found.path
        checkpoint = try found.checkpoint(overrides: overrides)
    }
}
