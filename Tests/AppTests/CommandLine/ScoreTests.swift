import Foundation
import Testing

/// `vtrack score`: outputs, their agreement, and what happens where something is missing or wrong.
@Suite struct ScoreTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        for name in ["A", "B"] {
            try add("[Sequence]\nseqLength=3\n", to: "gt/\(name)/seqinfo.ini")
            try add(
                "1,1,0,0,50,90,1,1,1\n2,1,5,0,50,90,1,1,1\n3,1,9,0,50,90,1,1,1\n1,2,300,0,40,80,0,8,1\n",
                to: "gt/\(name)/gt/gt.txt")
            try add(
                "1,7,0,0,50,90,1,-1,-1,-1\n2,7,5,0,50,90,1,-1,-1,-1\n3,8,9,0,50,90,1,-1,-1,-1\n1,9,300,0,40,80,1\n",
                to: "r/one/\(name).txt")
            try add("", to: "r/two/data/\(name).txt")
        }
    }

    private func add(_ text: String, to name: String) throws {
        let place = folder.url.appending(path: name)
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: place)
    }

    private func score(_ arguments: String...) throws -> CommandRun {
        try CommandRun.vtrack(["score", "mot17", "--gt", "gt"] + arguments, in: folder.url)
    }

    private func object(_ text: String?) throws -> [String: Any] {
        let data = Data(try #require(text).utf8)
        let object = try JSONSerialization.jsonObject(with: data)
        return try #require(object as? [String: Any])
    }

    @Test func figuresAreInAllOutputs() throws {
        let run = try score("--tracks", "r", "--json", "s.json", "--csv", "s.csv", "--per-sequence")
        #expect(run.status == 0, "\(run.errors)")
        let document = try object(folder.text("s.json"))
        #expect(document["partial"] as? Bool == false)
        let trackers = try #require(document["trackers"] as? [String: [String: Any]])
        #expect(trackers.keys.sorted() == ["one", "two"])
        let one = try #require(trackers["one"])
        let combined = try #require(one["combined"] as? [String: Any])
        let sequences = try #require(one["sequences"] as? [String: [String: Any]])
        #expect(sequences.keys.sorted() == ["A", "B"])
        // Three boxes, all found, one change of the track; the box on the distractor is left out.
        #expect(sequences["A"]?["CLR_TP"] as? Int == 3)
        #expect(sequences["A"]?["CLR_FP"] as? Int == 0)
        #expect(sequences["A"]?["IDSW"] as? Int == 1)
        let mota = try #require(sequences["A"]?["MOTA"] as? Double)
        #expect(abs(mota - 200.0 / 3) < 1e-9)
        #expect(combined["CLR_TP"] as? Int == 6)
        #expect((combined["HOTA_curve"] as? [Double])?.count == 19)
        #expect(combined["IDs"] as? Int == 4)

        let table = try #require(folder.text("s.csv"))
        let lines = table.split(separator: "\n")
        #expect(lines.count == 7)
        #expect(lines[0].hasPrefix("tracker,seq,HOTA(0),LocA(0),HOTALocA(0),HOTA___5,"))
        #expect(lines[3].hasPrefix("one,COMBINED,") && lines[6].hasPrefix("two,COMBINED,"))
        #expect(run.output.contains("one COMBINED") && run.output.contains("66.667"))
    }

    @Test func oneTrackerHasTrackEvalsFile() throws {
        let run = try score("--tracks", "r/one", "--csv", "-", "--metrics", "hota,clear,identity")
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("seq,HOTA(0),") && lines[0].hasSuffix("Dets,GT_Dets,IDs,GT_IDs"))
        #expect(!lines[0].contains("SFDA"))
        #expect(lines[1].hasPrefix("A,") && lines[3].hasPrefix("COMBINED,"))
    }

    @Test func threadsAndNames() throws {
        let first = try score("--tracks", "r", "--json", "1.json", "-j", "1", "--names", "x,y")
        let second = try score("--tracks", "r", "--json", "2.json", "--threads", "4", "--names", "x,y")
        #expect(first.status == 0 && second.status == 0)
        #expect(folder.data("1.json") == folder.data("2.json"))
        #expect(first.output == second.output)
        #expect(try score("--tracks", "r", "--names", "x").status == 64)
        #expect(try score("--tracks", "r", "--names", "x,x").status == 64)
    }

    @Test func missingResultsAreAnError() throws {
        try FileManager.default.removeItem(atPath: folder.path("r/one/B.txt"))
        let run = try score("--tracks", "r", "--json", "s.json")
        #expect(run.status == 66)
        #expect(run.errors.contains("one has no results for 1 of the sequences: B"))
        #expect(folder.text("s.json") == nil)
        let partial = try score("--tracks", "r", "--json", "s.json", "--partial")
        #expect(partial.status == 0)
        #expect(partial.output.contains("partial: one"))
        let document = try object(folder.text("s.json"))
        #expect(document["partial"] as? Bool == true)
        let trackers = try #require(document["trackers"] as? [String: [String: Any]])
        #expect(trackers["one"]?["missing"] as? [String] == ["B"])
    }

    @Test func aDamagedFileLeavesTheRest() throws {
        try add("1,1,0,0,50,90,1,3\n", to: "r/one/B.txt")
        let run = try score("--tracks", "r/one", "--json", "s.json")
        #expect(run.status == 65)
        #expect(run.errors.contains("r/one/B.txt:1") && run.errors.contains("--ignore-classes"))
        let document = try object(folder.text("s.json"))
        let trackers = try #require(document["trackers"] as? [String: [String: Any]])
        let sequences = try #require(trackers["one"]?["sequences"] as? [String: Any])
        #expect(sequences.keys.sorted() == ["A"])
        #expect((trackers["one"]?["failed"] as? [[String: String]])?.first?["sequence"] == "B")
        #expect(try score("--tracks", "r/one", "--ignore-classes").status == 0)
        // Nothing is left: the error itself.
        let only = try score("--tracks", "r/one", "--sequences", "B", "--json", "t.json")
        #expect(only.status == 65 && folder.text("t.json") == nil)
    }

    @Test func aTrackerWithoutScoresLeavesTheOthersTables() throws {
        for name in ["A", "B"] { try add("1,1,0,0,50,90,1,3\n", to: "r/one/\(name).txt") }
        let run = try score("--tracks", "r")
        #expect(run.status == 65)
        #expect(run.output.contains("partial: one: no scores"))
        #expect(run.output.contains("HOTA") && run.output.contains("\ntwo "))
        let last = run.errors.split(separator: "\n").last ?? ""
        #expect(last.contains("r/one/A.txt:1") && last.hasSuffix("; and 1 more") && !last.contains("r/one/B.txt"))
    }

    @Test func skippedSequencesAreNotes() throws {
        try add("1,-1,1,1,1,1,1\n", to: "gt/C/det/det.txt")
        let run = try score("--tracks", "r")
        #expect(run.status == 0)
        #expect(run.errors.contains("C: skipped, it has no gt/gt.txt"))
        #expect(try score("--tracks", "r", "--strict").status == 65)
    }

    @Test(
        arguments: [
            (["--gt", "none", "--tracks", "r"], 66, "none"),
            (["--gt", "r", "--tracks", "r"], 66, "ROOT/SEQUENCE/gt/gt.txt"),
            (["--gt", "gt", "--tracks", "gt"], 66, "DIR/A.txt"), (["--gt", "gt", "--tracks", "none"], 66, "none"),
            (["--gt", "gt", "--tracks", "r", "--split", "val", "--half", "third"], 64, "third"),
            (["--gt", "gt", "--tracks", "r", "--profile", "scalabel"], 64, "bdd100k"),
            (["--gt", "gt", "--tracks", "r", "--metrics", "hotta"], 64, "metrics"),
            (["--gt", "gt", "--tracks", "r", "--metrics", "hota,idf1"], 64, "“idf1” is none of hota, clear, identity"),
            (["--gt", "gt", "--tracks", "r", "--profile", "scalabel", "--metrics", "hota"], 64, "--metrics"),
            (["--gt", "gt", "--tracks", "r", "--detector", "DPM"], 64, "no sequence ends in -DPM; there are none"),
            (["--gt", "gt", "--tracks", "r", "--sequences", "Z"], 64, "A, B"),
            (["--gt", "gt", "--tracks", "r", "--json", "gt/A/gt/gt.txt"], 73, "same file as the input"),
            (["--gt", "gt", "--tracks", "r", "--json", "no/where.json"], 73, "where.json"),
            (["--gt", "gt", "--tracks", "r", "--threads", "0"], 64, "threads"),
        ] as [([String], Int32, String)])
    func whatIsWrongIsSaid(_ arguments: [String], _ status: Int32, _ part: String) throws {
        let run = try CommandRun.vtrack(["score", "mot17"] + arguments, in: folder.url)
        #expect(run.status == status, "\(run.errors)")
        #expect(run.errors.contains(part), "\(run.errors)")
    }
}
