import ArgumentParser
import Glibc

/// The program: parses the command line, runs a command, and turns its error into a message and an exit status.
@main
struct VTrack: ParsableCommand {
    /// The version that `--version` prints and reports carry.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "vtrack",
        abstract: "Link boxes across the frames of a video by what a frozen Vision Transformer sees in them.",
        discussion: """
            Boxes come from a file or a live detector. Each frame is embedded once, one feature is pooled per box, and \
            boxes are linked across frames. Where the boxes carry identities, vtrack also measures how well the \
            features find the same object some frames later.

            Example: vtrack run clip.mp4 --boxes gt.txt
            """,
        version: version,
        subcommands: [
            RunCommand.self, TrackCommand.self, EvalCommand.self, ScoreCommand.self, EmbedCommand.self,
            CompareCommand.self, SweepCommand.self, ProbeCommand.self, BenchCommand.self, ModelCommand.self,
        ])

    static func main() {
        // A closed pipe and a file over the limit of its size must be error values, not a silent death.
        _ = signal(SIGPIPE, SIG_IGN)
        _ = signal(SIGXFSZ, SIG_IGN)
        StandardStreams.occupyClosed()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            ProgressLine.erase()
            // Help, versions and wrong usage are the parser's to print.
            let parsed = exitCode(for: error)
            if parsed == .validationFailure { exit(withError: error) }
            if parsed == .success { Glibc.exit(printed(fullMessage(for: error))) }
            let (message, status) = ExitStatus.describe(error)
            if let message { Console.line("vtrack: error: \(message)") }
            Glibc.exit(status)
        }
    }

    /// Prints help or a version, and returns the exit status: writing them can fail as any output can.
    private static func printed(_ text: String) -> Int32 {
        do {
            try printOut(text + "\n")
            return EXIT_SUCCESS
        } catch {
            let (message, status) = ExitStatus.describe(error)
            if let message { Console.line("vtrack: error: \(message)") }
            return status
        }
    }
}
