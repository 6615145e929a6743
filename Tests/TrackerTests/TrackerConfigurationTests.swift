import Foundation
import Geometry
import Testing

@testable import Tracker

@Suite struct TrackerConfigurationTests {
    @Test func encodesAndDecodes() throws {
        var configuration = TrackerConfiguration()
        configuration.perClass = false
        configuration.lostSeconds = 7.5
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(TrackerConfiguration.self, from: data) == configuration)
    }

    // Keys that are absent keep the preset's values.
    @Test func absentKeysKeepTheirDefaults() throws {
        let decoded = try JSONDecoder().decode(TrackerConfiguration.self, from: Data(#"{"lost_seconds": 3}"#.utf8))
        var expected = TrackerConfiguration()
        expected.lostSeconds = 3
        #expect(decoded == expected)
    }

    @Test(arguments: [
        // Not a setting.
        (#"{"lost_second": 3}"#, TrackerError.unknownKey("lost_second")),
        // Below and above the range.
        (#"{"birth_confidence": 1.5}"#, .outOfRange(key: "birth_confidence", value: 1.5, range: 0...1)),
        (#"{"centre_noise": 0}"#, .outOfRange(key: "centre_noise", value: 0, range: 1e-6...10)),
    ])
    func refusesWrongSettings(json: String, expected: TrackerError) {
        #expect(throws: expected) {
            try JSONDecoder().decode(TrackerConfiguration.self, from: Data(json.utf8))
        }
        #expect(expected.category == .configuration)
        #expect(expected.description.contains("tracker."))
    }

    // NaN and infinities are out of every range, and a tracker is not made from them.
    @Test(arguments: [Double.nan, .infinity, -.infinity, -1])
    func refusesStrangeNumbers(value: Double) {
        for number in TrackerConfiguration.numbers where !number.range.contains(value) {
            var configuration = TrackerConfiguration()
            configuration[keyPath: number.path] = value
            #expect(throws: TrackerError.self) { _ = try ObjectTracker(configuration: configuration) }
        }
    }

    @Test(arguments: [(0.0, 100.0), (100, -1), (.nan, 100), (100, .infinity)])
    func refusesFramesWithoutSize(width: Double, height: Double) {
        #expect(throws: TrackerError.self) { _ = try ObjectTracker(frameWidth: width, frameHeight: height) }
    }

    // configs/default.yaml lists every setting with the preset's value and a comment.
    @Test func defaultFileIsComplete() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../configs/default.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        var found: [String] = []
        var configuration = TrackerConfiguration()
        let section = text.split(separator: "\n").drop { $0 != "tracker:" }.dropFirst().prefix { $0.hasPrefix("  ") }
        for line in section where !line.hasPrefix("  #") {
            let parts = line.split(separator: "#", maxSplits: 1)
            #expect(parts.count == 2, "no comment: \(line)")
            let setting = parts[0].split(separator: ":").map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(setting.count == 2)
            found.append(setting[0])
            let value = try #require(["true": 1, "false": 0][setting[1]] ?? Double(setting[1]))
            try configuration.set(setting[0], to: value)
        }
        #expect(found == TrackerConfiguration.keys)
        #expect(configuration == TrackerConfiguration())
    }
}
