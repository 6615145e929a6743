import Foundation
import Geometry
import Testing

@testable import Formats

/// The fuzzers' seeds, and whatever they found, replayed in every format: an outcome, never a trap.
@Suite struct CorpusTests {
    static let inputs: [String] = {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let corpora = package.appendingPathComponent("Fuzz/corpora").path
        return ["mot", "jsonlines", "scalabel", "seqinfo"].flatMap { name in
            let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(corpora)/\(name)")) ?? []
            return files.sorted().map { "\(corpora)/\(name)/\($0)" }
        }
    }()

    @Test func thereAreSeeds() {
        #expect(Self.inputs.count >= 8)
    }

    @Test(arguments: inputs)
    func everyInputHasAnOutcome(_ path: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        _ = try? SequenceInfo(bytes: bytes)
        for format in [nil] + BoxFormat.allCases.map({ $0 as BoxFormat? }) {
            for strict in [false, true] {
                let options = BoxOptions(format: format, frameRate: 25, strict: strict)
                let file = try? frames(bytes, options)
                let pipe = try? frames(bytes, options, live: true, step: 5)
                #expect((file ?? []).allSatisfy { $0.boxes.allSatisfy(\.box.isWellFormed) })
                #expect((pipe ?? []).allSatisfy { $0.boxes.allSatisfy(\.box.isWellFormed) })
            }
        }
    }

    /// Shorter versions of each seed, as a cut-off file is.
    @Test(arguments: inputs)
    func everyBeginningHasAnOutcome(_ path: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for count in stride(from: 0, to: bytes.count, by: 2) {
            _ = failure(Array(bytes[..<count]), BoxOptions(frameRate: 25))
            _ = failure(Array(bytes[..<count]), BoxOptions(frameRate: 25), live: true)
            _ = try? SequenceInfo(bytes: Array(bytes[..<count]))
        }
    }
}
