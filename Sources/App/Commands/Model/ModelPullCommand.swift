import ArgumentParser
import Features

/// `vtrack model pull`: fetch models.
struct ModelPullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch models by name, or weights of a repository of the Hub, into the user's cache.",
        discussion: """
            What is there already is not fetched again; what broke off goes on where it stopped. Size and digest are \
            compared with what the server states (the Hub: SHA-256) before a file gets its name. Prints the path.

            Examples: vtrack model pull dino-vitb16, vtrack model pull facebook/dinov2-small:model.safetensors@main
            """)

    @Argument(
        help: ArgumentHelp(
            "Names that vtrack model list shows, or repositories: ORG/REPO, ORG/REPO:FILE, each with @REVISION or not.",
            valueName: "model"))
    var models: [String]

    @Option(
        help: ArgumentHelp("Give up when the server sends nothing for this long. Default: 30.", valueName: "seconds"))
    var readTimeout: Double = 30

    @Option(
        help: ArgumentHelp(
            "Attempts after the first, where the server is busy or the connection breaks. Default: 5.",
            valueName: "count"))
    var retries: Int = 5

    @Option(help: ArgumentHelp("Progress on standard error: auto (terminals only), json or none.", valueName: "mode"))
    var progress: ProgressMode = .auto

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        if models.isEmpty { throw ValidationError("name a model: vtrack model list shows which there are") }
        if !(readTimeout > 0 && readTimeout <= 1e6) {
            throw ValidationError("--read-timeout must be a positive number of seconds")
        }
        if !(0...100).contains(retries) { throw ValidationError("--retries must be from 0 to 100") }
    }

    func run() throws {
        let interruption = Interruption()
        interruption.install()
        // What has come stays for the next attempt: there is nothing to publish, and the waiting loops look.
        interruption.onSignal {}
        let isQuiet = quiet
        let client = HubClient(
            environment: .current, patience: Patience(silence: readTimeout, retries: retries),
            check: { try interruption.check() }, say: { if !isQuiet { Console.line("vtrack: \($0)") } })
        var pull = ModelPull(client: client, progress: PullProgress(mode: quiet ? .none : progress))
        for model in models {
            if model == ShippedModel.name {
                let found = try ModelPlace.find(nil)
                if !quiet {
                    let place = found.path == ShippedModel.path ? "" : ", and this file of yours goes before it"
                    Console.line("vtrack: \(model) ships with vtrack: there is nothing to pull\(place)")
                }
                try printOut(found.path + "\n")
                continue
            }
            let pulled: ModelPull.Pulled
            if let known = KnownModel.named(model) {
                if !quiet, known.isGated, client.environment.token == nil {
                    Console.line("vtrack: \(known.name) is gated: the Hub will ask for HF_TOKEN")
                }
                pulled = try pull.pull(known)
                if !quiet { Console.line("vtrack: \(known.name): licence \(known.licence), from \(known.origin)") }
            } else if let reference = HubReference(model) {
                pulled = try pull.pull(reference)
            } else {
                throw HubError.unknown(model, similar: Self.similar(to: model))
            }
            if !quiet { for sentence in sentences(pulled) { Console.line("vtrack: \(sentence)") } }
            try printOut(pulled.path + "\n")
        }
    }

    /// What became of each file.
    private func sentences(_ pulled: ModelPull.Pulled) -> [String] {
        pulled.files.map { name, file, isNew in
            let size = "\(name): \(file.bytes) bytes, SHA-256 \(file.sha256)"
            if !isNew { return size + ", was here already" }
            return size
                + (file.checked.map { ", agrees with \($0)" } ?? "; the server states no digest to compare with")
        }
    }

    /// Known names that are a few letters away, or that have this one in them.
    static func similar(to name: String) -> [String] {
        let name = name.lowercased()
        let distances = ([ShippedModel.name] + KnownModel.all.map(\.name)).map { known in
            (known, known.contains(name) && name.count > 2 ? 0 : distance(known, name))
        }
        return distances.filter { $0.1 <= 2 }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(5).map(\.0)
    }

    /// Letters to insert, delete or exchange to make one word of another (Levenshtein 1966).
    private static func distance(_ first: String, _ second: String) -> Int {
        let (first, second) = (Array(first.utf8.prefix(64)), Array(second.utf8.prefix(64)))
        var row = Array(0...second.count)
        for (index, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, other) in second.enumerated() {
                let next = min(row[place] + 1, row[place + 1] + 1, diagonal + (letter == other ? 0 : 1))
                diagonal = row[place + 1]
                row[place + 1] = next
            }
        }
        return row[second.count]
    }
}
