import ArgumentParser

/// `vtrack sweep`: which layer, pooling, transform and similarity of a model finds objects again, from one pass.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Find which layer, pooling and transform of a model are best, and what they cost.",
        discussion: """
            Every frame goes through the network once; all blocks are taken from that pass and crossed with poolings, \
            transforms and similarities. Prints how many queries each configuration answers at each gap beside its cost, \
            marks those that nothing beats, and can save the best one for --config. With several sequences, what is \
            reported for the choice is of sequences that had no say in it. GFLOP are of a frame with all its tiles.

            Examples:
              vtrack sweep MOT17/train --model dino-vitb16 --deltas 1,5,25 --for-deltas 1-5 --write-config best.yaml
              vtrack sweep clip.mp4 --boxes gt.txt --model deit.safetensors --layers 3,6,9 --pools mean,grid3 --out s.json
            """)

    @OptionGroup(title: "Sequences") var sequences: SequenceArguments
    @OptionGroup(title: "Model") var network: NetworkArguments
    @OptionGroup(title: "What is crossed") var sweep: SweepArguments

    @Option(
        help: ArgumentHelp(
            "Gaps at which retrieval is measured, in frames or in seconds as 0.5s. Default: 1,2,5,10,25,50.",
            valueName: "list"))
    var deltas: DeltaList?

    @Option(
        help: ArgumentHelp(
            "The gaps that the best configuration is chosen for, as in 1-5 or 0.2s-1s. Default: all.",
            valueName: "first-last"))
    var forDeltas: DeltaRange?

    @Option(
        help: ArgumentHelp("Write all results here as JSON; - is standard output.", valueName: "file"),
        completion: .file())
    var out: String?

    @Option(help: ArgumentHelp("Write the table here as CSV.", valueName: "file"), completion: .file())
    var csv: String?

    @Option(
        help: ArgumentHelp("Save the best configuration here, for --config.", valueName: "file"), completion: .file())
    var writeConfig: String?

    @OptionGroup(title: "General") var common: CommonArguments

    func validate() throws {
        guard [out, csv, writeConfig].count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("only one of --out, --csv and --write-config can go to standard output")
        }
    }

    func run() throws {
        let interruption = Interruption()
        interruption.install()
        try SweepSession(self, interruption: interruption).run()
    }
}
