import Foundation
import Testing

/// Checkpoints that are damaged or of another kind: status 65, and a message that names the tensor.
@Suite struct WrongModelTests {
    private let folder: ScratchFolder
    private let tensor = "blocks.1.attn.qkv.weight"

    init() throws {
        folder = try ScratchFolder()
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
    }

    /// The header as a dictionary, and the data behind it.
    private func parts() throws -> (header: [String: [String: Any]], data: Data) {
        let bytes = try #require(folder.data("tiny.safetensors"))
        let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = try JSONSerialization.jsonObject(with: bytes.dropFirst(8).prefix(length))
        return (try #require(header as? [String: [String: Any]]), Data(bytes.dropFirst(8 + length)))
    }

    private func write(_ header: [String: [String: Any]], _ data: Data) throws {
        let json = try JSONSerialization.data(withJSONObject: header)
        var file = Data((0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) })
        file.append(json)
        file.append(data)
        try file.write(to: folder.url.appending(path: "wrong.safetensors"))
    }

    private func expectRefused(_ words: [String], model: String = "wrong.safetensors") throws {
        let run = try CommandRun.vtrack(
            ["run", TestFiles.demoClip, "--boxes", TestFiles.demoTruth, "--model", folder.path(model)], in: folder.url)
        #expect(run.status == 65, "\(run.errors)")
        for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
        #expect(!folder.names.contains("tracks.txt"))
    }

    @Test func tensorMissing() throws {
        var (header, data) = try parts()
        header["other.weight"] = header.removeValue(forKey: tensor)
        try write(header, data)
        try expectRefused([tensor, "missing", "[192, 64]"])
    }

    /// The right number of values in another shape: found and expected are named.
    @Test func tensorOfAnotherShape() throws {
        var (header, data) = try parts()
        header[tensor]?["shape"] = [64, 192]
        try write(header, data)
        try expectRefused([tensor, "[64, 192]", "[192, 64]"])
    }

    /// A weight that is no number, or an infinite one.
    @Test(arguments: [Float.nan, .infinity])
    func notFinite(_ value: Float) throws {
        var (header, data) = try parts()
        let start = try #require((header[tensor]?["data_offsets"] as? [Int])?.first)
        for byte in 0..<4 {
            data[start + 28 + byte] = UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32(byte)))
        }
        try write(header, data)
        try expectRefused([tensor, "index 7"])
    }

    /// A number format that is not known, and numbers that do not fill the shape.
    @Test(arguments: [("dtype", "F99" as any Sendable, "F99"), ("shape", [193, 64], "[193, 64]")])
    func wrongEntry(_ key: String, _ value: any Sendable, _ word: String) throws {
        var (header, data) = try parts()
        header[tensor]?[key] = value
        try write(header, data)
        try expectRefused([tensor, word])
    }

    /// Cut short in the data, in the header and in the length of the header; and nothing at all.
    @Test(arguments: [20_000, 200, 4, 0])
    func truncated(_ count: Int) throws {
        try #require(folder.data("tiny.safetensors")).prefix(count)
            .write(to: folder.url.appending(path: "wrong.safetensors"))
        try expectRefused(["wrong.safetensors"])
    }

    /// Cut short while it is being loaded, again and again: an error or a good end, never a signal.
    @Test func truncatedWhileLoading() throws {
        let script = """
            for delay in 0.00 0.01 0.02 0.03 0.05 0.08; do
                cp tiny.safetensors wrong.safetensors
                "$0" run "$1" --boxes "$2" --model wrong.safetensors --out t.txt --quiet >/dev/null 2>&1 &
                sleep $delay
                truncate -s 20000 wrong.safetensors
                wait $!
                echo $?
            done
            """
        let run = try CommandRun.shell(
            script, [CommandRun.binary.path, TestFiles.demoClip, TestFiles.demoTruth], in: folder.url)
        let statuses = run.output.split(separator: "\n")
        #expect(statuses.count == 6)
        #expect(statuses.allSatisfy { $0 == "0" || $0 == "65" }, "\(run.output)")
    }

    /// No file of one piece: a folder, a device, a FIFO that would block.
    @Test func noRegularFile() throws {
        let made = try CommandRun.shell("mkfifo fifo.safetensors", [], in: folder.url)
        try #require(made.status == 0)
        for model in ["./", "/dev/zero", folder.path("fifo.safetensors")] {
            let run = try CommandRun.vtrack(
                ["run", TestFiles.demoClip, "--boxes", TestFiles.demoTruth, "--model", model], in: folder.url)
            #expect(run.status == 66, "\(run.errors)")
        }
    }
}
