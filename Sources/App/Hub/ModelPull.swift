import Crypto
import Features
import Foundation

/// Fetches models: from repositories of the Hub into the cache that Python shares, from elsewhere into vtrack's own.
struct ModelPull {
    let client: HubClient
    var progress: PullProgress

    /// A model that is there now.
    struct Pulled {
        /// What `--model` would open.
        let path: String
        /// Every file that belongs to it, and whether it came now.
        var files: [(name: String, file: Download.Result, isNew: Bool)] = []
    }

    private var environment: HubEnvironment { client.environment }
    private var cache: HubCache { HubCache(root: environment.cache) }

    /// Configurations that say what tensors do not.
    private static let companions = ["config.json", "preprocessor_config.json", "open_clip_config.json"]
    /// An index is read whole.
    private static let maximumIndex = 16 << 20

    /// Fetches a known model.
    mutating func pull(_ model: KnownModel) throws -> Pulled {
        switch model.source {
        case .hub(let repository, let file):
            return try pull(HubReference(repository: repository, file: file), pinned: model.sha256)
        case .web(let address):
            return try pull(model, from: address)
        case .page(let page, let reason):
            throw HubError.byHand(name: model.name, page: page, reason: reason, folder: environment.models)
        }
    }

    // MARK: - Repositories

    /// Fetches the weights of a repository, with the configurations beside them.
    mutating func pull(_ reference: HubReference, pinned: String? = nil) throws -> Pulled {
        if environment.isOffline {
            guard let path = cache.path(of: reference) else { throw HubError.offline(reference.repository) }
            client.say("HF_HUB_OFFLINE: \(path) is there, whether it is the newest is not asked")
            return Pulled(path: path)
        }
        let (file, facts) = try locate(reference)
        // Everything else is taken from the same commit, whatever happens to the branch meanwhile.
        let commit = facts.commit ?? reference.revision.replacing("/", with: "-")
        var files: [(String, Download.Result, Bool)] = []
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        for name in Self.companions {
            if let companion = try optional(folder + name, of: reference, commit: facts.commit) {
                let (result, isNew) = try fetch(folder + name, companion, of: reference, commit: facts.commit)
                _ = try link(folder + name, result, commit: commit, reference)
                files.append((folder + name, result, isNew))
            }
        }
        let (weights, isNew) = try fetch(file, facts, of: reference, commit: facts.commit, pinned: pinned)
        if file.hasSuffix(".index.json") {
            for name in try shards(of: weights.path) {
                let address = try client.address(of: folder + name, in: reference, commit: facts.commit)
                let (result, isNew) = try fetch(
                    folder + name, client.facts(of: address), of: reference, commit: facts.commit)
                _ = try link(folder + name, result, commit: commit, reference)
                files.append((folder + name, result, isNew))
            }
        }
        // The weights' own name comes last: a model that can be named is complete.
        let path = try link(file, weights, commit: commit, reference)
        try cache.note(reference.revision, is: commit, of: reference.repository)
        files.append((file, weights, isNew))
        return Pulled(path: path, files: files)
    }

    /// The file to fetch and what the server says of it; without a name, the first of the usual ones that is there.
    private func locate(_ reference: HubReference) throws -> (String, FileFacts) {
        if let file = reference.file {
            return (file, try client.facts(of: client.address(of: file, in: reference)))
        }
        var missing: HubError?
        for file in HubReference.usualFiles {
            do {
                return (file, try client.facts(of: client.address(of: file, in: reference)))
            } catch let error as HubError {
                guard case .refused(_, 404, _, _) = error else { throw error }
                missing = missing ?? error
            }
        }
        throw missing ?? HubError.offline(reference.repository)
    }

    /// What the server says of a file that need not be there.
    private func optional(_ file: String, of reference: HubReference, commit: String?) throws -> FileFacts? {
        do {
            return try client.facts(of: client.address(of: file, in: reference, commit: commit))
        } catch HubError.refused(_, 404, _, _) {
            return nil
        }
    }

