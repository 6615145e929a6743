import Foundation
import Testing

/// Closed standard streams, and what a terminal shows.
@Suite struct StandardStreamTests {
    private let folder: ScratchFolder
    private let run = [
        "run", TestFiles.demoClip, "--boxes", TestFiles.demoTruth, "--classes", "1,3", "--model", "none",
    ]

    init() throws { folder = try ScratchFolder() }

    private static let closed: [(String, [String], Int32)] = [
        // Messages go nowhere, least of all into a file that got their number.
        ("2>&-", ["--annotate", "a.mp4"], 0),
        ("<&-", [], 0),
        // What belongs to standard output cannot be written.
        (">&-", [], 74),
        (">&-", ["--format", "jsonl"], 74),
        ("<&- >&- 2>&-", [], 74),
    ]

    @Test(arguments: closed)
    func closedStreams(_ redirection: String, _ more: [String], _ status: Int32) throws {
        let result = try CommandRun.shell(
            "\"$0\" \"$@\" \(redirection); echo $? >status", [CommandRun.binary.path] + run + more, in: folder.url)
        #expect(folder.text("status") == "\(status)\n", "\(result.errors)")
        guard !more.contains("jsonl") else { return }
        // The tracks are complete and hold nothing else.
        let rows = (folder.text("tracks.txt") ?? "").split(separator: "\n")
        #expect(rows.count == 1737)
        #expect(rows.allSatisfy { $0.split(separator: ",").count == 10 })
    }

    @Test func closedSource() throws {
        let result = try CommandRun.shell(
            "exec \"$0\" run - --boxes \"$1\" --model none <&-", [CommandRun.binary.path, TestFiles.demoTruth],
            in: folder.url)
        #expect(result.status == 74)
        #expect(folder.names.isEmpty)
    }

    /// On a terminal the progress line renews itself, is erased before every message, and is gone at the end.
    @Test(.enabled(if: TestFiles.tool("script"), "script is not installed"), arguments: [20, 80])
    func progressOnATerminal(_ columns: Int) throws {
        let shown = try terminal(columns: columns, environment: ["TERM": "xterm"])
        #expect(shown.raw.contains("\rframe "))
        #expect(!shown.rows.contains { $0.contains("frame ") && $0.contains("frames/s") && !$0.contains("decode") })
        #expect(shown.rows.allSatisfy { !$0.contains("frame ") || $0.hasPrefix("vtrack:") || $0.contains(" s, ") })
    }

    /// No progress on terminals that cannot renew a line; colours are never used.
    @Test(.enabled(if: TestFiles.tool("script"), "script is not installed"))
    func dumbTerminal() throws {
        let dumb = try terminal(columns: 80, environment: ["TERM": "dumb"])
        #expect(!dumb.raw.contains("\rframe "))
        #expect(dumb.raw.contains("225 frames"))
        #expect(!dumb.raw.contains("\u{1B}"))
        #expect(try !terminal(columns: 80, environment: ["TERM": "xterm", "NO_COLOR": "1"]).raw.contains("\u{1B}"))
    }

    /// What a run writes to a pseudo-terminal, and the rows that a terminal of any width makes of it.
    private func terminal(columns: Int, environment: [String: String]) throws -> (raw: String, rows: [String]) {
        let command = (["stty cols \(columns); exec", CommandRun.binary.path] + run).joined(separator: " ")
        let result = try CommandRun.shell(
            "script -qec \"$0\" /dev/null </dev/null", [command], environment: environment, in: folder.url)
        #expect(result.status == 0, "\(result.output)")
        var rows: [[Character]] = [[]]
        var place = 0
        for scalar in result.output.unicodeScalars {
            switch scalar {
            case "\r": place = 0
            case "\n": rows.append([])
            default:
                while rows[rows.count - 1].count <= place { rows[rows.count - 1].append(" ") }
                rows[rows.count - 1][place] = Character(scalar)
                place += 1
            }
        }
        return (result.output, rows.map { String($0) })
    }
}
