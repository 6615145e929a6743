import ArgumentParser

/// `vtrack model info`: what a model is.
struct ModelInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show what a model is: its structure, sizes, constants, what had to be assumed, and its digest.")

    @Argument(
        help: ArgumentHelp(
            "A checkpoint, a name, or a repository that has been pulled. Default: vtrack-tiny, which ships.",
            valueName: "model"), completion: .file())
    var model: String?

    @Flag(help: "List every tensor: its name, type and shape.")
    var tensors = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let place = try ModelPlace(model)
        let facts = try ModelFacts(place.checkpoint, path: place.path, listsTensors: tensors)
        try printOut(json ? facts.json() : facts.text())
    }
}
