import Foundation
import Testing

@testable import Evaluation

/// The two files of scalabel's own test, under both kits.
@Suite struct BDD100KGoldenTests {
    private static let folder: String = {
        let root = ProcessInfo.processInfo.environment["VTRACK_TEST_DATA"]
        let package = URL(fileURLWithPath: #filePath).pathComponents.dropLast(4).joined(separator: "/")
        return (root ?? "\(package)/../shared/data") + "/scalabel"
    }()
    private static let isThere = FileManager.default.fileExists(atPath: folder + "/expected.json")

    private static func table(_ profile: ScoringProfile, result: String = "track_predictions.json") throws -> ScoreTable
    {
        let texts = try ["track_sample_anns.json", result].map {
            try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)
        }
        return try scoreTexts(truth: texts[0], result: texts[1], profile: profile)
    }

    private static func expected() throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/expected.json"))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test(.enabled(if: isThere, "shared data are not here"))
    func theServersFigures() throws {
        let table = try Self.table(.scalabel)
        let expected = try Self.expected()
        for (field, value) in try #require(expected["overall"] as? [String: Double]) {
            let found = try #require(table.figure("OVERALL", field))
            #expect(abs(found - value) < 1e-8, "\(field): \(found), expected \(value)")
        }
        for (field, value) in try #require(expected["average"] as? [String: Double]) {
            let found = try #require(table.figure("AVERAGE", String(field.dropFirst())))
            #expect(abs(found - value) < 1e-8, "\(field): \(found), expected \(value)")
        }
        for (name, value) in try #require(expected["mota_by_class"] as? [String: Any]) {
            let found = try #require(table.figure(name, "MOTA"))
            guard let value = value as? Double else {
                #expect(found.isNaN, "\(name): \(found)")
                continue
            }
            #expect(abs(found - value) < 1e-8, "\(name): \(found), expected \(value)")
        }
    }

    @Test(.enabled(if: isThere, "shared data are not here"))
    func trackEvalsFigures() throws {
        let table = try Self.table(.trackeval)
        let expected = try #require(
            try Self.expected()["trackeval_bdd100k_on_the_same_files"] as? [String: Double])
        let names = [
            "MOTA": "MOTA", "IDF1": "IDF1", "FP": "CLR_FP", "FN": "CLR_FN", "IDSW": "IDSW", "MT": "MT", "PT": "PT",
            "ML": "ML", "Frag": "Frag", "HOTA_detection_averaged": "HOTA", "AssA": "AssA",
        ]
        for (name, field) in names {
            let found = try #require(table.figure("cls_comb_det_av", field))
            let value = try #require(expected[name])
            #expect(abs(found - value) < 5e-4, "\(name): \(found), expected \(value)")
        }
        let average = try #require(table.figure("cls_comb_cls_av", "HOTA"))
        #expect(abs(average - (expected["HOTA_class_averaged"] ?? 0)) < 5e-4)
        // The rider's fragmentations, on which the kits differ most.
        #expect(table.figure("rider", "Frag") == 0)
    }

    /// The truth as result: every class that occurs has 100 %, crowds in it or not.
    @Test(.enabled(if: isThere, "shared data are not here"))
    func theTruthScoresFully() throws {
        let server = try Self.table(.scalabel, result: "track_sample_anns.json")
        for field in ["MOTA", "MOTP", "IDF1"] { #expect(server.figure("OVERALL", field) == 100) }
        for name in ["pedestrian", "rider", "car", "truck", "bus", "motorcycle", "human", "vehicle", "bike"] {
            #expect(server.figure(name, "MOTA") == 100, "\(name)")
        }
        // Classes that do not occur count as 0 in the mean over eight.
        #expect(server.figure("AVERAGE", "MOTA") == 75)
        let kit = try Self.table(.trackeval, result: "track_sample_anns.json")
        for field in ["HOTA", "MOTA", "IDF1", "DetA", "AssA"] {
            let found = try #require(kit.figure("cls_comb_det_av", field))
            #expect(abs(found - 100) < 1e-9, "\(field): \(found)")
        }
        #expect(try #require(kit.figure("cls_comb_cls_av", "MOTA")) == 75)
    }
}
