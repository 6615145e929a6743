import Features

/// What is done about high-norm tokens: `--artefact-norm` and `--drop-artefacts`.
struct ArtefactChoice: Equatable {
    /// From which length on a token counts.
    var cutoff: LengthCutoff
    /// Whether pooling leaves them out.
    var drops: Bool

    /// What the two options make together; nil where neither is given.
    init?(cutoff: LengthCutoff?, drops: Bool?) {
        guard cutoff != nil || drops == true else { return nil }
        self.cutoff = cutoff ?? .automatic
        self.drops = drops ?? false
    }

    /// Reads `auto` or a positive length.
    static func cutoff(_ text: String) -> LengthCutoff? {
        if text == "auto" { return .automatic }
        guard let length = Float(text), length > 0, length.isFinite else { return nil }
        return .length(length)
    }
}
