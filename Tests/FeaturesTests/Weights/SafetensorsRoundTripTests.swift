import Foundation
import Geometry
import Testing

@testable import Features

/// What is written reads back, and what other programs wrote reads right.
struct SafetensorsRoundTripTests {
    /// Written by the Python package safetensors 0.8.0: `save_file({"half": [1, -2, 6.1e-5, 6e-8, inf], "brain": [1, -2,
    /// 3.140625], "single": [[0.5, -0.25]], "number": [7, -8]}, …, metadata={"a": "é\n"})`.
    static let golden = """
        EAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJhIjoiw6lcbiJ9LCJudW1iZXIiOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6WzJdLCJk\
        YXRhX29mZnNldHMiOlswLDE2XX0sInNpbmdsZSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMSwyXSwiZGF0YV9vZmZzZXRzIjpb\
        MTYsMjRdfSwiYnJhaW4iOnsiZHR5cGUiOiJCRjE2Iiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbMjQsMzBdfSwiaGFsZiI6\
        eyJkdHlwZSI6IkYxNiIsInNoYXBlIjpbNV0sImRhdGFfb2Zmc2V0cyI6WzMwLDQwXX19ICAgIAcAAAAAAAAA+P////////8AAAA/\
        AACAvoA/AMBJQAA8AMD/AwEAAHw=
        """

    @Test
    func `A file of the Python package reads right`() throws {
        try TestData.withFolder { folder in
            let path = folder + "/golden.safetensors"
            try #require(Data(base64Encoded: Self.golden)).write(to: URL(filePath: path))
            let file = try SafetensorsFile(path: path)
            #expect(file.metadata == ["a": "é\n"])
            // 6.1e-5 and 6e-8 as half precision holds them: the largest and the smallest subnormal's neighbours.
            #expect(try file.floats("half") == [1, -2, 6.0975552e-05, 5.9604645e-08, .infinity])
            #expect(try file.floats("brain") == [1, -2, 3.140625])
            #expect(try file.floats("single") == [0.5, -0.25])
            #expect(file.entries["single"]?.shape == [1, 2])
            #expect(try file.integers("number") == [7, -8])
            #expect(throws: WeightsError.type(path: path, tensor: "number", found: .int64)) {
                try file.floats("number")
            }
        }
    }

    @Test(arguments: [0, 1, 2, 3, 1000])
    func `Rows appended in pieces read back, aligned to eight bytes`(rows: Int) throws {
        try TestData.withFolder { folder in
            let path = folder + "/out.safetensors"
            let writer = try SafetensorsWriter(
                path: path,
                columns: [
                    // Three numbers a row: its end is aligned only for even counts, so it is not the one in place.
                    .floats("odd", rowShape: [3]), .floats("features", rowShape: [2, 4]), .integers("frame"),
                    .floats("single"),
                ], metadata: ["source": "a \"clip\"\t\\", "vtrack": "1"])
            for row in 0..<rows {
                try writer.append((0..<3).map { Float(row * 3 + $0) }, to: "odd")
                try writer.append((0..<8).map { Float(row * 8 + $0) }, to: "features")
                try writer.append([Int64(-row)], to: "frame")
                try writer.append([Float(row) / 2], to: "single")
            }
            #expect(!FileManager.default.fileExists(atPath: path))
            try writer.finish()

            let file = try SafetensorsFile(path: path)
            #expect(file.metadata == ["source": "a \"clip\"\t\\", "vtrack": "1"])
            #expect(try file.floats("odd") == (0..<rows * 3).map { Float($0) })
            #expect(try file.floats("features") == (0..<rows * 8).map { Float($0) })
            #expect(try file.integers("frame") == (0..<rows).map { -Int64($0) })
            #expect(try file.floats("single") == (0..<rows).map { Float($0) / 2 })
            #expect(file.entries["features"]?.shape == [rows, 2, 4])
            #expect(file.entries["frame"]?.shape == [rows])
            let length = try #require(FileManager.default.contents(atPath: path)).prefix(8).reversed().reduce(0) {
                $0 << 8 | Int($1)
            }
            #expect((8 + length) % 8 == 0)
            #expect(try #require(file.entries["frame"]).bytes.lowerBound % 8 == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out.safetensors"])
        }
    }

    @Test
    func `What is not finished leaves nothing behind`() throws {
        try TestData.withFolder { folder in
            do {
                let writer = try SafetensorsWriter(path: folder + "/out.safetensors", columns: [.floats("a")])
                try writer.append([1] as [Float], to: "a")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test
    func `A folder that does not exist is named`() throws {
        try TestData.withFolder { folder in
            let path = folder + "/none/out.safetensors"
            let error = try #require(throws: FeatureError.self) {
                try SafetensorsWriter(path: path, columns: [.floats("a")])
            }
            #expect(error.category == .cannotCreate)
            #expect(error.description.hasPrefix(path))
        }
    }
}
