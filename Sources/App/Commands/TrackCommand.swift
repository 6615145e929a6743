import ArgumentParser
import Evaluation
import Features
import Formats
import Geometry
import Logging
import Tracker

/// `vtrack track`: associate boxes alone, without a video.
struct TrackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "track",
        abstract: "Track boxes without a video: by motion alone, or with vectors that --features wrote.",
        discussion: """
            The frame rate (frames per second) and size (pixels) come from seqinfo.ini beside or above the boxes where \
            there is one; identities in the boxes are not looked at.

            Examples:
              vtrack track --boxes MOT17-05-FRCNN/det/det.txt --out tracks.txt
              vtrack track --boxes gt.txt --vectors features.safetensors --out tracks.txt
            """)

    @OptionGroup(title: "Boxes") var boxes: BoxArguments

    @Option(
        help: ArgumentHelp(
            "Vectors of these boxes, as run --features or embed --boxes wrote them.", valueName: "file"),
        completion: .file())
    var vectors: String?

    @Option(name: .customLong("fps"), help: ArgumentHelp("Frames per second.", valueName: "rate"))
    var framesPerSecond: Double?

    @Option(help: ArgumentHelp("Frame size in pixels.", valueName: "WxH"))
    var frameSize: FrameSizeArgument?

    @Option(
        help: ArgumentHelp(
            "Measure retrieval at these gaps, in frames or in seconds as 0.5s. Default: only with --vectors.",
            valueName: "list"))
    var deltas: DeltaList?

    @OptionGroup(title: "Outputs") var outputs: TrackOutputArguments
    @OptionGroup(title: "General") var common: CommonArguments

    func validate() throws {
        if let framesPerSecond, !(framesPerSecond >= 0.001 && framesPerSecond <= 1000) {
            throw ValidationError("--fps must be from 0.001 to 1000 frames per second")
        }
    }

    func run() throws {
        let started = ContinuousClock.now
        let interruption = Interruption()
        interruption.install()
        let logger = common.logger()
        let preset = try common.loadPreset()
        let inputs = SearchPaths.inputs([boxes.boxes, vectors, common.config])
        var tracks = try outputs.openTracks(inputs: inputs)
        var reportOutput = try outputs.openReport(inputs: inputs)

        let sequence =
            try boxes.boxes == "-" || boxes.boxes.hasPrefix("fd:")
            ? nil : SequenceInfo.beside(boxesPath: boxes.boxes)
        let rate = framesPerSecond ?? sequence?.frameRate ?? 30
        if framesPerSecond == nil, sequence?.frameRate == nil {
            logger.notice("no seqinfo.ini with a frame rate beside the boxes: taking 30 frames/s; --fps sets it")
        }
        let width = frameSize.map { Double($0.width) } ?? sequence?.width.map(Double.init)
        let height = frameSize.map { Double($0.height) } ?? sequence?.height.map(Double.init)
        let reader = try BoxReader(
            location: BoxLocation.checked(boxes.boxes),
            options: boxes.filter.options(preset: preset.boxes, frameRate: rate, strict: common.strict))
        interruption.onSignal { reader.cancel() }
        let table = try vectors.map { try VectorTable(path: $0) }

        let measured = table != nil || deltas != nil
        let study =
            measured
            ? try RetrievalStudy(
                deltas: deltas?.deltas ?? preset.deltas ?? RunSession.defaultDeltas,
                similarity: preset.features.similarity ?? .cosine) : nil
        var association = try Association(
            configuration: preset.tracker ?? TrackerConfiguration(), frameWidth: width, frameHeight: height,
            frameRate: rate, study: study)
        var result = Report(source: nil, boxesSource: boxes.boxes)
        result.frameRate = rate
        do {
            while let frame = try reader.next() {
                try interruption.check()
                let vectors = try table?.vectors(frame: frame.frame, records: frame.boxes)
                let rows = try association.add(
                    frame: frame.frame, records: frame.boxes, vectors: vectors, histograms: nil)
                try tracks.write(frame: frame.frame, rows: rows)
                result.frames += 1
                result.boxes += frame.boxes.count
                result.boxesUntracked += frame.boxes.count - rows.count
            }
        } catch  where interruption.signal != nil && !AppError.isOutputFailure(error) {
            // A signal ends the run in order; an output that fails at that moment does not.
            result.interrupted = true
        }
        result.tracks = association.tracks
        result.retrieval = association.retrieval()
        try tracks.finish()
        result.seconds.total = (ContinuousClock.now - started).seconds
        result.seconds.associate = association.associateSeconds
        try reportOutput?.publish(result.json())
        for sentence in reader.summary.sentences { logger.notice("\(sentence)") }
        let summary = RunSummary(
            report: result, appearance: table.map { "vectors of \($0.dimension) numbers from \(vectors ?? "")" })
        try summary.print(
            tracksPath: outputs.tracksPath, toStandardError: outputs.usesStandardOutput, quiet: common.quiet)
        try interruption.check()
    }
}

/// A frame size as in `1920x1080`.
struct FrameSizeArgument: ExpressibleByArgument {
    let width: Int
    let height: Int

    init?(argument: String) {
        let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1], (1...1_000_000).contains(width),
            (1...1_000_000).contains(height)
        else { return nil }
        self.width = width
        self.height = height
    }
}
