internal import Formats
internal import Synchronization

/// Which videos the label files of a data set hold, for those files that hold several.
///
/// A file of the whole set is looked through once, however many of its videos are read, and by whichever thread.
final class LabelLibrary: Sendable {
    private let indexes = Mutex<[String: ScalabelIndex]>([:])

    private let conditions = Mutex<[String: [String: String]]>([:])

    /// What other labels say of the weather, the scene and the time of day in each video.
    var attributes: [String: [String: String]] {
        get { conditions.withLock { $0 } }
        set { conditions.withLock { $0 = newValue } }
    }

    /// The index of a file that has been looked through.
    func known(_ path: String) -> ScalabelIndex? { indexes.withLock { $0[path] } }

    /// The index of a file.
    func index(of path: String) throws(EvaluationError) -> ScalabelIndex {
        if let index = known(path) { return index }
        let index: ScalabelIndex
        do throws(FormatError) {
            index = try ScalabelIndex(contentsOf: path)
        } catch {
            throw .reading(error)
        }
        indexes.withLock { $0[path] = index }
        return index
    }
}
