import ArgumentParser
import Decode

/// One video and how it is decoded.
struct SourceArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A video file, a folder of numbered JPEG or PNG images (a MOT sequence folder too), or - for standard input."
        ), completion: .file())
    var source: String

    @OptionGroup var decoding: DecodeArguments

    /// The source as the decoder takes it.
    var video: VideoSource { VideoSource(argument: source) }

    /// The decoder's options.
    func decodeOptions(threads: Int) -> DecodeOptions { decoding.options(threads: threads) }
}
