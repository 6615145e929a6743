import Foundation
import Geometry
import Testing

@testable import App

@Suite struct OutputFileTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "vtrack-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func contents(_ name: String) -> String? { try? String(contentsOfFile: path(name), encoding: .utf8) }

    private func write(_ text: String, to name: String, publish: Bool) throws {
        var file = try OutputFile(path: path(name), inputs: [])
        var sink = try file.openSink()
        try sink.write(text)
        try sink.synchronize()
        if publish { try file.publish() }
    }

    @Test func publishedFileIsCompleteAndNothingElseIsLeft() throws {
        try write("old", to: "a.txt", publish: true)
        try write("new", to: "a.txt", publish: true)
        #expect(contents("a.txt") == "new")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.txt"])
    }

    @Test func abandonedFileLeavesTheOldOne() throws {
        try write("old", to: "a.txt", publish: true)
        try write("new", to: "a.txt", publish: false)
        #expect(contents("a.txt") == "old")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.txt"])
    }

    /// The link stays and its target is replaced.
    @Test func symbolicLinkIsFollowed() throws {
        try write("old", to: "target.txt", publish: true)
        try FileManager.default.createSymbolicLink(atPath: path("link.txt"), withDestinationPath: "target.txt")
        try write("new", to: "link.txt", publish: true)
        #expect(contents("target.txt") == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path("link.txt")) == "target.txt")
    }

    @Test func refusals() throws {
        // A directory.
        #expect(throws: AppError.self) { _ = try OutputFile(path: folder.path, inputs: []) }
        // A folder that does not exist.
        #expect(throws: AppError.self) { _ = try OutputFile(path: path("no/such.txt"), inputs: []) }
        // A loop of links.
        try FileManager.default.createSymbolicLink(atPath: path("loop"), withDestinationPath: "loop")
        #expect(throws: AppError.self) { _ = try OutputFile(path: path("loop"), inputs: []) }
        // The same file as an input, under another name.
        try write("boxes", to: "gt.txt", publish: true)
        try FileManager.default.createSymbolicLink(atPath: path("alias.txt"), withDestinationPath: "gt.txt")
        #expect(throws: AppError.self) { _ = try OutputFile(path: path("alias.txt"), inputs: [path("gt.txt")]) }
        #expect(contents("gt.txt") == "boxes")
    }

    @Test func fullDiskIsAnError() throws {
        let file = try OutputFile(path: "/dev/full", inputs: [])
        var sink = try file.openSink()
        try sink.write("data")
        do {
            try sink.flush()
            Issue.record("a full device took the data")
        } catch {
            #expect(error.category == .inputOutput)
        }
    }
}
