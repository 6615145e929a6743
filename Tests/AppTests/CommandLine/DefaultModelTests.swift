import Features
import Foundation
import Testing

/// The model that ships: where it is found, that it is what runs where none is named, and what goes before it.
@Suite struct DefaultModelTests {
    private let prefix: InstalledPrefix
    private let boxes = ["--boxes", TestFiles.demoTruth, "--classes", "1,3", "--quiet"]

    init() throws { prefix = try InstalledPrefix() }

    private var scratch: ScratchFolder { prefix.scratch }

    private func run(
        _ name: String, _ more: [String] = [], environment: [String: String] = [:], binary: String? = nil
    ) throws -> [String: Any] {
        let result = try prefix.vtrack(
            ["run", TestFiles.demoClip, "--out", "\(name).txt", "--report", "r.json"] + boxes + more, binary: binary,
            environment: environment)
        #expect(result.status == 0, "\(more): \(result.errors)")
        return try prefix.reportedModel()
    }

    /// Its name and its path are the same as nothing, byte for byte; layer and pooling are those of its metadata.
    @Test func nameAndPathAreTheSameAsNothing() throws {
        let ways = [("a", []), ("b", ["--model", "vtrack-tiny"]), ("c", ["--model", prefix.model])]
        for (name, more) in ways {
            let model = try run(name, ["--features", "\(name).safetensors"] + more)
            #expect(model["name"] as? String == "vtrack-tiny")
            #expect((model["digest"] as? String)?.count == 64)
            #expect(model["layer"] as? String == InstalledPrefix.layer)
            #expect(model["pool"] as? String == InstalledPrefix.pool)
            #expect(model["dim"] as? Int == 4 * 64)
            #expect(scratch.data("\(name).txt") == scratch.data("a.txt"))
            #expect(scratch.data("\(name).safetensors") == scratch.data("a.safetensors"))
        }
        #expect(scratch.data("a.txt")?.isEmpty == false)
    }

    /// Options, presets and configuration files go before the metadata, and the summary says what was used.
    @Test func choicesGoBeforeTheMetadata() throws {
        let configuration = try scratch.write("features:\n  pool: mean\n", to: "c.yaml")
        for (more, layer, pool) in [
            (["--layer", "2"], "2", InstalledPrefix.pool), (["--pool", "mean"], InstalledPrefix.layer, "mean"),
            (["--preset", "paper"], "last", "mean"), (["--preset", "short-gap"], "1/4", "grid3"),
            (["--config", configuration], InstalledPrefix.layer, "mean"),
            (["--preset", "paper", "--layer", "0", "--pool", "grid3"], "0", "grid3"),
        ] {
            let model = try run("t", more)
            #expect(model["layer"] as? String == layer, "\(more)")
            #expect(model["pool"] as? String == pool, "\(more)")
        }
        let said = try prefix.vtrack(["run", TestFiles.demoClip] + boxes.dropLast())
        let words = "model: vtrack-tiny, layer \(InstalledPrefix.layer), pool \(InstalledPrefix.pool)"
        #expect(said.output.contains(words), "\(said.output)")
    }

    /// `none` stays, as an option and in a configuration file, and needs no file; an option wins over the file.
    @Test func noneIsMotionAlone() throws {
        let configuration = try scratch.write("features:\n  model: none\n", to: "none.yaml")
        let named = try run("named", ["--config", configuration, "--model", "vtrack-tiny"])
        #expect(named["name"] as? String == "vtrack-tiny")
        try FileManager.default.removeItem(atPath: prefix.model)
        for (name, more) in [("option", ["--model", "none"]), ("file", ["--config", configuration])] {
            #expect(try run(name, more).isEmpty)
            let replayed = try prefix.vtrack(["track", "--out", "track.txt"] + boxes)
            #expect(replayed.status == 0)
            #expect(scratch.data("\(name).txt") == scratch.data("track.txt"))
        }
    }

    /// A user's own file of the name wins: in $VTRACK_MODELS, then in the cache, then the one that ships.
    @Test func ownFilesWin() throws {
        var digests = [try #require(try run("a")["digest"] as? String)]
        for (seed, folder) in [(UInt64(2), "cache/vtrack/models"), (3, "own")] {
            try FileManager.default.createDirectory(atPath: scratch.path(folder), withIntermediateDirectories: true)
            try TinyCheckpoint.write(to: scratch.path("\(folder)/vtrack-tiny.safetensors"), seed: seed)
            for more in [[], ["--model", "vtrack-tiny"]] {
                let model = try run(
                    "t", more, environment: folder == "own" ? ["VTRACK_MODELS": scratch.path("own")] : [:])
                #expect(model["layer"] as? String == "last")
                digests.append(try #require(model["digest"] as? String))
            }
        }
        #expect(digests[1] == digests[2] && digests[3] == digests[4])
        #expect(Set(digests).count == 3)
        // A folder of one's own without such a file hides nothing.
        let other = try run("t", environment: ["VTRACK_MODELS": scratch.path("bare"), "XDG_CACHE_HOME": "/nowhere"])
        #expect(other["digest"] as? String == digests[0])
    }

    /// Started by a link, and as a file that was replaced since: the folder is that of the program itself.
    @Test func linkedAndReplacedPrograms() throws {
        let link = scratch.path("link to vtrack")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: prefix.binary)
        #expect(try run("t", binary: link)["name"] as? String == "vtrack-tiny")
        let replaced = try CommandRun.shell(
            "exec 9<\"$0\" && rm \"$0\" && exec /proc/self/fd/9 model info --json", [prefix.binary],
            environment: InstalledPrefix.isolated(in: scratch), in: scratch.url)
        #expect(replaced.status == 0, "\(replaced.errors)")
        let facts = try JSONSerialization.jsonObject(with: Data(replaced.output.utf8)) as? [String: Any]
        #expect(facts?["path"] as? String == prefix.model)
    }

    /// Standard input gives what the file gives.
    @Test func streams() throws {
        _ = try run("file")
        let piped = try CommandRun.shell(
            "cat \"$1\" | \"$0\" run - --out piped.txt \"${@:2}\"", [prefix.binary, TestFiles.demoClip] + boxes,
            environment: InstalledPrefix.isolated(in: scratch), in: scratch.url)
        #expect(piped.status == 0, "\(piped.errors)")
        #expect(scratch.data("piped.txt") == scratch.data("file.txt"))
    }

    /// The model is an input like any other, also where nobody names it.
    @Test func outputsDoNotOverwriteIt() throws {
        let before = FileManager.default.contents(atPath: prefix.model)
        for arguments in [
            ["run", TestFiles.demoClip, "--out", prefix.model] + boxes,
            ["run", TestFiles.demoClip, "--report", prefix.model] + boxes,
            ["embed", TestFiles.demoClip, "--out", prefix.model, "--quiet"],
            ["sweep", TestFiles.demoClip, "--out", prefix.model] + boxes,
            ["compare", TestFiles.demoClip, "--out", prefix.model] + boxes,
            ["model", "stats", TestFiles.demoClip, "--out", prefix.model, "--quiet"],
        ] {
            let result = try prefix.vtrack(arguments)
            #expect(result.status == 73, "\(arguments): \(result.errors)")
        }
        #expect(FileManager.default.contents(atPath: prefix.model) == before)
    }
}
