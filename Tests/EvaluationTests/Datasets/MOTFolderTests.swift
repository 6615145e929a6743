import Evaluation
import Foundation
import Geometry
import Testing

/// Folders of MOTChallenge and DanceTrack as their owners and TrackEval lay them out.
@Suite struct MOTFolderTests {
    let folder: DatasetFolder

    init() throws { folder = try DatasetFolder() }

    // The root may be the folder of sequences, the data set, TrackEval's, or one sequence.
    @Test(
        arguments: [
            (Benchmark.mot17, "", "", "train"), (.mot17, "train/", "", "train"), (.mot17, "train/", "train", "train"),
            (.mot17, "MOT17-train/", "", "train"), (.mot17, "MOT17/train/", "", "train"),
            (.mot17, "gt/mot_challenge/MOT17-train/", "", "train"), (.mot20, "MOT20/train/", "MOT20", "train"),
            (.mot15, "2DMOT2015/train/", "", "train"), (.dancetrack, "val/", "", "val"),
            (.dancetrack, "dancetrack/val/", "dancetrack", "val"),
        ])
    func layoutsAreFound(_ benchmark: Benchmark, _ place: String, _ root: String, _ split: String) throws {
        try folder.addSequence(place + "B-FRCNN")
        try folder.addSequence(place + "A-FRCNN", frames: 7)
        let dataset = try Dataset.open(
            benchmark, root: root.isEmpty ? folder.path : "\(folder.path)/\(root)")
        #expect(dataset.sequences.map(\.name) == ["A-FRCNN", "B-FRCNN"])
        #expect(dataset.sequences.map(\.length) == [7, 4])
        if !place.isEmpty { #expect(dataset.split == split) }
        #expect(dataset.sequences[0].truth == "\(folder.path)/\(place)A-FRCNN/gt/gt.txt")
        #expect(dataset.sequences[0].frameRate == 25)
    }

    @Test func aSequenceIsADataSet() throws {
        try folder.addSequence("train/A")
        try folder.addSequence("train/B")
        let dataset = try Dataset.open(.mot16, root: "\(folder.path)/train/A/")
        #expect(dataset.sequences.map(\.name) == ["A"])
        #expect(try dataset.truth(of: dataset.sequences[0]).frames.count == 4)
    }

    @Test func theSplitIsChosen() throws {
        try folder.addSequence("train/A")
        try folder.addSequence("test/B", truth: false)
        let test = try Dataset.open(.mot20, root: folder.path, options: DatasetOptions(split: "test"))
        #expect(test.sequences.isEmpty)
        #expect(test.skipped.map(\.name) == ["B"])
        #expect(test.skipped.first?.reason.contains("keeps the ground truth") == true)
        #expect(test.skipped.first?.isDamaged == false)
        let absent = message { _ = try Dataset.open(.mot20, root: folder.path, options: DatasetOptions(split: "val")) }
        #expect(absent?.text.contains("ROOT/val/SEQUENCE/gt/gt.txt") == true)
        #expect(absent?.text.contains("test/, train/") == true)
        #expect(absent?.category == 66)
    }

    @Test func listsChooseSequences() throws {
        for name in ["A", "B", "C"] { try folder.addSequence("MOT17-train/\(name)") }
        try folder.write("name\nC\nA\nZ\n", to: "seqmaps/MOT17-train.txt")
        let dataset = try Dataset.open(.mot17, root: folder.path)
        #expect(dataset.sequences.map(\.name) == ["A", "C"])
        #expect(dataset.notes.contains { $0.contains("1 more sequence, which is") && $0.contains("Z") })
        let list = try folder.write("name\r\nB\r\nY\r\n", to: "list.txt")
        let other = try Dataset.open(.mot17, root: folder.path, options: DatasetOptions(seqmap: list))
        #expect(other.sequences.map(\.name) == ["B"])
        #expect(other.skipped.map(\.name) == ["Y"])
        let one = try Dataset.open(.mot17, root: folder.path, options: DatasetOptions(sequences: ["C"]))
        #expect(one.sequences.map(\.name) == ["C"])
        let unknown = message {
            _ = try Dataset.open(.mot17, root: folder.path, options: DatasetOptions(sequences: ["Q"]))
        }
        #expect(unknown?.text.contains("“Q”") == true && unknown?.text.contains("A, C") == true)
        #expect(unknown?.category == 64)
    }

    @Test func detectorsAreCopies() throws {
        for detector in ["DPM", "FRCNN", "SDP"] { try folder.addSequence("train/MOT17-02-\(detector)") }
        func names(_ options: DatasetOptions) throws -> [String] {
            try Dataset.open(.mot17, root: folder.path, options: options).sequences.map(\.name)
        }
        #expect(try names(DatasetOptions()).count == 3)
        #expect(try names(DatasetOptions(detector: "SDP")) == ["MOT17-02-SDP"])
        #expect(try names(DatasetOptions(usesTruthAsBoxes: true)) == ["MOT17-02-FRCNN"])
        #expect(try names(DatasetOptions(detector: "all", usesTruthAsBoxes: true)).count == 3)
        let note = try Dataset.open(.mot17, root: folder.path, options: DatasetOptions(usesTruthAsBoxes: true)).notes
        #expect(note.contains { $0.contains("FRCNN copy is evaluated") })
        #expect(message { _ = try names(DatasetOptions(detector: "YOLO")) }?.category == 64)
        #expect(
            message {
                _ = try Dataset.open(.mot20, root: folder.path, options: DatasetOptions(detector: "DPM"))
            }?.category == 64)
    }

