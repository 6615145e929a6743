import Features
import Foundation
import Geometry

/// One entry of `--models`: a model with what is chosen about it, or a baseline.
///
/// Forms: `NAME`, `FILE:drop=200`, `NAME:layer=3+6+9:join=mean:pool=grid3`, `histogram`, `iou`, `centre`. What an entry does
/// not say is as the command's options and presets say.
struct Variant {
    /// What is compared.
    enum Subject: Equatable {
        case model
        /// The colour histogram of a box.
        case histogram
        /// The overlap of two boxes.
        case iou
        /// The distance of two boxes' centres.
        case centre
    }

    /// The entry as it was written.
    let text: String
    let subject: Subject
    /// What the entry says; laid over the command's choices.
    let choices: Preset.FeatureChoices
    /// The family of models, where the checkpoint does not show it.
    let family: String?

    /// What tables call it: the file without its folder and extension, and what was chosen.
    var label: String {
        guard subject == .model, let model = choices.model else { return text }
        let name = URL(fileURLWithPath: model).deletingPathExtension().lastPathComponent
        return (model.contains("/") || model.contains(".") ? name : model) + text.dropFirst(model.count)
    }

    /// Reads a list of entries.
    static func list(_ text: String) throws(AppError) -> [Variant] {
        var variants: [Variant] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let variant = try Variant(String(item))
            guard !variants.contains(where: { $0.text == variant.text }) else {
                throw .usage("--models: \(variant.text) stands there twice")
            }
            variants.append(variant)
        }
        return variants
    }

    /// What is compared where nothing is named: the command's model beside the baselines.
    static func standard(_ model: ModelChoice) -> [Variant] {
        let baselines = [Variant("histogram", .histogram), Variant("iou", .iou), Variant("centre", .centre)]
        guard model != .absent else { return baselines }
        var choices = Preset.FeatureChoices()
        choices.model = model.text
        return [Variant(model.text, .model, choices: choices)] + baselines
    }

    private init(_ text: String, _ subject: Subject, choices: Preset.FeatureChoices = Preset.FeatureChoices()) {
        self.text = text
        self.subject = subject
        self.choices = choices
        family = nil
    }

    /// Reads one entry.
    init(_ text: String) throws(AppError) {
        let words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let name = words[0]
        guard !name.isEmpty, name != "none" else {
            throw .usage("--models: \"\(text)\" names no model; give names or files with commas between them")
        }
        guard Int(name) == nil else {
            throw .usage("--models: \"\(name)\" is no model; layers of one entry are joined as in layer=3+6+9")
        }
        self.text = text
        switch name {
        case "histogram": subject = .histogram
        case "iou": subject = .iou
        case "centre": subject = .centre
        default: subject = .model
        }
        guard subject == .model || words.count == 1 else {
            throw .usage("--models: \(text): the baseline \(name) has nothing to choose")
        }
        var choices = Preset.FeatureChoices()
        choices.model = name
        var family: String?
        for word in words.dropFirst() {
            if word.hasPrefix("family="), Checkpoint.families.contains(String(word.dropFirst(7))) {
                family = String(word.dropFirst(7))
                continue
            }
            guard try Self.apply(word, to: &choices) else {
                throw .usage(
                    "--models: \(text): \"\(word)\" is no choice; known are drop=N, layer=9 or 3+6+9, join=concat|mean, "
                        + "token=output|keys|queries|values, pool=NAME, tiling=fit|pad|whole, long-side=PIXELS, "
                        + "precision=NAME, similarity=cosine|l2, family=NAME, standardize, drop-artefacts")
            }
        }
        self.choices = choices
        self.family = family
    }

    /// Takes one choice; false where it is none.
    private static func apply(_ word: String, to choices: inout Preset.FeatureChoices) throws(AppError) -> Bool {
        switch word {
        case "standardize": choices.standardize = true
        case "no-standardize": choices.standardize = false
        case "drop-artefacts": choices.dropArtefacts = true
        default:
            guard let mark = word.firstIndex(of: "=") else { return false }
            let value = String(word[word.index(after: mark)...])
            switch word[..<mark] {
            case "drop":
                choices.dropVariance = Int(value).flatMap { $0 >= 0 ? $0 : nil }
                return choices.dropVariance != nil
            case "layer":
                choices.layer = LayerChoice(value.replacing("+", with: ","))
                return choices.layer != nil
            case "join":
                choices.join = LayerJoin(rawValue: value)
                return choices.join != nil
            case "token":
                choices.token = TokenKind(argument: value)
                return choices.token != nil
            case "pool":
                choices.pool = try? Pooling(name: value)
                return choices.pool != nil
            case "tiling":
                choices.tiling = Tiling(rawValue: value)
                return choices.tiling != nil
            case "long-side":
                choices.longSide = Int(value).flatMap { (64...8192).contains($0) ? $0 : nil }
                return choices.longSide != nil
            case "precision":
                choices.precision = PrecisionAsked(rawValue: value)
                return choices.precision != nil
            case "similarity":
                choices.similarity = Similarity(rawValue: value)
                return choices.similarity != nil
            default: return false
            }
        }
        return true
    }
}
