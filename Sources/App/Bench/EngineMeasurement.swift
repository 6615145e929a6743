import Features
import Geometry
import Glibc

/// The engine on one batch of tiles beside oneDNN's bare products of the same shapes, in turns.
///
/// The matrix rate is the best that any round reached: the products of one block, without anything fused into them,
/// at least five times over the measurement. The engine's figures are medians over the rounds.
struct EngineMeasurement {
    /// One round's times.
    struct Round {
        /// Time of one image, in milliseconds.
        var milliseconds: Double
        /// Processor time of one image, divided by the threads, in milliseconds.
        var processorMilliseconds: Double
    }

    /// Seconds that a round runs the engine at least: shorter runs are repeated.
    private static let leastSeconds = 0.25
    /// The fewest measurements of the matrix rate.
    private static let leastRates = 5
    /// Pause between the two, in microseconds.
    ///
    /// The threads of oneDNN's own products go on spinning for some milliseconds and would take the cores from the
    /// engine's.
    private static let pause: UInt32 = 30_000

    private let network: VisionTransformer
    private let batch: Int
    private let picture: RGBImage
    private let grid: TileGrid
    private let rate: MatrixRate
    private let repetitions: Int
    private let rateRepetitions: Int
    private var map: TokenMap
    private var rounds: [Round] = []
    private var matrixRates: [Double] = []
    /// Operations of one image, in matrix products alone.
    private let operations: Double
    /// Peak resident memory with the engine ready and run once, in MB.
    let peakMemory: Double

    /// Runs the engine once, which makes its memory and tells how often a round repeats it.
    ///
    /// - Parameters:
    ///   - network: The engine.
    ///   - batch: Tiles in one picture.
    ///   - loadingPeak: Peak resident memory of loading the engine, in MB.
    init(_ network: VisionTransformer, batch: Int, loadingPeak: Double) throws {
        ProcessFacts.forgetPeak()
        let model = network.description
        self.network = network
        self.batch = batch
        // A frame of one row of squares makes a batch of tiles.
        grid = try TileGrid(
            tiling: .fit, frameWidth: TileGrid.sourceSide * batch, frameHeight: TileGrid.sourceSide,
            inputSide: model.inputSide, patch: model.patch)
        let (grid, picture) = (
            self.grid, RandomPicture.make(width: grid.pictureWidth, height: grid.pictureHeight, seed: 1)
        )
        self.picture = picture
        var map = TokenMap()
        let seconds = try Self.second { try network.embed(picture, grid: grid, into: &map) }
        self.map = map
        peakMemory = max(loadingPeak, ProcessFacts.peakMemory)
        repetitions = max(1, Int((Self.leastSeconds / max(seconds, 1e-6)).rounded(.up)))
        let blocks = network.selection.layers.max() ?? model.depth
        operations = model.operations(rows: model.gridSide, columns: model.gridSide, blocks: blocks)
        let rate = try MatrixRate(
            model: model, rows: batch * (model.gridSide * model.gridSide + model.prefixTokens),
            precision: network.precision, threads: network.threads)
        let once = try Self.second { try rate.run() }
        self.rate = rate
        rateRepetitions = max(1, Int((max(Self.leastSeconds, min(1, seconds)) / max(once, 1e-6)).rounded(.up)))
    }

    /// The time of the second of two runs, in seconds: the first one meets cold memory.
    private static func second(_ body: () throws -> Void) rethrows -> Double {
        try body()
        return try ContinuousClock().measure(body).seconds
    }

    /// Measures the matrix rate and then the engine.
    ///
    /// - Parameter remaining: Rounds that are still to come after this one.
    mutating func round(remaining: Int) throws {
        let missing = Self.leastRates - matrixRates.count
        for _ in 0..<max(1, (missing + remaining) / (remaining + 1)) { try measureRate() }
        _ = usleep(Self.pause)
        let clock = ContinuousClock()
        var times: [Double] = []
        let before = ProcessFacts.processorSeconds
        for _ in 0..<repetitions {
            times.append(try clock.measure { try network.embed(picture, grid: grid, into: &map) }.seconds)
        }
        let processor = (ProcessFacts.processorSeconds - before) / Double(repetitions * network.threads)
        rounds.append(
            Round(
                milliseconds: times.median * 1000 / Double(batch),
                processorMilliseconds: processor * 1000 / Double(batch)))
    }

    private mutating func measureRate() throws {
        _ = usleep(Self.pause)
        let seconds = try ContinuousClock().measure { for _ in 0..<rateRepetitions { try rate.run() } }.seconds
        matrixRates.append(rate.operations * Double(rateRepetitions) / seconds / 1e9)
    }

    /// What all rounds come to.
    var result: BenchReport.Result { result(of: rounds) }

    /// What the last round comes to.
    var lastResult: BenchReport.Result { result(of: Array(rounds.suffix(1))) }

    private func result(of rounds: [Round]) -> BenchReport.Result {
        let times = rounds.map(\.milliseconds)
        let median = times.median
        let (achieved, matrix) = (operations / median / 1e6, matrixRates.max() ?? 0)
        return BenchReport.Result(
            precision: network.precision.rawValue, batch: batch, millisecondsPerImage: median,
            bestMilliseconds: times.min() ?? 0, processorMilliseconds: rounds.map(\.processorMilliseconds).median,
            imagesPerSecond: 1000 / median, gigaflops: achieved, matrixGigaflops: matrix, share: achieved / matrix,
            peakMemory: peakMemory)
    }
}

/// Pixels without meaning: the time of a pass does not depend on them.
enum RandomPicture {
    /// A picture that changes smoothly, with some noise, as photographs do.
    static func make(width: Int, height: Int, seed: UInt64) -> RGBImage {
        var random = SplitMix64(seed: seed)
        var picture = RGBImage(width: width, height: height)
        let waves = (0..<6).map { _ in (Double(random.next() % 64) / 512, Double(random.next() % 64) / 512) }
        for y in 0..<height {
            for x in 0..<width {
                let noise = random.next()
                for channel in 0..<3 {
                    let (a, b) = (waves[channel], waves[channel + 3])
                    let smooth =
                        sine(Double(x) * a.0 + Double(y) * a.1) + sine(Double(x) * b.0 - Double(y) * b.1 + 0.3)
                    let value = 128 + 50 * smooth + Double(noise >> (8 * UInt64(channel)) & 15)
                    picture.pixels[(y * width + x) * 3 + channel] = UInt8(max(0, min(255, value)))
                }
            }
        }
        return picture
    }

    /// A wave of period 1 between −1 and 1, of parabolas.
    private static func sine(_ phase: Double) -> Double {
        let part = phase - phase.rounded(.down)
        return part < 0.5 ? 16 * part * (0.5 - part) : -16 * (part - 0.5) * (1 - part)
    }
}

extension [Double] {
    /// The middle value, or the mean of the two middle ones; 0 of none.
    var median: Double {
        guard !isEmpty else { return 0 }
        let ordered = sorted()
        let middle = count / 2
        return count.isMultiple(of: 2) ? (ordered[middle - 1] + ordered[middle]) / 2 : ordered[middle]
    }
}
