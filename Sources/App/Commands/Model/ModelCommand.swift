import ArgumentParser
import Features
import Foundation
import Glibc

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

/// Text for standard output, checked to the last byte.
func printOut(_ text: String) throws(AppError) {
    var sink = ByteSink(descriptor: STDOUT_FILENO, path: "standard output", ownsDescriptor: false)
    try sink.write(text)
    try sink.flush()
}

extension Encodable {
    /// Indented JSON with sorted keys and a final newline.
    func indentedJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

/// Rows of text as a table: columns as wide as their widest cell.
func aligned(_ rows: [[String]]) -> String {
    var widths: [Int] = []
    for row in rows {
        for (column, cell) in row.enumerated() {
            if column == widths.count { widths.append(0) }
            widths[column] = max(widths[column], cell.count)
        }
    }
    return rows.map { row in
        var line = ""
        for (column, cell) in row.enumerated() {
            line += cell
            // No blanks at the end of a line.
            if column < row.count - 1 { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
        }
        return line + "\n"
    }.joined()
}
