import ArgumentParser

/// How much of the network's work a run may leave out.
struct WorkArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Take a tile's tokens from an earlier frame where its pixels changed by no more than this, in levels of "
                + "0 to 255. Default: never.", valueName: "levels"))
    var reuse: Double?

    @Option(
        help: ArgumentHelp(
            "What is computed of a frame: tokens that boxes read, whole tiles with such a token, or all of it. Results "
                + "are the same; for measuring.", valueName: "extent"))
    var compute: ComputedExtent = .tokens

    func validate() throws {
        if let reuse, !(reuse >= 0 && reuse <= 255) { throw ValidationError("--reuse must be from 0 to 255") }
        if reuse != nil, compute != .tokens {
            throw ValidationError("--compute \(compute.rawValue) is for measuring: it does not go with --reuse")
        }
    }
}

/// How much of a frame with boxes goes through the network.
enum ComputedExtent: String, CaseIterable, ExpressibleByArgument {
    /// Tiles that boxes read, and of their deepest block the tokens that boxes read.
    case tokens
    /// Tiles that boxes read, whole.
    case tiles
    /// Everything.
    case all
}
