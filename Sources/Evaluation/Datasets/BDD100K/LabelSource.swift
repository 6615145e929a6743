internal import Formats

/// The frames of one video in a label file, be it a file of that video or of a whole set.
struct LabelSource {
    let path: String
    let sequence: String
    let library: LabelLibrary

    /// Gives the frames of the video, in the order of the file; false where the file does not hold it.
    ///
    /// A file that is named after the sequence belongs to it, whatever the one video in it is called, as TrackEval takes
    /// it. A file of several videos is looked through once, and the video is read from its own part.
    func read(_ take: (ScalabelFrame) throws(FormatError) -> Void) throws(EvaluationError) -> Bool {
        // A file of its own is small, and looking through it is half the work of reading it.
        let index = try library.index(of: path)
        guard let video = index[sequence] ?? (isNamedAfterSequence ? index.videos.first : nil) else { return false }
        if index[sequence] == nil, index.videos.count > 1 {
            throw .reading(
                .videoNotFound(source: printable(path, limit: 4096), name: sequence))
        }
        do throws(FormatError) {
            try index.read(video, take)
        } catch {
            throw .reading(error)
        }
        return true
    }

    private var isNamedAfterSequence: Bool {
        Folder.name(of: path).hasSuffix(".json") && Folder.name(of: path).dropLast(5) == sequence
    }
}
