/// What stands before every tensor's name of a model, and which other tensors of the file are then not the model's.
///
/// A training run keeps its model in a dictionary beside other ones (`teacher`, `optimizer`), and in there wrapped into
/// other modules (`module.` of DataParallel, `backbone.` of DINO). What lies beside that dictionary is the run's; what
/// lies in it belongs to the model or to a head.
struct CheckpointNesting: Equatable, Sendable {
    /// The dictionary of the checkpoint that holds the model, with a dot; "" where the file is the model.
    let container: String
    /// The modules the model is wrapped into, each with its dot, outermost first.
    let wrappers: [String]

    /// Dictionaries that a checkpoint keeps its model in, the one that people evaluate with first.
    ///
    /// Sources: facebookresearch/dino (`teacher`), rwightman/pytorch-image-models (`state_dict_ema`, `state_dict`,
    /// `model_ema`, `model`), facebookresearch/mae and deit (`model`), Lightning (`state_dict`, then `model.`).
    private static let containers = [
        "teacher.", "state_dict_ema.", "model_ema.", "state_dict.", "model_state_dict.", "model.",
    ]
    private static let modules = [[], ["module."], ["backbone."], ["module.", "backbone."], ["model."]]

    /// What stands before the tensors' names.
    var prefix: String { container + wrappers.joined() }

    /// The nestings to try, in this order, for a family of names.
    static func all(of names: CheckpointNames) -> [CheckpointNesting] {
        // "model." at the top is a container, so that what lies beside it is not taken for a part of the model.
        let plain = modules.dropLast().map { CheckpointNesting(container: "", wrappers: $0) }
        let contained = containers.flatMap { container in
            modules.map { CheckpointNesting(container: container, wrappers: $0) }
        }
        return (plain + contained).flatMap { nesting in
            names.nestings.map { own in
                CheckpointNesting(container: nesting.container, wrappers: nesting.wrappers + (own.isEmpty ? [] : [own]))
            }
        }
    }

    /// What stands before the names at each level from the container to the model.
    var levels: [String] {
        wrappers.reduce(into: [container]) { $0.append(($0.last ?? "") + $1) }
    }

    /// Whether a tensor is none of the model's: it lies outside the container, or is a head at any level inside.
    ///
    /// - Parameters:
    ///   - ignored: Prefixes of what is known and not needed, in the model and around it.
    ///   - outside: Prefixes of what is known around the model; in it they mean something else.
    func isBeside(_ name: String, ignored: [String], outside: [String] = []) -> Bool {
        guard name.hasPrefix(container) else { return true }
        return levels.contains { level in
            name.hasPrefix(level)
                && (ignored.contains { name.hasPrefix(level + $0) }
                    || level != prefix && outside.contains { name.hasPrefix(level + $0) })
        }
    }
}
