import Foundation

/// Real data that is not part of the project: tests that need it skip where it is absent.
enum TestData {
    /// `$VTRACK_TEST_DATA`, else `../shared/data` beside the package.
    static let folder: String =
        ProcessInfo.processInfo.environment["VTRACK_TEST_DATA"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/data").standardized
        .path(percentEncoded: false)

    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/" + path)
    }

    /// A folder of its own for one test, removed by `body`'s end.
    static func withFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "vtrack-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path(percentEncoded: false))
    }
}
