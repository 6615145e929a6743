public import ArgumentParser
import Evaluation
public import Formats
import Glibc

/// `--boxes` and what is kept of them.
struct BoxArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Read boxes from this file, FIFO, fd:N, or - for standard input.", valueName: "file"),
        completion: .file())
    var boxes: String

    @OptionGroup var filter: BoxFilterArguments
}

/// How boxes are read, shared by the commands that need them and those that may have them.
struct BoxFilterArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Format of the boxes: mot-gt, mot-det, jsonl or scalabel. Default: recognised.", valueName: "format"))
    var boxesFormat: BoxFormat?

    @Option(help: ArgumentHelp("Keep these classes only, as in 1,3. Default of a ground truth: 1.", valueName: "list"))
    var classes: ClassList?

    @Option(help: ArgumentHelp("Leave out boxes below this confidence.", valueName: "number"))
    var minConfidence: Double?

    @Option(help: ArgumentHelp("Refuse a frame with more boxes than this. Default: 1000.", valueName: "count"))
    var maxBoxes: Int?

    @Option(
        help: ArgumentHelp(
            "Give up when live boxes (FIFO, fd:N, -) pause for longer than this. Default: never.", valueName: "seconds")
    )
    var boxesTimeout: Double?

    /// Whether anything was said about how boxes are read.
    var isStated: Bool {
        boxesFormat != nil || classes != nil || minConfidence != nil || maxBoxes != nil || boxesTimeout != nil
    }

    func validate() throws {
        if let maxBoxes, !(1...100_000).contains(maxBoxes) {
            throw ValidationError("--max-boxes must be from 1 to 100000")
        }
        if let minConfidence, !minConfidence.isFinite { throw ValidationError("--min-confidence must be a number") }
        if let boxesTimeout, !(boxesTimeout > 0 && boxesTimeout <= 1e6) {
            throw ValidationError("--boxes-timeout must be a positive number of seconds")
        }
    }

    /// The reader's options, the command line winning over the preset.
    func options(preset: Preset.BoxChoices, frameRate: Double?, strict: Bool) -> BoxOptions {
        BoxOptions(
            format: boxesFormat,
            classes: classes?.numbers ?? preset.classes,
            minimumConfidence: minConfidence ?? preset.minimumConfidence,
            maximumBoxes: maxBoxes ?? preset.maximumBoxes ?? 1000,
            frameRate: frameRate,
            strict: strict,
            timeoutSeconds: boxesTimeout)
    }
}

extension BoxLocation {
    /// The location an option names.
    ///
    /// A closed descriptor is refused here, before its number is given to a file that this process opens.
    static func checked(_ argument: String) throws(FormatError) -> BoxLocation {
        let location = try BoxLocation(argument: argument)
        if case .fileDescriptor(let number) = location, fcntl(number, F_GETFD) < 0 {
            throw .descriptorNotOpen(number)
        }
        return location
    }
}

extension BoxFormat: ExpressibleByArgument {}

/// Class numbers as in `1,3`.
struct ClassList: ExpressibleByArgument {
    let numbers: Set<Int>

    init?(argument: String) {
        guard let numbers = PresetFile.classSet(argument) else { return nil }
        self.numbers = numbers
    }
}

/// Gaps as in `1,2,5,0.5s`: frames, or seconds.
struct DeltaList: ExpressibleByArgument {
    let deltas: [RetrievalDelta]

    init?(argument: String) {
        guard let deltas = PresetFile.deltaList(argument) else { return nil }
        self.deltas = deltas
    }
}
