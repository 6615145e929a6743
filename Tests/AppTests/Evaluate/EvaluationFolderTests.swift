import Foundation
import Testing

@testable import App

@Suite struct EvaluationFolderTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func record(_ name: String, rate: Double = 29.97) -> SequenceRecord {
        var record = SequenceRecord(name: name, configuration: "c", digest: "d")
        record.notes = ["only 4 of 600 frames — “so”"]
        record.facts = SequenceFacts(
            length: 600, frames: 4, frameRate: rate, width: 1920, height: 1080, boxes: 3, boxesUntracked: 1,
            boxesUnreached: 0, tracks: 2, decodeErrors: 0, irregularFrames: 0, processor: "AVX2")
        return record
    }

    // Numbers whose decimals are long, tiny, huge or none.
    @Test(arguments: [0.1, 1 / 3, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 30000.0 / 1001])
    func recordsComeBackToTheBit(rate: Double) throws {
        let folder = try EvaluationFolder(writing: scratch.path("out"))
        try folder.write(record("A", rate: rate))
        let found = try #require(folder.record("A"))
        #expect(found == record("A", rate: rate))
        #expect(found.facts?.frameRate.bitPattern == rate.bitPattern)
        #expect(folder.heads().map(\.name) == ["A"])
    }

    @Test func damagedRecordsAreNone() throws {
        let folder = try EvaluationFolder(writing: scratch.path("out"))
        try folder.write(record("A"))
        let whole = try #require(FileManager.default.contents(atPath: folder.recordPath("A")))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: folder.recordPath("A")))
        #expect(folder.record("A") == nil)
        // A record under another sequence's name.
        try whole.write(to: URL(fileURLWithPath: folder.recordPath("B")))
        #expect(folder.record("B") == nil)
    }

    // What a hand may write into a record: counts that cannot be added up, rates that are none.
    @Test(arguments: [
        ("\"boxes\":3", "\"boxes\":9223372036854775807"), ("\"frames\":4", "\"frames\":-1"),
        ("\"frame_rate\":29.97", "\"frame_rate\":\"inf\""), ("\"frame_rate\":29.97", "\"frame_rate\":0"),
    ])
    func impossibleFactsAreNone(found: String, written: String) throws {
        let folder = try EvaluationFolder(writing: scratch.path("out"))
        try folder.write(record("A"))
        let text = try #require(scratch.text("out/sequences/A.json"))
        #expect(text.contains(found))
        _ = try scratch.write(text.replacing(found, with: written), to: "out/sequences/A.json")
        #expect(folder.record("A") == nil)
    }

    @Test func oneWriterAtATime() throws {
        let first = try EvaluationFolder(writing: scratch.path("out"))
        #expect(throws: AppError.self) { try EvaluationFolder(writing: scratch.path("out")) }
        #expect(first.heads().isEmpty)
    }

    // Names that would lead out of the folder, or be hidden.
    @Test(arguments: [
        ("a/b", "a%2Fb"), ("a%2Fb", "a%252Fb"), ("../x", "%2E.%2Fx"), (".hidden", "%2Ehidden"),
        ("MOT17-02-FRCNN", "MOT17-02-FRCNN"),
    ])
    func namesStayInside(name: String, file: String) { #expect(EvaluationFolder.fileName(name) == file) }

    @Test func whatKilledRunsLeftIsCleared() throws {
        let folder = try EvaluationFolder(writing: scratch.path("out"))
        _ = try scratch.write("half", to: "out/sequences/.A.json.99-1.partial")
        _ = try scratch.write("half", to: "out/.report.json.99-2.partial")
        try folder.write(record("A"))
        folder.clearAbandoned()
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("out/sequences")) == ["A.json"])
        #expect(scratch.text("out/.report.json.99-2.partial") == nil)
    }

    // Jobs and threads divide cores, and memory bounds jobs.
    @Test func jobsFitCoresAndMemory() {
        func plan(_ asked: Int?, sequences: Int = 10, memory: Int = 100, perJob: Int = 10, threads: Int = 0) -> [Int] {
            let plan = JobPlan(
                asked: asked, sequences: sequences, memory: memory, perJob: perJob, threads: threads, cores: 8)
            return [plan.jobs, plan.threads]
        }
        #expect(plan(nil) == [8, 1])
        #expect(plan(nil, memory: 35) == [3, 2])
        #expect(plan(nil, memory: 5) == [1, 8])
        #expect(plan(nil, sequences: 2) == [2, 4])
        #expect(plan(nil, sequences: 0) == [1, 8])
        #expect(plan(nil, threads: 4) == [4, 1])
        #expect(plan(3) == [3, 2])
        #expect(plan(20) == [10, 1])
    }
}
