import Foundation
import Geometry
import Testing

@testable import Features

/// A checkpoint of scripts/make-golden-families.py, and what another implementation made of two pictures with it.
struct FamilyGolden: Decodable, CustomTestStringConvertible, Sendable {
    /// The checkpoint, from the folder of fixtures on.
    let file: String
    /// The family that the files tell; nil where they tell its numbers only.
    let family: String?
    /// The file of expected tokens.
    let golden: String
    /// The heads, where only the width of a real model of the family would tell them.
    let heads: Int?
    /// The implementation that computed the tokens.
    let reference: String

    var testDescription: String { "\(file) (\(reference))" }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/families")
        .standardized.path(percentEncoded: false)

    static let all: [FamilyGolden] = {
        do {
            let data = try Data(contentsOf: URL(filePath: folder + "/cases.json"))
            return try JSONDecoder().decode([FamilyGolden].self, from: data)
        } catch {
            Issue.record("no golden families: \(error)")
            return []
        }
    }()

    var path: String { Self.folder + "/" + file }

    /// Opens the checkpoint as a user would.
    func open() throws -> Checkpoint { try Checkpoint(path: path, overrides: CheckpointOverrides(heads: heads)) }

    /// What the reference computed for a picture: "tile" of the model's own size, or "wide".
    func expected(_ size: String) throws -> Expected? {
        let file = try SafetensorsFile(path: Self.folder + "/" + golden)
        guard let shape = file.entries[size + ".image"]?.shape else { return nil }
        var image = RGBImage(width: shape[1], height: shape[0])
        image.pixels = try file.floats(size + ".image").map { UInt8($0) }
        var tokens: [String: [Float]] = [:]
        for name in file.entries.keys where name.hasPrefix(size + ".") && !name.hasSuffix("image") {
            tokens[String(name.dropFirst(size.count + 1))] = try file.floats(name)
        }
        return Expected(image: image, tokens: tokens)
    }

    struct Expected {
        let image: RGBImage
        /// By block from 0, and "norm": (N, D).
        let tokens: [String: [Float]]
    }

    /// The length of the difference over that of what was expected.
    static func error(_ found: [Float], _ expected: [Float]) -> Double {
        guard found.count == expected.count else { return .infinity }
        var (difference, length) = (0.0, 0.0)
        for (a, b) in zip(found, expected) {
            difference += Double(a - b) * Double(a - b)
            length += Double(b) * Double(b)
        }
        return (difference / length).squareRoot()
    }
}
