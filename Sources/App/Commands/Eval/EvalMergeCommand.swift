import ArgumentParser

/// `vtrack eval merge`: puts the parts of a spread evaluation together.
struct EvalMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Put together what shards of one evaluation wrote.",
        discussion: """
            Gives the bytes that one run would have given. The parts must have one configuration, no sequence twice, \
            and together all of them.
            Example: vtrack eval merge part1 part2 part3 --out whole
            """)

    @Argument(help: ArgumentHelp("Folders that vtrack eval --shard wrote."), completion: .directory)
    var folders: [String]

    @Option(
        help: ArgumentHelp("Folder of everything that is written. Default: eval-out.", valueName: "folder"),
        completion: .directory)
    var out = "eval-out"

    @OptionGroup var reports: ReportNameArguments

    @Flag(help: "Put together what is there though sequences are missing; scores say that they are partial.")
    var partial = false

    @Flag(help: "Delete the finished sequences that the folder holds, and start anew.")
    var overwrite = false

    @Flag(help: "Fail with status 65 where sequences were skipped.")
    var strict = false

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func run() throws {
        try MergeSession(self).run()
    }
}
