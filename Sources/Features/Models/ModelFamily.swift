/// A family of models: what its authors used and tensors do not show.
///
/// A family is told by what only its checkpoints have, by what the configuration beside them says, or by the name its
/// authors gave the file. Adding one is adding a value to `all`.
struct ModelFamily: Sendable {
    /// The name on the command line and in reports.
    var name: String
    /// Tensors that only this family has: any of these lists, all of a list.
    ///
    /// A name stands for all that begin with it; one that begins with "*." for a tensor of a block.
    var tensors: [[String]] = []
    /// `model_type` of Hugging Face's configurations.
    var modelTypes: [String] = []
    /// What the name of timm's architecture or its tag contains.
    var architectures: [String] = []
    /// What the names of the authors' files contain.
    var files: [String] = []
    /// The family that this one is a variant of: where that one is told by tensors, this one may be by other means.
    var variantOf: String?
    /// Mean of red, green and blue in the training pictures.
    var mean = Checkpoint.imageNetMean
    /// Their standard deviation.
    var std = Checkpoint.imageNetStd
    /// The ε of LayerNorm in the authors' code and in timm.
    var epsilon = 1e-6
    /// The same in Hugging Face's.
    var huggingFaceEpsilon = 1e-12
    /// How the authors stretch positions to pictures of another size.
    var interpolation = Interpolation.resized
    /// The same for models with registers.
    var interpolationWithRegisters: Interpolation?
    /// What is between the layers of the MLP.
    var activation = Activation.gelu
    /// The same in Hugging Face's models where the configuration is silent.
    var huggingFaceActivation: Activation?
    /// How patches learn where they are, where it is not a table in the file.
    var positions: PositionKind?
    /// Channels of a head, by the width of the model; 64 where it is not listed.
    var headWidths: [Int: Int] = [1152: 72, 1280: 80, 1408: 88, 1664: 104]
    /// The input side in pixels that the family was trained with, where no table in the file tells it.
    var inputSide = 224

    /// The family of this name.
    static func named(_ name: String) -> ModelFamily? { all.first { $0.name == name } }

    /// What is known of a checkpoint besides the shapes of its tensors.
    struct Evidence {
        /// Whether there is a tensor whose name begins so, at any level from the container to the model.
        let hasTensor: (String) -> Bool
        /// Whether a block has a tensor of this name.
        let hasBlockTensor: (String) -> Bool
        let modelType: String?
        let architecture: String?
        let fileName: String
    }

    /// The family that a checkpoint is of; nil where nothing tells.
    static func matching(_ evidence: Evidence) -> ModelFamily? {
        let byTensors = all.first { family in
            family.tensors.contains { names in
                names.allSatisfy {
                    $0.hasPrefix("*.") ? evidence.hasBlockTensor(String($0.dropFirst(2))) : evidence.hasTensor($0)
                }
            }
        }
        let others = all.filter { byTensors == nil || $0.variantOf == byTensors?.name }
        let byConfiguration = others.first { family in
            evidence.modelType.map(family.modelTypes.contains) ?? false
                || evidence.architecture.map { text in family.architectures.contains { text.contains($0) } } ?? false
        }
        let byFile = others.first { family in family.files.contains { evidence.fileName.contains($0) } }
        return byConfiguration ?? byFile ?? byTensors
    }
}
