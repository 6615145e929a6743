import Foundation
import Testing

@testable import Evaluation

/// What is left out before scoring, under either profile.
@Suite struct BDD100KRulesTests {
    /// Counts of one frame: true boxes, the tracker's boxes, false positives, under both profiles.
    private func counts(
        _ truth: [TestLabel], _ result: [TestLabel], _ className: String = "car"
    ) throws -> (kit: [Double?], server: [Double?]) {
        let (truth, result) = (labelText([truth]), labelText([result]))
        let kit = try scoreTexts(truth: truth, result: result, profile: .trackeval)
        let server = try scoreTexts(truth: truth, result: result, profile: .scalabel)
        return (
            ["GT_Dets", "Dets", "CLR_FP"].map { kit.figure(className, $0) },
            ["FN", "FP"].map { server.figure(className, $0) }
        )
    }

    private let car = TestLabel(id: "1", x: 100, y: 100, width: 50, height: 50)

    /// Marks that make a region, the categories that do, and under which profile.
    @Test(arguments: [
        ("\"crowd\": true", "car", true, true), ("\"Crowd\": true", "car", true, true),
        // The region of one class counts for every class.
        ("\"crowd\": true", "bus", true, true), ("", "other vehicle", true, true), ("", "trailer", true, true),
        ("", "other person", true, true),
        // TrackEval takes it for a bus.
        ("\"ignored\": true", "bus", false, true),
        ("\"crowd\": true, \"ignored\": true", "bus", true, true), ("\"ignored\": true", "trailer", true, true),
        ("\"occluded\": true", "bus", false, false),
    ])
    func regions(_ marks: String, _ category: String, _ inKit: Bool, _ inServer: Bool) throws {
        let region = TestLabel(id: "2", category: category, x: 200, y: 200, width: 60, height: 60, marks: marks)
        let inside = TestLabel(id: "8", x: 210, y: 210, width: 20, height: 20)
        let (kit, server) = try counts([car, region], [car, inside])
        #expect(kit == [1, inKit ? 1 : 2, inKit ? 0 : 1])
        #expect(server == [0, inServer ? 0 : 1])
    }

    /// A box that stands for an object is kept, even inside a region.
    @Test func matchedBoxesAreKept() throws {
        let region = TestLabel(id: "2", x: 0, y: 0, width: 500, height: 500, marks: "\"crowd\": true")
        let (kit, server) = try counts([car, region], [car])
        #expect(kit == [1, 1, 0] && server == [0, 0])
    }

    /// Exactly half inside a region is not enough; the server's extra pixel tips the balance.
    @Test func halfIsNotEnough() throws {
        let region = TestLabel(id: "2", x: 200, y: 200, width: 20, height: 20, marks: "\"crowd\": true")
        let half = TestLabel(id: "8", x: 210, y: 200, width: 20, height: 20)
        // Sides of 20 are 21 for the server, of which 11 lie inside.
        let (kit, server) = try counts([car, region], [car, half])
        #expect(kit == [1, 2, 1] && server == [0, 0])
        // Sides of 21 are 22, of which 11 lie inside.
        let more = TestLabel(id: "8", x: 210, y: 200, width: 21, height: 20)
        #expect(try counts([car, region], [car, more]).server == [0, 1])
    }

    /// Two regions of a third each do not add up.
    @Test func regionsDoNotAddUp() throws {
        let regions = (0..<2).map {
            TestLabel(
                id: "\($0 + 2)", x: 200 + 20 * Double($0), y: 200, width: 20, height: 60, marks: "\"crowd\": true")
        }
        let wide = TestLabel(id: "8", x: 200, y: 200, width: 60, height: 60)
        let (kit, server) = try counts([car] + regions, [car, wide])
        #expect(kit == [1, 2, 1] && server == [0, 1])
    }

    /// The server counts a pixel more on each side, so that a small overlap may be enough for it alone.
    @Test func theServersExtraPixel() throws {
        let small = TestLabel(id: "1", x: 0, y: 0, width: 2, height: 10)
        // IoU 1/3 of continuous boxes; of 3 by 11 pixels, 2 are shared of 4: 1/2.
        let moved = TestLabel(id: "1", x: 1, y: 0, width: 2, height: 10)
        let (kit, server) = try counts([small], [moved])
        #expect(kit == [1, 1, 1] && server == [0, 0])
    }

    /// Results in categories that are not evaluated count nowhere; marked ones are left out by the server alone.
    @Test(arguments: [
        ("trailer", "", 1.0, 0.0), ("other person", "", 1, 0), ("car", "\"crowd\": true", 2, 0),
        ("car", "\"ignored\": true", 2, 0), ("van", "", 2, 1), ("car", "\"occluded\": true", 2, 1),
    ])
    func resultsOutsideOfTheClasses(_ category: String, _ marks: String, _ boxes: Double, _ wrong: Double) throws {
        let other = TestLabel(id: "9", category: category, x: 300, y: 300, marks: marks)
        let (kit, server) = try counts([car], [car, other])
        #expect(kit == [1, boxes, boxes - 1] && server == [0, wrong])
    }

