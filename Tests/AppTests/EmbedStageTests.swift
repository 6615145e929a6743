import Decode
import Features
import Formats
import Geometry
import Testing

@testable import App

/// The embedding thread between the decoding thread and a consumer: order, memory, and an early end.
@Suite(.timeLimit(.minutes(1))) struct EmbedStageTests {
    private let folder: ScratchFolder
    private let appearance: Appearance

    init() throws {
        folder = try ScratchFolder()
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
        appearance = try #require(
            try Appearance(
                choices: .init(model: folder.path("tiny.safetensors")),
                overrides: CheckpointOverrides(layerNormEpsilon: nil, mean: nil, std: nil, heads: nil)))
    }

    private func stage(_ network: Network?) throws -> EmbedStage {
        let reader = try VideoReader(source: .path(TestFiles.demoClip), options: DecodeOptions())
        let plan = PreparationPlan(input: network == nil ? nil : appearance.input, embedsEveryFrame: true)
        return EmbedStage(
            preparation: FramePreparation(reader: reader, boxes: nil, plan: plan), network: network, wholeFrames: .max)
    }

    /// Every frame comes, in order, with the tokens of its own picture, also while maps are written again.
    @Test func ordersFrames() throws {
        let network = try Network(appearance, settings: .init(threads: 2))
        let stage = try stage(network)
        stage.start()
        var numbers: [Int] = []
        var maps: [TokenMap] = []
        while var next = try stage.next() {
            numbers.append(next.frame.number.rawValue)
            guard let map = next.map.take() else { continue }
            // Kept, so that storage which is written again would show.
            if maps.count < 5 { maps.append(map) }
            stage.recycle(consume map)
        }
        _ = stage.finish()
        #expect(numbers == Array(1...numbers.count))
        #expect(numbers.count >= 150)
        #expect(network.tiles.embedded == 2 * numbers.count)

        // The same frames one after the other.
        let again = try self.stage(network)
        again.start()
        for map in maps { #expect(try again.next()?.map == map) }
        _ = again.finish()
    }

    /// Without a network frames pass as they are.
    @Test func passesFramesOn() throws {
        let stage = try stage(nil)
        stage.start()
        var count = 0
        while let next = try stage.next() {
            #expect(next.map == nil)
            count += 1
        }
        _ = stage.finish()
        #expect(count >= 150)
    }

    /// A consumer that leaves, at once or after some frames, ends both threads.
    @Test(arguments: [0, 1, 7])
    func endsEarly(_ frames: Int) throws {
        let stage = try stage(try Network(appearance, settings: .init(threads: 1)))
        stage.start()
        for _ in 0..<frames { #expect(try stage.next() != nil) }
        _ = stage.finish()
    }
}
