import ArgumentParser
import Foundation
import Logging

/// Presets, threads, strictness and what is said on the way.
struct CommonArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Read settings from this YAML file; options win over it.", valueName: "file"),
        completion: .file())
    var config: String?

    @Option(help: ArgumentHelp("Use a preset that ships with vtrack, as in paper or short-gap.", valueName: "name"))
    var preset: String?

    @Option(help: ArgumentHelp("Worker threads. Default: one per processor.", valueName: "count"))
    var threads: Int?

    @Flag(
        help: ArgumentHelp(
            "Fail with status 65 on damaged video or malformed boxes instead of going on without them; eval: also "
                + "where a sequence is skipped."))
    var strict = false

    @Option(help: ArgumentHelp("Progress on standard error: auto (terminals only), json or none.", valueName: "mode"))
    var progress: ProgressMode = .auto

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        if let threads, !(1...64).contains(threads) { throw ValidationError("--threads must be from 1 to 64") }
    }

    /// Threads to use; 0 leaves the choice to the decoder and the network, which know their own limits.
    var threadCount: Int { threads ?? 0 }

    /// Threads for the decoder; 0 leaves the choice to it.
    ///
    /// Beside a network, whose threads take every core, it gets a quarter of them, and one at least.
    func decoderThreads(besidesNetwork: Bool) -> Int {
        besidesNetwork ? max(1, (threads ?? ProcessInfo.processInfo.activeProcessorCount) / 4) : threadCount
    }

    /// The preset, then the configuration file laid over it.
    func loadPreset() throws(AppError) -> Preset {
        var result = Preset()
        if let preset { result.overlay(try PresetFile.read(path: SearchPaths.preset(preset))) }
        if let config { result.overlay(try PresetFile.read(path: config)) }
        return result
    }

    /// A logger of notes and warnings for people.
    func logger() -> Logger {
        var logger = Logger(label: "vtrack") { _ in ConsoleLogHandler() }
        logger.logLevel = quiet ? .error : .notice
        return logger
    }
}

extension ProgressMode: ExpressibleByArgument {}