    /// Old names of classes count as the classes, on both sides.
    @Test(arguments: [
        ("bike", "bicycle"), ("motor", "motorcycle"), ("person", "pedestrian"), ("caravan", "car"), ("van", "car"),
    ])
    func aliases(_ alias: String, _ name: String) throws {
        var (old, new) = (car, car)
        old.category = alias
        new.category = name
        #expect(try counts([old], [new], name).kit == [1, 1, 0])
        #expect(try counts([new], [old], name).server == [0, 0])
    }

    /// An identity may be in a frame once for every class, counted after regions have taken theirs.
    @Test(arguments: [ScoringProfile.trackeval, .scalabel])
    func identitiesAreUniqueInAClass(_ profile: ScoringProfile) throws {
        var (second, bus) = (car, car)
        second.x = 400
        bus.category = "bus"
        let truth = labelText([[car]])
        #expect(throws: EvaluationError.self) {
            _ = try scoreTexts(truth: truth, result: labelText([[car, second]]), profile: profile)
        }
        #expect(throws: EvaluationError.self) {
            _ = try scoreTexts(truth: labelText([[car, second]]), result: truth, profile: profile)
        }
        let table = try scoreTexts(truth: truth, result: labelText([[car, bus]]), profile: profile)
        #expect(table.figure("car", "MOTA") == 100)
        let region = TestLabel(id: "2", x: 390, y: 90, width: 90, height: 90, marks: "\"crowd\": true")
        let left = try scoreTexts(
            truth: labelText([[car, region]]), result: labelText([[car, second]]), profile: profile)
        #expect(left.figure("car", "MOTA") == 100)
    }

    /// Without preparation regions count for nothing, and nothing is left out.
    @Test func withoutPreprocessing() throws {
        let folder = try LabelFolder()
        let region = TestLabel(id: "2", x: 200, y: 200, width: 60, height: 60, marks: "\"crowd\": true")
        let inside = TestLabel(id: "8", x: 210, y: 210, width: 20, height: 20)
        let options = DatasetOptions(preprocesses: false)
        let path = try folder.write("gt.json", labelText([[car, region]]))
        let dataset = try Dataset.open(.bdd100k, root: path, options: options)
        let sequence = try #require(dataset.sequences.first)
        let truth = try dataset.truth(of: sequence)
        let result = try dataset.result(
            of: sequence, contentsOf: try folder.write("r.json", labelText([[car, inside]])), truth: truth)
        let classes = try dataset.metricSequences(truth: truth, result: result, sequence: "v")
        let cars = try #require(classes.first { $0.classID == 3 }).sequence
        #expect(cars.truthBoxes == 1 && cars.resultBoxes == 2)
    }

    /// Other names of tracks and objects, rows and frames in another order: the same figures.
    @Test(arguments: [ScoringProfile.trackeval, .scalabel])
    func orderAndNamesDoNotMatter(_ profile: ScoringProfile) throws {
        var truth: [[TestLabel]] = []
        var result: [[TestLabel]] = []
        for frame in 0..<12 {
            let x = Double(frame)
            var objects: [TestLabel] = []
            var boxes: [TestLabel] = []
            for number in 0..<5 {
                var object = TestLabel(id: "\(number)", category: ["car", "bus", "rider"][number % 3])
                object.x = 70.5 * Double(number) + 3 * x
                object.y = 7 * x
                object.width = 40
                object.height = 30 + Double(number)
                if number == 4 { object.marks = "\"crowd\": true" }
                objects.append(object)
                if (number + frame) % 4 == 0 { continue }
                object.x += Double((number * 5 + frame * 3) % 7)
                object.id = "\(number + (frame > 6 ? 10 : 0))"
                object.marks = ""
                boxes.append(object)
            }
            truth.append(objects)
            result.append(boxes)
        }
        let plain = try scoreTexts(truth: labelText(truth), result: labelText(result), profile: profile)
        func renamed(_ label: TestLabel) -> TestLabel {
            var label = label
            let number = Int(label.id) ?? 0
            label.id = "t\(97 * number % 101)"
            return label
        }
        func renamed(_ frames: [[TestLabel]]) -> [[TestLabel]] { frames.map { $0.map(renamed).reversed() } }
        func shuffled(_ text: String) -> String {
            let lines = text.dropFirst().dropLast().components(separatedBy: ",\n")
            return "[\(lines.indices.map { lines[$0 * 5 % lines.count] }.joined(separator: ",\n"))]"
        }
        let other = try scoreTexts(
            truth: shuffled(labelText(renamed(truth))), result: shuffled(labelText(renamed(result))), profile: profile)
        for (left, right) in zip(plain.combined(), other.combined()) {
            #expect(left.className == right.className)
            for (first, second) in zip(
                left.scores.fields(of: MetricFamily.allCases), right.scores.fields(of: MetricFamily.allCases))
            {
                // Sums over tracks are taken in another order.
                let same =
                    abs(first.number - second.number) < 1e-12 || (first.number.isNaN && second.number.isNaN)
                    || first.number == second.number
                #expect(same, "\(left.className) \(first.name): \(first.number), \(second.number)")
            }
        }
        let cars = try #require(plain.figure("car", "MOTA"))
        #expect(cars > 0 && cars < 100)
    }
}
