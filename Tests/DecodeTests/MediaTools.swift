import Foundation
import Glibc

/// The ffmpeg and ffprobe commands, which make clips at test time and say what is right about them.
enum MediaTools {
    /// Whether the commands are installed; tests that need them are skipped otherwise.
    static let areInstalled = ["ffmpeg", "ffprobe"].allSatisfy { (try? run($0, ["-version"])) != nil }

    /// Folder that holds the project's test videos: `$VTRACK_TEST_DATA`, else `../shared/data` beside the package.
    static let dataFolder: String =
        ProcessInfo.processInfo.environment["VTRACK_TEST_DATA"]
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data").path

    /// Whether the test videos are there.
    static let hasData = FileManager.default.fileExists(atPath: "\(dataFolder)/video/car-detection.mp4")

    /// A command that did not end well.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Runs a command and returns its standard output.
    @discardableResult
    static func run(_ name: String, _ arguments: [String], in folder: String? = nil) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                description: "\(name) \(arguments.joined(separator: " ")): status \(process.terminationStatus)")
        }
        return data
    }

    /// Runs ffmpeg with words separated by spaces.
    static func ffmpeg(_ arguments: String, in folder: Folder) throws {
        try run("ffmpeg", ["-v", "error", "-y"] + arguments.split(separator: " ").map(String.init), in: folder.path)
    }

    /// Presentation times of a clip's frames in seconds as ffprobe prints them, nil where a frame has none.
    static func presentationTimes(_ path: String) throws -> [Double?] {
        let output = try run(
            "ffprobe",
            [
                "-v", "quiet", "-select_streams", "V:0", "-show_entries", "frame=best_effort_timestamp_time", "-of",
                "csv=p=0", path,
            ])
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map {
            // Side data of a frame leaves empty columns behind it.
            Double($0.split(separator: ",").first ?? "")
        }
    }

    /// The frames of a clip as ffmpeg converts them to RGB with the given filters, one after the other.
    static func rgb(_ path: String, filter: String, options: [String] = []) throws -> Data {
        try run(
            "ffmpeg",
            ["-v", "error"] + options + [
                "-i", path, "-vf", filter + ",format=gbrp", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt",
                "rgb24", "-",
            ])
    }
}

/// A temporary folder that goes away with the last reference.
final class Folder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("vtrack-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Path of something in the folder.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a FIFO and returns its path.
    func makeFIFO() throws -> String {
        guard unsafe mkfifo(file("fifo"), 0o600) == 0 else { throw MediaTools.Failure(description: "mkfifo failed") }
        return file("fifo")
    }

    /// Writes a file.
    @discardableResult
    func write(_ name: String, _ data: Data) throws -> String {
        try data.write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    /// Reads a file.
    func read(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: file(name))) }
}
