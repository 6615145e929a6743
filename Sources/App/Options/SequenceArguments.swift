import ArgumentParser
import Decode

/// Several videos with their boxes, for the commands that measure retrieval over all of them.
struct SequenceArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Videos or folders of numbered images, or a folder of sequences: MOT sequences, or clips of BDD100K's track "
                + "set. - is standard input."), completion: .file())
    var sources: [String]

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Read boxes from this file; once for each source, in their order. Default for sequences: gt/gt.txt inside, or "
                + "BDD100K's labels.", valueName: "file"), completion: .file())
    var boxes: [String] = []

    @OptionGroup var filter: BoxFilterArguments
    @OptionGroup var decoding: DecodeArguments

    func validate() throws {
        guard boxes.isEmpty || boxes.count == sources.count else {
            throw ValidationError(
                "\(boxes.count) --boxes for \(sources.count) sources: give one for each, in their order, or none where "
                    + "the sources are sequences with their own")
        }
        guard sources.count(where: { $0 == "-" }) + boxes.count(where: { $0 == "-" }) <= 1 else {
            throw ValidationError("standard input can be one source or one --boxes; give the others as files")
        }
    }
}
