public import ArgumentParser
public import Decode

/// How sources are decoded and their frames numbered.
struct DecodeArguments: ParsableArguments {
    @Option(
        name: .customLong("fps"),
        help: ArgumentHelp(
            "Frames per second of an image folder, or instead of what the video says.", valueName: "rate"))
    var framesPerSecond: Double?

    @Option(
        help: ArgumentHelp(
            "Number frames by their timestamps (pts), or count them as OpenCV does (count).", valueName: "pts|count"))
    var frameNumbers: FrameNumbering = .timestamps

    @Option(help: ArgumentHelp("Refuse pictures with more pixels than this.", valueName: "count"))
    var maxPixels: Int = 64_000_000

    @Option(
        help: ArgumentHelp(
            "Give up when the source sends nothing for this long. Default: 30 for pipes, never for files.",
            valueName: "seconds"))
    var readTimeout: Double?

    func validate() throws {
        if let framesPerSecond, !(framesPerSecond >= 0.001 && framesPerSecond <= 1000) {
            throw ValidationError("--fps must be from 0.001 to 1000 frames per second")
        }
        guard (1...1_000_000_000).contains(maxPixels) else { throw ValidationError("--max-pixels must be positive") }
        if let readTimeout, !(readTimeout > 0 && readTimeout <= 1e6) {
            throw ValidationError("--read-timeout must be a positive number of seconds")
        }
    }

    /// The decoder's options.
    func options(threads: Int) -> DecodeOptions {
        var options = DecodeOptions()
        options.frameNumbering = frameNumbers
        options.frameRate = framesPerSecond
        options.maxPixels = maxPixels
        options.threads = threads
        options.readTimeoutSeconds = readTimeout
        return options
    }
}

extension FrameNumbering: ExpressibleByArgument {}
