import Evaluation
import Features
import Foundation
import Geometry
import Tracker
import Yams

/// Reads presets and configuration files (configs/*.yaml): YAML, at most 64 KB, every key known, errors with lines.
enum PresetFile {
    private static let sizeLimit = 65_536

    /// Reads the file at `path`.
    static func read(path: String) throws(AppError) -> Preset {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw .input(path: path, what: "the configuration", code: errno)
        }
        defer { try? handle.close() }
        let data: Data
        do {
            // nil is an empty file.
            data = try handle.read(upToCount: sizeLimit + 1) ?? Data()
        } catch {
            throw .input(path: path, what: "the configuration", code: EIO)
        }
        guard data.count <= sizeLimit else {
            throw .configuration(path: path, line: nil, message: "a configuration is at most \(sizeLimit) bytes")
        }
        guard let text = String(validating: data, as: UTF8.self), !text.contains("\0") else {
            throw .configuration(path: path, line: nil, message: "not a UTF-8 text")
        }
        return try preset(from: compose(text, path: path), path: path)
    }

    /// Parses the text on a thread with a deep stack: the parser recurses once a nesting level, and 64 KB of text can
    /// nest deeper than a usual stack allows.
    private static func compose(_ text: String, path: String) throws(AppError) -> Node? {
        let outcome = DeepStack.run { Result { try Yams.compose(yaml: text) } }
        switch outcome {
        case .success(let node): return node
        case .failure(let error):
            let line: Int?
            let problem: String
            switch error {
            case YamlError.scanner(_, let text, let mark, _), YamlError.parser(_, let text, let mark, _),
                YamlError.composer(_, let text, let mark, _):
                (line, problem) = (mark.line, text)
            case YamlError.duplicatedKeysInMapping(_, let context):
                (line, problem) = (context.mark.line, "a key stands there twice")
            default: (line, problem) = (nil, "\(error)")
            }
            throw .configuration(path: path, line: line, message: "not valid YAML: \(problem)")
        }
    }

    private static func preset(from root: Node?, path: String) throws(AppError) -> Preset {
        var preset = Preset()
        guard var file = try YAMLSection(root, name: "file", path: path) else { return preset }
        _ = file.node("description")
        if var section = try YAMLSection(file.node("features"), name: "features", path: path) {
            preset.features.model = try section.value("model", expected: "a name, a file or none") { $0 }
            preset.features.tiling = try section.value("tiling", expected: "fit, pad or whole", Tiling.init(rawValue:))
            preset.features.longSide = try section.value("long_side", expected: "a whole number of pixels, 64 to 8192")
            {
                Int($0).flatMap { (64...8192).contains($0) ? $0 : nil }
            }
            preset.features.layer = try section.value(
                "layer", expected: "last, a block number, a list of them or a share such as 1/4"
            ) { LayerChoice($0) }
            preset.features.join = try section.value("join", expected: "concat or mean", LayerJoin.init(rawValue:))
            preset.features.token = try section.value(
                "token", expected: "output, keys, queries or values", TokenKind.init(rawValue:))
            preset.features.pool = try section.value("pool", expected: "mean, mean-patches or gridN") {
                try Pooling(name: $0)
            }
            preset.features.dropVariance = try section.value("drop_variance", expected: "a whole number from 0") {
                Int($0).flatMap { $0 >= 0 ? $0 : nil }
            }
            preset.features.standardize = try section.value("standardize", expected: "true or false") { Bool($0) }
            preset.features.similarity = try section.value(
                "similarity", expected: "cosine or l2", Similarity.init(rawValue:))
            preset.features.precision = try section.value(
                "precision", expected: "f32, bf16, int8 or auto", PrecisionAsked.init(rawValue:))
            preset.features.artefactCutoff = try section.value(
                "artefact_norm", expected: "auto or a length above 0", ArtefactChoice.cutoff)
            preset.features.dropArtefacts = try section.value("drop_artefacts", expected: "true or false") { Bool($0) }
            try section.finish()
        }
        if var section = try YAMLSection(file.node("boxes"), name: "boxes", path: path) {
            preset.boxes.classes = try section.value("classes", expected: "a list of class numbers from 0", classSet)
            preset.boxes.minimumConfidence = try section.value("min_confidence", expected: "a number") {
                Double($0).flatMap { $0.isFinite ? $0 : nil }
            }
            preset.boxes.maximumBoxes = try section.value("max_boxes", expected: "a whole number from 1") {
                Int($0).flatMap { (1...100_000).contains($0) ? $0 : nil }
            }
            try section.finish()
        }
        if var section = try YAMLSection(file.node("retrieval"), name: "retrieval", path: path) {
            preset.deltas = try section.value(
                "deltas", expected: "a list of gaps in frames, or in seconds as 0.5s", deltaList)
            try section.finish()
        }
        if let node = file.node("tracker") {
            preset.tracker = try trackerConfiguration(node, path: path)
        }
        try file.finish()
        return preset
    }

    /// Lays the file's keys over the defaults, so that a preset may name only what it changes.
    private static func trackerConfiguration(_ node: Node, path: String) throws(AppError) -> TrackerConfiguration {
        guard case .mapping(let given) = node else {
            throw .configuration(path: path, line: node.mark?.line, message: "'tracker' must be a mapping")
        }
        do {
            let defaults = try YAMLEncoder().encode(TrackerConfiguration())
            guard case .mapping(var merged)? = try Yams.compose(yaml: defaults) else {
                throw AppError.configuration(path: path, line: nil, message: "the tracker's defaults cannot be encoded")
            }
            for (key, value) in given {
                guard merged[key] != nil else {
                    let known = merged.keys.compactMap(\.string).sorted().joined(separator: ", ")
                    throw AppError.configuration(
                        path: path, line: key.mark?.line,
                        message: "unknown key '\(key.string ?? "?")' in 'tracker'; known keys: \(known)")
                }
                do {
                    var single = Node.Mapping([])
                    for (name, fallback) in merged { single[name] = name == key ? value : fallback }
                    _ = try YAMLDecoder().decode(TrackerConfiguration.self, from: .mapping(single))
                } catch {
                    throw AppError.configuration(
                        path: path, line: value.mark?.line,
                        message: "'tracker.\(key.string ?? "?")' does not have the right kind of value")
                }
                merged[key] = value
            }
            let configuration = try YAMLDecoder().decode(TrackerConfiguration.self, from: .mapping(merged))
            try configuration.validate()
            return configuration
        } catch let error as AppError {
            throw error
        } catch {
            throw .configuration(path: path, line: node.mark?.line, message: "in 'tracker': \(error)")
        }
    }

    /// Class numbers as in `1,3`.
    static func classSet(_ text: String) -> Set<Int>? {
        var classes: Set<Int> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Int(item.trimmingCharacters(in: .whitespaces)), number >= 0 else { return nil }
            classes.insert(number)
        }
        return classes.isEmpty ? nil : classes
    }

    /// Gaps as in `1,2,5,0.5s`: frames, or seconds; at most 64 of them, none twice.
    static func deltaList(_ text: String) -> [RetrievalDelta]? {
        var deltas: [RetrievalDelta] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let delta = try? RetrievalDelta(argument: String(item)), !deltas.contains(delta) else { return nil }
            deltas.append(delta)
        }
        return deltas.isEmpty || deltas.count > 64 ? nil : deltas
    }
}
