internal import Formats
internal import Geometry

/// The rules by which BDD100K's tracks are prepared for metrics, under either profile.
///
/// Sources: TrackEval datasets/bdd100k.py; scalabel eval/mot.py over bdd100k label/to_scalabel.py. They differ in the
/// sizes of boxes, in what counts as a region, and in the order of classes: docs/evaluation.md.
enum BDD100KRules {
    /// The classes of a profile, in its order.
    ///
    /// Sources: TrackEval datasets/bdd100k.py:52-68; bdd100k configs/box_track.toml.
    static func classes(for profile: ScoringProfile) -> ClassList {
        let others = ScalabelCategory.distractors.compactMap { name in
            ScalabelCategory.distractorID(of: name).map { ClassList.Entry(id: $0, name: name) }
        }
        switch profile {
        case .trackeval:
            return ClassList(
                evaluated: entries([
                    "pedestrian", "rider", "car", "bus", "truck", "train", "motorcycle", "bicycle",
                ]),
                others: others,
                superClasses: [
                    ClassList.SuperClass(name: "HUMAN", members: numbers(["pedestrian", "rider"])),
                    ClassList.SuperClass(name: "VEHICLE", members: numbers(["car", "truck", "bus", "train"])),
                    ClassList.SuperClass(name: "BIKE", members: numbers(["motorcycle", "bicycle"])),
                ], combines: true)
        case .scalabel:
            return ClassList(
                evaluated: entries(ScalabelCategory.names), others: others,
                superClasses: [
                    ClassList.SuperClass(name: "human", members: numbers(["pedestrian", "rider"])),
                    ClassList.SuperClass(name: "vehicle", members: numbers(["car", "truck", "bus", "train"])),
                    ClassList.SuperClass(name: "bike", members: numbers(["motorcycle", "bicycle"])),
                ], combines: true)
        }
    }

    private static func numbers(_ names: [String]) -> [Int] { names.compactMap { ScalabelCategory.classID(of: $0) } }

    private static func entries(_ names: [String]) -> [ClassList.Entry] {
        zip(numbers(names), names).map { ClassList.Entry(id: $0, name: $1) }
    }

    /// Each evaluated class after preprocessing, in the order of `classes(for:)`.
    ///
    /// - Throws: `duplicateIdentity` where what is left of a class has an identity twice in a frame.
    static func metricSequences(
        truth: Truth, result: TrackResult, sequence: String, options: DatasetOptions
    ) throws(EvaluationError) -> [(classID: Int, sequence: MetricSequence)] {
        let isServer = options.profile == .scalabel
        let frames = truth.frames.indices.map { index in
            Frame(
                truth: truth.frames[index], result: index < result.frames.count ? result.frames[index] : [],
                isServer: isServer, hasRegions: options.preprocesses)
        }
        var classes: [(classID: Int, sequence: MetricSequence)] = []
        for entry in Self.classes(for: options.profile).evaluated {
            var collector = SequenceCollector(
                sequence: sequence, truth: frames.flatMap { $0.truth[entry.id]?.identities ?? [] },
                result: frames.flatMap { $0.result[entry.id]?.identities ?? [] }, frames: frames.count)
            var overlap = ClassOverlap(isServer: isServer)
            for frame in frames {
                let (truth, result) = (frame.truth[entry.id] ?? Side(), frame.result[entry.id] ?? Side())
                let kept = overlap.judge(truth: truth, result: result, regions: frame.regions)
                try collector.add(
                    truth: truth.identities, result: kept.map { result.identities[$0] }, similarity: overlap.kept(kept))
            }
            classes.append((entry.id, collector.finish()))
        }
        return classes
    }

    /// Boxes of one class in one frame.
    struct Side {
        var identities: [Int64] = []
        var boxes: [Box] = []
    }

    /// One frame, sorted by what its boxes are for.
    private struct Frame {
        var truth: [Int: Side] = [:]
        var result: [Int: Side] = [:]
        /// Regions of all classes in which results are not judged.
        var regions: [Box] = []

        init(truth boxes: [TruthBox], result tracks: [ResultBox], isServer: Bool, hasRegions: Bool) {
            for box in boxes {
                // `ignored` is a mark of the server's converters, which TrackEval does not look at.
                if box.isRegion, isServer || !box.isMarkedIgnored {
                    if hasRegions { regions.append(Self.measured(box.box, isServer: isServer)) }
                } else {
                    truth[box.classID, default: Side()].identities.append(box.identity)
                    truth[box.classID, default: Side()].boxes.append(Self.measured(box.box, isServer: isServer))
                }
            }
            for track in tracks {
                // The server sorts results into boxes and regions as it sorts the truth, and uses only the boxes.
                if isServer, track.isMarkedIgnored { continue }
                result[track.classID, default: Side()].identities.append(track.identity)
                result[track.classID, default: Side()].boxes.append(Self.measured(track.box, isServer: isServer))
            }
        }

        /// A box as the profile measures it: the server counts the pixels of both edges (scalabel
        /// label/transforms.py:46-50), and keeps boxes in single precision.
        ///
        /// Its recorded figures are of such boxes (eval/mot.py before 65cccb62 of January 2022); later versions of the
        /// kit, in double precision, differ from what they record in the seventh digit of MOTP.
        private static func measured(_ box: Box, isServer: Bool) -> Box {
            guard isServer else { return box }
            return Box(
                x: single(box.x), y: single(box.y), width: single(box.maxX - box.x + 1),
                height: single(box.maxY - box.y + 1))
        }

        private static func single(_ value: Double) -> Double { Double(Float(value)) }
    }
}
