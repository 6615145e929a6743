import Evaluation
import Features
import Foundation
import Geometry
import Testing

@testable import App

/// Presets and configuration files: every wrong key or value is named with its line, and nothing traps.
@Suite struct ConfigurationFileTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func failure(_ text: String) throws -> (line: Int?, message: String)? {
        do {
            _ = try PresetFile.read(path: folder.write(text, to: "c.yaml"))
            return nil
        } catch AppError.configuration(_, let line, let message) {
            return (line, message)
        }
    }

    @Test func readsEveryKey() throws {
        let text = """
            features:
              model: m
              tiling: whole
              long_side: 800
              layer: [3, 6]
              token: keys
              pool: grid3
              drop_variance: 200
              standardize: true
              similarity: l2
              precision: auto
            boxes:
              classes: [1, 3]
              min_confidence: 0.25
              max_boxes: 50
            retrieval:
              deltas: [5, 0.5s]
            """
        let preset = try PresetFile.read(path: folder.write(text, to: "c.yaml"))
        #expect(preset.features.model == "m")
        #expect(preset.features.tiling == .whole)
        #expect(preset.features.longSide == 800)
        #expect(preset.features.layer == .blocks([3, 6]))
        #expect(preset.features.token == .keys)
        #expect(preset.features.pool == .grid(3))
        #expect(preset.features.dropVariance == 200)
        #expect(preset.features.standardize == true)
        #expect(preset.features.similarity == .l2)
        #expect(preset.features.precision == .auto)
        #expect(preset.boxes.classes == [1, 3])
        #expect(preset.boxes.minimumConfidence == 0.25)
        #expect(preset.boxes.maximumBoxes == 50)
        #expect(preset.deltas == [.frames(5), .seconds(0.5)])
    }

    private static let wrong: [(String, Int?, String)] = [
        // Unknown keys, at the top and in a section.
        ("feature:\n  pool: mean\n", 1, "feature"),
        ("features:\n  pool: mean\n  colour: red\n", 3, "colour"),
        ("tracker:\n  no_such_number: 1\n", 2, "no_such_number"),
        // Values of the wrong kind.
        ("features:\n  layer: deep\n", 2, "layer"),
        ("features:\n  pool: [[1]]\n", 2, "pool"),
        ("features:\n  precision: f16\n", 2, "precision"),
        ("boxes:\n  max_boxes: 0\n", 2, "max_boxes"),
        ("boxes: 5\n", 1, "boxes"),
        ("retrieval:\n  deltas: [0]\n", 2, "deltas"),
        // Not YAML, and a key twice.
        ("features: [\n", nil, "YAML"),
        ("features:\n  pool: mean\n  pool: grid3\n", nil, "YAML"),
    ]

    @Test(arguments: wrong)
    func refused(_ text: String, _ line: Int?, _ word: String) throws {
        let failure = try #require(try failure(text))
        if let line { #expect(failure.line == line) }
        #expect(failure.message.contains(word))
    }

    /// Nesting as deep as the size limit allows, aliases that multiply, bytes that are no text.
    @Test func hostileFiles() throws {
        #expect(try failure(String(repeating: "[", count: 60_000)) != nil)
        #expect(try failure(String(repeating: "- ", count: 30_000)) != nil)
        #expect(try failure(String(repeating: "a", count: 70_000)) != nil)
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
        for letter in "bcdefghij" {
            let before = Character(UnicodeScalar(letter.asciiValue! - 1))
            bomb += "\(letter): &\(letter) [" + Array(repeating: "*\(before)", count: 9).joined(separator: ",") + "]\n"
        }
        #expect(try failure(bomb) != nil)
        let bytes = folder.url.appending(path: "c.yaml")
        try Data([0xFF, 0xFE, 0x00]).write(to: bytes)
        #expect(throws: AppError.self) { try PresetFile.read(path: bytes.path) }
    }

    /// Damaged copies of the shipped presets are read or refused with an error, whatever is broken in them.
    @Test func damagedPresets() throws {
        let configs = TestFiles.root.appending(path: "configs")
        var random = SplitMix64(seed: 22)
        for name in ["default.yaml", "short-gap.yaml"] {
            let original = try [UInt8](Data(contentsOf: configs.appending(path: name)))
            for round in 0..<1000 {
                var bytes = original
                for _ in 0...random.index(below: 8) {
                    let place = random.index(below: bytes.count)
                    switch random.index(below: 4) {
                    case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                    case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.index(below: 40)))
                    case 2:
                        bytes.insert(
                            contentsOf: Array("[]{}:-&*!|>'\"%@`\t\n ".utf8).shuffled(using: &random), at: place)
                    default: bytes.insert(contentsOf: original[..<(original.count / 3)], at: place)
                    }
                    if bytes.isEmpty { bytes = original }
                }
                let file = folder.url.appending(path: "damaged.yaml")
                try Data(bytes).write(to: file)
                do {
                    _ = try PresetFile.read(path: file.path)
                } catch {
                    #expect(error.category == .configuration, "\(name), round \(round): \(error)")
                }
            }
        }
    }

    /// Every preset that ships is readable and describes itself.
    @Test func shippedPresets() throws {
        let configs = TestFiles.root.appending(path: "configs")
        let names = try FileManager.default.contentsOfDirectory(atPath: configs.path).filter { $0.hasSuffix(".yaml") }
        #expect(!names.isEmpty)
        for name in names { _ = try PresetFile.read(path: configs.appending(path: name).path) }
    }
}
