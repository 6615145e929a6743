import Features
import Foundation
import Testing

@testable import App

/// The environment means to vtrack what it means to huggingface_hub.
struct HubEnvironmentTests {
    @Test(arguments: [
        // Variables, and where the cache is (huggingface_hub 1.0, constants.py).
        (["HOME": "/h"], "/h/.cache/huggingface/hub"),
        (["HOME": "/h", "XDG_CACHE_HOME": "/c"], "/c/huggingface/hub"),
        (["HOME": "/h", "HF_HOME": "/f"], "/f/hub"), (["HOME": "/h", "HF_HOME": "~/f"], "/h/f/hub"),
        (["HOME": "/h", "HF_HOME": "/f", "HF_HUB_CACHE": "/g"], "/g"),
        (["HOME": "/h", "HF_HUB_CACHE": ""], "/h/.cache/huggingface/hub"),
        (["HOME": "/h", "HUGGINGFACE_HUB_CACHE": "/old"], "/old"),
    ])
    func `The cache is where it is for Python`(variables: [String: String], cache: String) {
        #expect(HubEnvironment(variables).cache == cache)
    }

    @Test(arguments: [
        ("1", true), ("on", true), ("YES", true), ("True", true), ("0", false), ("", false), ("no", false),
    ])
    func `Offline is a truth value`(text: String, isOffline: Bool) {
        #expect(HubEnvironment(["HF_HUB_OFFLINE": text]).isOffline == isOffline)
    }

    @Test func `The token comes from the environment or from a file`() throws {
        let folder = try ScratchFolder()
        _ = try folder.write("from-file\n", to: "token")
        let home = folder.url.path
        #expect(HubEnvironment(["HF_HOME": home]).token == "from-file")
        #expect(HubEnvironment(["HF_HOME": home, "HF_TOKEN": "direct"]).token == "direct")
        #expect(HubEnvironment(["HF_HOME": home, "HF_TOKEN": " spaced\n"]).token == "spaced")
        #expect(HubEnvironment(["HF_HOME": home + "/none"]).token == nil)
        // What would end the header and begin another one is no token.
        #expect(HubEnvironment(["HF_TOKEN": "a\r\nX-Evil: 1"]).token == nil)
        #expect(HubEnvironment(["HF_ENDPOINT": "https://mirror/path//"]).endpoint == "https://mirror/path")
        #expect(HubEnvironment([:]).endpoint == "https://huggingface.co")
    }

    @Test(arguments: [
        // Text, and repository, file and revision; none where it is no reference.
        ("org/repo", ["org/repo", "", "main"]), ("org/repo@v1.0", ["org/repo", "", "v1.0"]),
        ("org/repo:a/b.bin", ["org/repo", "a/b.bin", "main"]),
        ("org/repo:x.pth@refs/pr/3", ["org/repo", "x.pth", "refs/pr/3"]),
        ("repo", nil), ("a/b/c", nil), ("../repo", nil), ("org/..", nil), ("org/repo:../x", nil),
        ("org/repo:/etc", nil),
        ("org/repo@", nil), ("org/repo:", nil), ("/repo", nil), ("org/re po", nil), ("org/repo?x=1", nil),
        ("-org/repo", nil), ("org/repo:a//b", nil), ("org/repo@../main", nil), ("", nil),
    ])
    func `A reference is a repository, and no path`(text: String, parts: [String]?) {
        let reference = HubReference(text)
        #expect(reference.map { [$0.repository, $0.file ?? "", $0.revision] } == parts)
    }

    @Test(arguments: [
        ("bytes 0-9/10", [0, 9, 10] as [Int]?), ("bytes 5-9/*", [5, 9, -1]), ("BYTES 5-9/10", [5, 9, 10]), ("", nil),
        ("bytes */10", nil), ("bytes 9-5/10", nil), ("bytes 0-10/10", nil), ("items 0-1/2", nil), ("bytes 0-9", nil),
        ("bytes -1-9/10", nil), ("bytes 0-9/10/11", nil), ("bytes 99999999999999999999-9/10", nil),
    ])
    func `Content-Range is read strictly`(text: String, numbers: [Int]?) {
        #expect(ContentRange(text).map { [$0.start, $0.end, $0.total ?? -1] } == numbers)
    }

    @Test func `Every known model has one name and a source that can be asked for`() throws {
        let models = KnownModel.all
        #expect(Set(models.map(\.name)).count == models.count)
        #expect(models.count >= 40)
        for model in models {
            // A name is no path, no option and no architecture of `bench`.
            #expect(model.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(model.name)")
            #expect(!Checkpoint.architectures.contains(model.name))
            #expect(!model.licence.isEmpty)
            #expect(Checkpoint.families.contains(model.family), "\(model.family)")
            switch model.source {
            case .hub(let repository, let file): #expect(HubReference("\(repository):\(file)") != nil, "\(model.name)")
            case .web(let address), .page(let address, _): #expect(address.hasPrefix("https://"))
            }
            if let sha256 = model.sha256 { #expect(sha256.count == 64) }
        }
        for name in [
            "dino-vits16", "dino-vits8", "dino-vitb16", "dino-vitb8", "dinov2-vits14", "dinov2-vitg14-reg",
            "dinov3-vits16", "dinov3-vitl16", "mae-vitb16", "mae-vitl16", "mae-vith14", "simmim-vitb16", "ibot-vits16",
            "ibot-vitl16", "augreg-vitti16", "augreg-vitl16", "deit-ti16", "deit3-b16", "clip-vitb16", "clip-vitl14",
            "openclip-vitb16-laion2b", "scalemae-vitl16", "loca-vitb16",
        ] {
            #expect(KnownModel.named(name) != nil, "\(name)")
        }
        #expect(KnownModel.named("DINO-ViTB16")?.name == "dino-vitb16")
    }
}