    /// Brings a blob, unless it is there and right.
    private mutating func fetch(
        _ file: String, _ facts: FileFacts, of reference: HubReference, commit: String?, pinned: String? = nil
    ) throws -> (Download.Result, isNew: Bool) {
        let address = try client.address(of: file, in: reference, commit: commit)
        // Without a tag, what the file is called is all that is known of its content.
        let name = facts.name ?? "untagged-" + hexadecimal(SHA256.hash(data: Array(HubClient.text(address).utf8)))
        let place = cache.blob(name, of: reference.repository)
        let download = Download(
            client: client, address: address, facts: facts, pinned: pinned, name: file, part: place + ".incomplete",
            place: place)
        return try locked(cache.lock(name, of: reference.repository), download)
    }

    private func link(
        _ file: String, _ result: Download.Result, commit: String, _ reference: HubReference
    ) throws(AppError) -> String {
        let blob = result.path.split(separator: "/").last.map(String.init) ?? result.path
        return try cache.link(file, to: blob, commit: commit, of: reference.repository)
    }

    /// The files that an index of safetensors names.
    private func shards(of path: String) throws -> [String] {
        struct Index: Decodable {
            var places: [String: String]
            enum CodingKeys: String, CodingKey { case places = "weight_map" }
        }
        guard let size = FilePlace.size(of: path), size <= Self.maximumIndex,
            let data = try? Data(contentsOf: URL(fileURLWithPath: path)),
            let index = try? JSONDecoder().decode(Index.self, from: data)
        else { throw AppError.unsuitable(path: path, message: "not the index of a model in several files") }
        let names = Set(index.places.values).sorted()
        for name in names where name.contains("/") || !HubReference.isPath(name) || !name.hasSuffix(".safetensors") {
            throw AppError.unsuitable(path: path, message: "\"\(name.prefix(80))\" is not the name of a file beside it")
        }
        return names
    }

    // MARK: - Other servers

    private mutating func pull(_ model: KnownModel, from text: String) throws -> Pulled {
        let address = try client.address(text)
        let suffix = model.file.lastIndex(of: ".").map { String(model.file[$0...]) } ?? ""
        let place = "\(environment.models)/\(model.name)\(suffix)"
        if environment.isOffline {
            guard FilePlace.size(of: place) != nil else { throw HubError.offline(model.name) }
            client.say("HF_HUB_OFFLINE: \(place) is there, whether it is the newest is not asked")
            return Pulled(path: place)
        }
        let facts = try client.facts(of: address)
        let folder = "\(environment.models)/.parts"
        let download = Download(
            client: client, address: address, facts: facts, pinned: model.sha256, name: model.name,
            part: "\(folder)/\(model.name).\(facts.name ?? "untagged").part", place: place)
        let (result, isNew) = try locked(
            "\(folder)/\(model.name).lock", download, digest: RecordedDigest.read(of: place))
        if isNew { try RecordedDigest.write(result.sha256, of: place) }
        return Pulled(path: place, files: [(model.file, result, isNew)])
    }

    // MARK: -

    /// Downloads while no other process does, unless the file is there and right.
    ///
    /// - Parameter digest: The SHA-256 that the file had when it came, where its server states none.
    private mutating func locked(
        _ lock: String, _ download: Download, digest: String? = nil
    ) throws -> (Download.Result, isNew: Bool) {
        let held = try PullLock(path: lock, check: client.check) {
            client.say("\(download.name): another process is pulling it; waiting")
        }
        // The lock ends with the object that holds it.
        return try withExtendedLifetime(held) {
            if let result = try existing(download, digest: digest) { return (result, false) }
            return (try download.run(&progress), true)
        }
    }

    /// The file that is in its place already, where it is what the server has.
    private func existing(_ download: Download, digest: String?) throws -> Download.Result? {
        let place = download.place
        guard let size = FilePlace.size(of: place), size == download.facts.size ?? size else { return nil }
        let found = try FileDigest.sha256(of: [place], check: client.check)
        for expected in [download.pinned?.lowercased(), download.facts.sha256] {
            if let expected, expected != found { return nil }
        }
        // Without a SHA-256 from the server a file is known by its git digest, else by what it was when it came.
        if download.facts.sha256 == nil, download.pinned == nil {
            if let expected = download.facts.gitSHA1 {
                guard try FileDigest.gitSHA1(of: place, check: client.check) == expected else { return nil }
            } else if digest != nil || !place.hasSuffix("/" + (download.facts.name ?? "/")) {
                // A blob of the cache is known by its tag at least, which is its name.
                guard digest == found else { return nil }
            }
        }
        return Download.Result(path: place, bytes: size, sha256: found, checked: "what is there")
    }
}
