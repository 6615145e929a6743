import Foundation
import Testing

/// Every output on a disk that fills up while it is written: status 74, the path the user gave, and no file.
@Suite struct FullDiskTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        try TinyCheckpoint.write(to: folder.path("tiny.safetensors"))
    }

    private static let outputs: [[String]] = [
        ["run", "--out", "small/out", "--model", "none"],
        ["run", "--out", "/dev/null", "--report", "small/out", "--model", "none"],
        ["run", "--out", "/dev/null", "--annotate", "small/out", "--model", "none"],
        ["run", "--out", "/dev/null", "--features", "small/out", "--model", "tiny.safetensors"],
        ["embed", "--out", "small/out", "--model", "tiny.safetensors"],
    ]

    /// The limit that a process has on the size of its files, in blocks of 1 KB, stands for the disk: it needs no root.
    @Test(arguments: outputs)
    func limitOfFileSize(_ output: [String]) throws {
        let arguments =
            [output[0], TestFiles.demoClip, "--boxes", TestFiles.demoTruth, "--classes", "1,3"] + output.dropFirst()
        let script = "mkdir small; ulimit -f \(output.contains("--report") ? 1 : 8); exec \"$0\" \"$@\""
        let result = try CommandRun.shell(script, [CommandRun.binary.path] + arguments, in: folder.url)
        // A report of less than a block has room.
        if output.contains("--report"), result.status == 0 { return }
        #expect(result.status == 74, "\(result.errors)")
        #expect(result.errors.contains("small/out: cannot write: File too large"), "\(result.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("small")).isEmpty)
    }

    /// A real file system of 64 KB, mostly filled.
    @Test(.enabled(if: getuid() == 0 && TestFiles.tool("unshare"), "mounting needs root"), arguments: outputs)
    func smallFileSystem(_ output: [String]) throws {
        let arguments =
            [output[0], TestFiles.demoClip, "--boxes", TestFiles.demoTruth, "--classes", "1,3"] + output.dropFirst()
        let script = """
            mkdir -p small && mount -t tmpfs -o size=1m tmpfs small || exit 99
            dd if=/dev/zero of=small/fill bs=4k count=\(output.contains("--report") ? 256 : 250) status=none
            "$0" "$@"; status=$?
            ls -A small >left
            exit $status
            """
        // A name space of its own, so that nothing stays mounted.
        let result = try CommandRun.shell(
            "exec unshare --mount bash -c \"$0\" \"$@\"", [script, CommandRun.binary.path] + arguments, in: folder.url)
        // Containers may forbid mounting to root too.
        if result.status == 99 || result.status == 1 { return }
        #expect(result.status == 74, "\(result.errors)")
        #expect(result.errors.contains("small/out: cannot write: No space left on device"), "\(result.errors)")
        #expect(folder.text("left") == "fill\n")
    }

    /// Help, versions and facts can fail to be written as well.
    @Test(arguments: [["--version"], ["run", "--help"], ["probe", TestFiles.demoClip]])
    func standardOutput(_ arguments: [String]) throws {
        let result = try CommandRun.shell(
            "exec \"$0\" \"$@\" >/dev/full", [CommandRun.binary.path] + arguments, in: folder.url)
        #expect(result.status == 74)
        #expect(result.errors.contains("standard output: cannot write: No space left on device"))
    }
}
