import ArgumentParser

/// How much of the network's work a run may leave out.
struct WorkArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Take a tile's tokens from an earlier frame where its pixels changed by no more than this, in levels of "
                + "0 to 255. Default: never.", valueName: "levels"))
    var reuse: Double?

    @Flag(help: "Compute every token of every frame with boxes, also those that no box reads: for measuring.")
    var dense = false

    func validate() throws {
        if let reuse, !(reuse >= 0 && reuse <= 255) { throw ValidationError("--reuse must be from 0 to 255") }
        if reuse != nil, dense { throw ValidationError("--dense computes every token: it does not go with --reuse") }
    }
}
