import Geometry

/// Reads boxes frame by frame from a file, a FIFO, a descriptor or standard input.
///
/// A regular file is read, filtered and sorted when the reader is made, so that what is wrong with it is known before a
/// video is decoded. Live input (anything that is not a regular file) is read as it comes, and making the reader does
/// not wait for it: not even for a FIFO's writer. JSON Lines with `timestamp` and no frame rate are read at the first
/// `next()`, when `setFrameRate` has been called.
///
/// One thread at a time may use a reader; `cancel()` alone may be called from any thread.
public final class BoxReader: @unchecked Sendable {
    /// The format, nil while live input has not shown it.
    public var format: BoxFormat? { live?.format ?? decidedFormat }
    /// Whether the input comes as somebody writes it.
    public var isLive: Bool { input.isLive }
    /// What was read so far.
    public var summary: BoxSummary { live?.summary ?? loadedSummary }
    /// What messages call the input: its path, `fd:3`, or `standard input`.
    public var name: String { input.name }

    private let wakeUp: WakeUp
    private let input: ByteInput
    private var options: BoxOptions
    private var decidedFormat: BoxFormat?
    private var loadedSummary = BoxSummary()
    private var table: BoxTable?
    private var live: LiveFrames?

    /// Opens boxes, and reads them where they are a regular file.
    ///
    /// - Throws: `notFound`, `isDirectory`, `notPermitted`, `descriptorNotOpen`, `cannotRead`; for files also
    ///   everything that can be wrong with their content.
    public convenience init(location: BoxLocation, options: BoxOptions) throws(FormatError) {
        let wakeUp = WakeUp()
        try self.init(ByteInput(location, wakeUp: wakeUp), options: options, wakeUp: wakeUp)
    }

    /// Reads boxes from bytes in memory; `live` treats them as a pipe does, `step` bytes at a time.
    convenience init(
        bytes: [UInt8], name: String = "memory", live: Bool = false, step: Int = .max,
        options: BoxOptions = BoxOptions()
    ) throws(FormatError) {
        let wakeUp = WakeUp()
        let input = ByteInput(bytes: bytes, name: name, live: live, step: step, wakeUp: wakeUp)
        try self.init(input, options: options, wakeUp: wakeUp)
    }

    /// Hands out boxes that are in memory, in order of frames, as a file that names each of these frames would.
    ///
    /// - Parameters:
    ///   - frames: The boxes; a frame may be named more than once.
    ///   - name: What messages call them.
    ///   - maximumBoxes: A frame with more is refused.
    /// - Throws: `tooManyBoxes`, `duplicateIdentity`, and `malformed` for a frame or class number that no file may have.
    public convenience init(frames: [FrameBoxes], name: String, maximumBoxes: Int) throws(FormatError) {
        let wakeUp = WakeUp()
        let table = try BoxTable(frames: frames, source: name, maximumBoxes: maximumBoxes)
        self.init(ByteInput(bytes: [], name: name, wakeUp: wakeUp), table: table, wakeUp: wakeUp)
        loadedSummary.rows = frames.reduce(0) { $0 + $1.boxes.count }
        loadedSummary.kept = loadedSummary.rows
        loadedSummary.frames = table.frameCount
    }

    private init(_ input: ByteInput, table: BoxTable, wakeUp: WakeUp) {
        self.input = input
        options = BoxOptions()
        self.wakeUp = wakeUp
        self.table = table
    }

    private init(_ input: ByteInput, options: BoxOptions, wakeUp: WakeUp) throws(FormatError) {
        self.input = input
        self.options = options
        self.wakeUp = wakeUp
        if input.isLive { return }
        do {
            try load()
        } catch .frameRateMissing where options.frameRate == nil {
            // The rate may yet come from the video.
            decidedFormat = .jsonLines
        }
    }

    /// The next frame that the input names, in increasing order; nil at the end.
    ///
    /// A frame whose boxes were all left out is returned with none. Live input is waited for.
    ///
    /// - Throws: `cancelled` after `cancel()`; for live input `timedOut` and everything that can be wrong with the
    ///   content; `frameRateMissing`.
    public func next() throws(FormatError) -> FrameBoxes? {
        if wakeUp.isRaised { throw .cancelled }
        let deadline = Deadline(secondsFromNow: options.timeoutSeconds)
        if table == nil, live == nil {
            if isLive { try openLive(deadline: deadline) } else { try load() }
        }
        if let boxes = table?.next() { return boxes }
        return try live?.next(deadline: deadline, frameRate: options.frameRate)
    }

    /// Says how many frames a second has, for lines that carry a time.
    ///
    /// Rates that are not above 0 are ignored.
    public func setFrameRate(_ rate: Double) {
        if rate.isFinite, rate > 0 { options.frameRate = rate }
    }

    /// Ends a wait for boxes, now or when it comes.
    ///
    /// `next()` then throws `cancelled`. May be called from any thread.
    public func cancel() {
        wakeUp.raise()
    }

    private func load() throws(FormatError) {
        input.rewind()
        var lines = LineReader(input)
        let shape = try shape(&lines, deadline: nil)
        var loader = FileLoader(lines, source: input.name, options: options)
        take(try loader.load(shape))
    }

    /// Waits for the first bytes, which show the shape of the input.
    private func openLive(deadline: Deadline?) throws(FormatError) {
        var lines = LineReader(input)
        let shape = try shape(&lines, deadline: deadline)
        if shape == .scalabel {
            // One document: nothing can be said before its end.
            var loader = FileLoader(lines, source: input.name, options: options)
            take(try loader.load(shape, deadline: deadline))
        } else {
            live = LiveFrames(lines, shape: shape, source: input.name, options: options)
        }
    }

    private func take(_ result: FileLoader.Result) {
        table = result.table
        decidedFormat = result.format
        loadedSummary = result.summary
    }

    private func shape(_ lines: inout LineReader, deadline: Deadline?) throws(FormatError) -> FormatSniffer.Shape {
        switch options.format {
        case .motGT, .motDetections: .mot
        case .jsonLines: .jsonLines
        case .scalabel: .scalabel
        case nil:
            try lines.peek(deadline: deadline) { FormatSniffer.shape($0, $1, isComplete: $2) } ?? .mot
        }
    }
}
