internal import Formats

/// Folders of MOTChallenge 2015, 2016, 2017, 2020 and of DanceTrack.
///
/// Sources: TrackEval datasets/mot_challenge_2d_box.py (lines 34–49, 131–172); the archives that motchallenge.net and
/// DanceTrack's authors publish.
enum MOTFolder {
    /// The longest sequence that is believed, frames: more than nine hours at 30 frames a second.
    static let longestSequence = 1_000_000

    /// Looks through a folder.
    static func open(
        _ benchmark: Benchmark, root: String, options: DatasetOptions
    ) throws(EvaluationError) -> Dataset {
        let place = try MOTPlace.find(benchmark, root: root, split: options.split)
        var dataset = Dataset(benchmark: benchmark, root: root, split: place.split)
        var names = try folders(of: place)
        if let list = options.seqmap ?? place.seqmap {
            let listed = try Seqmap.names(contentsOf: list)
            let absent = listed.filter { !names.contains($0) }
            names = listed.filter { names.contains($0) }
            if names.isEmpty {
                throw .dataset(
                    .layout(
                        root: root, what: "a folder with the sequences of \(list)",
                        expected: ["\(place.folder)/\(listed.first ?? "SEQUENCE")/gt/gt.txt"],
                        found: Folder.summary(of: place.folder)))
            }
            if options.seqmap != nil {
                dataset.skipped += absent.map {
                    SkippedSequence(name: $0, reason: "\(list) names it, but there is no such folder")
                }
            } else if !absent.isEmpty {
                dataset.notes.append(
                    "\(list) names \(absent.count) more \(absent.count == 1 ? "sequence, which is" : "sequences, which are") not in \(place.folder): "
                        + Evaluation.listed(absent, limit: 8))
            }
        }
        if benchmark == .mot17 { names = try detectorCopies(of: names, options: options, notes: &dataset.notes) }
        for name in names { add(name, in: place.folder, options: options, to: &dataset) }
        if let half = options.half {
            dataset.notes.append(
                half == .train
                    ? "only the first half of each sequence counts: N/2 + 1 of N frames"
                    : "only the second half of each sequence counts: all but the first N/2 + 1 of N frames, renumbered from 1"
            )
        }
        return dataset
    }

    private static func folders(of place: MOTPlace) throws(EvaluationError) -> [String] {
        if let only = place.only { return [only] }
        return try Folder.names(in: place.folder).filter { MOTPlace.isSequence("\(place.folder)/\($0)") }
    }

    /// MOT17 has every video once for each public detector, with the same ground truth.
    private static func detectorCopies(
        of names: [String], options: DatasetOptions, notes: inout [String]
    ) throws(EvaluationError) -> [String] {
        let detectors = ["FRCNN", "DPM", "SDP"]
        func copies(_ detector: String) -> [String] { names.filter { $0.hasSuffix("-\(detector)") } }
        let present = detectors.filter { !copies($0).isEmpty }
        if let detector = options.detector {
            let chosen = detector == "all" ? names : copies(detector)
            guard chosen.isEmpty else { return chosen }
            let others =
                present.isEmpty ? "none of a public detector" : present.map { "-\($0)" }.joined(separator: ", ")
            throw .dataset(.option("no sequence ends in -\(detector); there are \(others)"))
        }
        guard options.usesTruthAsBoxes, present.count > 1 else { return names }
        let rest = names.filter { name in !detectors.contains { name.hasSuffix("-\($0)") } }
        notes.append(
            "MOT17 has the same videos and ground truth once for each public detector (\(present.joined(separator: ", "))); "
                + "the \(present[0]) copy is evaluated: --detector chooses another one, or all")
        return copies(present[0]) + rest
    }

    private static func add(_ name: String, in folder: String, options: DatasetOptions, to dataset: inout Dataset) {
        let path = "\(folder)/\(name)"
        func skip(_ reason: String, damaged: Bool = false) {
            dataset.skipped.append(SkippedSequence(name: name, reason: reason, isDamaged: damaged))
        }
        var info = SequenceInfo()
        do throws(FormatError) {
            if Folder.exists("\(path)/seqinfo.ini") { info = try SequenceInfo(contentsOf: "\(path)/seqinfo.ini") }
        } catch {
            return skip(error.description, damaged: true)
        }
        guard Folder.exists("\(path)/gt/gt.txt") else {
            return skip(
                dataset.split == "test"
                    ? "it has no gt/gt.txt: the benchmark keeps the ground truth of its test sequences"
                    : "it has no gt/gt.txt")
        }
        var sequence = DatasetSequence(
            name: name, truth: "\(path)/gt/gt.txt", length: info.length, frameRate: info.frameRate, width: info.width,
            height: info.height)
        let pictures = "\(path)/\(info.imageDirectory ?? "img1")"
        if Folder.isFolder(pictures), PictureNames.isPresent(in: pictures) { sequence.pictures = pictures }
        if options.needsPictures, sequence.pictures == nil { return skip("it has no pictures in \(pictures)") }
        if Folder.exists("\(path)/det/det.txt") { sequence.detections = "\(path)/det/det.txt" }
        if sequence.length == nil, let pictures = sequence.pictures {
            sequence.length = PictureNames.count(in: pictures)
            dataset.notes.append("\(name): no seqinfo.ini with a seqLength; its pictures are counted")
        } else if sequence.length == nil {
            dataset.notes.append("\(name): no seqinfo.ini with a seqLength; the last frame of its ground truth counts")
        }
        if let length = sequence.length {
            if length > longestSequence {
                return skip("a seqLength of \(length); at most \(longestSequence) are read", damaged: true)
            }
            if let half = options.half {
                guard let frames = half.frames(of: length) else {
                    return skip("its \(length) frames leave none for this half")
                }
                sequence.frames = frames
            }
        } else if options.half != nil {
            return skip("its length is not known, so that it has no halves: add a seqinfo.ini with a seqLength")
        }
        dataset.sequences.append(sequence)
    }
}
