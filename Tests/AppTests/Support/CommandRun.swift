import Foundation
import Testing

/// One run of the built `vtrack` binary, as a user would start it.
struct CommandRun {
    /// Exit status; 128 + n where a signal ended it.
    var status: Int32
    var output: String
    var errors: String

    /// The binary, which the build puts beside the test bundle.
    static let binary: URL = {
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return bundle.appending(path: "vtrack")
    }()

    /// Runs the binary to its end.
    ///
    /// A run of more than 60 seconds counts as hung and is killed.
    static func vtrack(
        _ arguments: [String], input: URL? = nil, environment: [String: String] = [:], in folder: URL? = nil
    ) throws -> CommandRun {
        try shell("exec \"$0\" \"$@\"", [binary.path] + arguments, input: input, environment: environment, in: folder)
    }

    /// Runs a shell line; `$0` is the first argument, `$1`… the rest.
    static func shell(
        _ line: String, _ arguments: [String], input: URL? = nil, environment: [String: String] = [:],
        in folder: URL? = nil
    ) throws -> CommandRun {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "vtrack-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let files = ["out", "err"].map { scratch.appending(path: $0) }
        let streams = [input?.path ?? "/dev/null"] + files.map(\.path)
        let process = ChildProcess.run(
            ["/bin/bash", "-c", line] + arguments, streams: streams, environment: environment, in: folder?.path)
        return CommandRun(
            status: process.status,
            output: String(decoding: try Data(contentsOf: files[0]), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self))
    }
}

/// A folder that is deleted with the test.
final class ScratchFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "vtrack-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Path of a file in it.
    func path(_ name: String) -> String { url.appending(path: name).path }

    /// Writes a text file and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: url.appending(path: name))
        return path(name)
    }

    func text(_ name: String) -> String? { try? String(contentsOfFile: path(name), encoding: .utf8) }

    func data(_ name: String) -> Data? { try? Data(contentsOf: url.appending(path: name)) }

    /// Everything in it, sorted.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}

/// Files that tests use: the clip that ships, and the data beside the project, where it is there.
enum TestFiles {
    /// The root of the package.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let demoClip = root.appending(path: "demo/demo.mp4").path
    static let demoTruth = root.appending(path: "demo/gt/gt.txt").path

    /// The model that ships.
    static let shippedModel = root.appending(path: "Models/vtrack-tiny.safetensors").path

    /// The data folder of VTRACK_TEST_DATA.
    static let data = URL(
        fileURLWithPath: ProcessInfo.processInfo.environment["VTRACK_TEST_DATA"]
            ?? root.appending(path: "../shared/data").path)

    static let hasData = FileManager.default.fileExists(atPath: data.appending(path: "weights").path)
    static let hasFFmpeg = tool("ffmpeg")

    static func tool(_ name: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }
}
