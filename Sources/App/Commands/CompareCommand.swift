import ArgumentParser

/// `vtrack compare`: several models on the same decoded frames, in one table and one figure.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare how well several models find the same object again, on the same frames.",
        discussion: """
            Frames are decoded once. An entry of --models is a name or a file, with what is chosen about it after colons, \
            or one of the baselines histogram, iou and centre. Prints the share of boxes whose nearest box some frames \
            later is the same object (instance) and of the same class.

            Examples:
              vtrack compare clip.mp4 --boxes gt.txt --models dino-vitb16,mae-vitb16,mae-vitb16:drop=200,histogram
              vtrack compare MOT17/train --models dino-vitb16:layer=9,dino-vitb16:layer=3+6+9:pool=grid3 --figure f.svg
            """)

    @OptionGroup(title: "Sequences") var sequences: SequenceArguments

    @Option(
        help: ArgumentHelp(
            "Models with commas between them, each with choices of its own after colons: drop=200, layer=9, layer=3+6+9, "
                + "join=mean, token=keys, pool=grid3, tiling=whole, precision=bf16, similarity=l2, family=NAME, standardize, "
                + "drop-artefacts. Baselines: histogram, iou, centre. Default: vtrack-tiny, which ships, and the baselines.",
            valueName: "list"))
    var models: String?

    @OptionGroup(title: "Features of every model that does not say otherwise") var features: FeatureArguments

    @Option(
        help: ArgumentHelp(
            "Gaps at which retrieval is measured, in frames or in seconds as 0.5s. Default: 1,2,5,10,25,50.",
            valueName: "list"))
    var deltas: DeltaList?

    @Option(
        help: ArgumentHelp("Write the results here as JSON; - is standard output.", valueName: "file"),
        completion: .file())
    var out: String?

    @Option(
        help: ArgumentHelp("Draw the accuracy over the gap here, as SVG.", valueName: "file"), completion: .file())
    var figure: String?

    @OptionGroup(title: "General") var common: CommonArguments

    func validate() throws {
        if out == "-", figure == "-" {
            throw ValidationError("--out and --figure cannot both go to standard output")
        }
    }

    func run() throws {
        let interruption = Interruption()
        interruption.install()
        try CompareSession(self, interruption: interruption).run()
    }
}