    /// The rule of ByteTrack and scalabel: the first N/2 + 1 frames train, the others are renumbered from 1.
    @Test(arguments: [(600, 301), (5, 3), (4, 3), (2, 2), (1, 1)])
    func halvesOfSequences(_ length: Int, _ cut: Int) throws {
        try folder.addSequence("train/A", frames: length)
        let train = try Dataset.open(.mot17, root: folder.path, options: DatasetOptions(half: .train))
        #expect(train.sequences.first?.frames == 1...cut)
        let val = try Dataset.open(.mot17, root: folder.path, options: DatasetOptions(half: .val))
        guard cut < length else {
            #expect(val.sequences.isEmpty && val.skipped.count == 1)
            return
        }
        let sequence = try #require(val.sequences.first)
        #expect(sequence.frames == cut + 1...length)
        let truth = try val.truth(of: sequence)
        #expect(truth.frames.count == length - cut)
        #expect(truth.frames[0].first?.box.x == Double(10 * (cut + 1)))
        // Results may carry the numbers of the pictures or those of the half.
        let numbered = try folder.write("\(cut + 1),3,1,1,5,5,1\n1,3,9,9,5,5,1\n", to: "pictures.txt")
        let renumbered = try folder.write("1,3,1,1,5,5,1\n", to: "half.txt")
        let first = try val.result(of: sequence, contentsOf: numbered, truth: truth)
        let second = try val.result(of: sequence, contentsOf: renumbered, truth: truth)
        #expect(first.frames == second.frames)
        #expect(first.notes.isEmpty && second.notes.count == 1)
    }

    @Test func whatIsWrongIsSaidBySequence() throws {
        try folder.addSequence("train/A")
        try folder.write("[Sequence]\nseqLength=many\n", to: "train/B/seqinfo.ini")
        try folder.write("[Sequence]\nseqLength=900000000\n", to: "train/C/seqinfo.ini")
        try folder.write("1,1,1,1,1,1,1,1,1\n", to: "train/C/gt/gt.txt")
        try folder.addSequence("train/D", truth: false)
        let dataset = try Dataset.open(.mot17, root: folder.path)
        #expect(dataset.sequences.map(\.name) == ["A"])
        #expect(dataset.skipped.map(\.name) == ["B", "C", "D"])
        #expect(dataset.skipped.map(\.isDamaged) == [true, true, false])
        #expect(dataset.skipped[0].reason.contains("seqinfo.ini:2"))
        let needy = try Dataset.open(.mot17, root: folder.path, options: DatasetOptions(needsPictures: true))
        #expect(needy.sequences.isEmpty)
        #expect(needy.skipped.first?.reason.contains("img1") == true)
    }

    @Test func withoutSeqinfoPicturesOrLabelsSayTheLength() throws {
        try folder.addSequence("A", frames: 6, info: false)
        try folder.addSequence("B", frames: 3, info: false)
        for number in 1...9 { try folder.write("x", to: "B/img1/00000\(number).jpg") }
        let dataset = try Dataset.open(.mot15, root: folder.path)
        #expect(dataset.sequences.map(\.length) == [nil, 9])
        #expect(dataset.notes.count == 2)
        #expect(try dataset.truth(of: dataset.sequences[0]).frames.count == 6)
        #expect(try dataset.truth(of: dataset.sequences[1]).frames.count == 9)
    }

    @Test func aFolderThatIsNotAsExpectedSaysWhatIsExpected() throws {
        try folder.write("x", to: "readme.txt")
        try folder.write("x", to: "videos/a.mp4")
        let wrong = message { _ = try Dataset.open(.mot17, root: folder.path) }
        for part in ["MOT17", "ROOT/SEQUENCE/gt/gt.txt", "seqmaps/MOT17-train.txt", "videos/", "readme.txt"] {
            #expect(wrong?.text.contains(part) == true, "\(part) in \(wrong?.text ?? "")")
        }
        #expect(wrong?.category == 66)
        #expect(message { _ = try Dataset.open(.mot17, root: folder.path + "/none") }?.category == 66)
        #expect(
            message { _ = try Dataset.open(.mot17, root: folder.path + "/readme.txt") }?.text.contains("is a file")
                == true)
    }
}
