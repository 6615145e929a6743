internal import FoundationEssentials
internal import Glibc

/// `config.json`, `open_clip_config.json` and `preprocessor_config.json` beside the weights.
extension CheckpointConfiguration {
    /// The largest configuration file that is read; real ones have a few kilobytes, those with a thousand class
    /// names 70.
    static let maximumFileSize = 1 << 20

    /// A number, or one for the height and one for the width.
    private struct Side: Decodable {
        let pixels: Int?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            pixels = try (try? container.decode(Int.self)) ?? container.decode([Int].self).last
        }
    }

    /// What Hugging Face says of a network; of CLIP it does so in `vision_config`.
    private struct Network: Decodable {
        var heads: Int?
        var layerNormEpsilon: Double?
        var width: Int?
        var depth: Int?
        var activation: String?
        var ropeTheta: Double?
        var side: Side?

        enum CodingKeys: String, CodingKey {
            case heads = "num_attention_heads"
            case layerNormEpsilon = "layer_norm_eps"
            case width = "hidden_size"
            case depth = "num_hidden_layers"
            case activation = "hidden_act"
            case ropeTheta = "rope_theta"
            case side = "image_size"
        }
    }

    /// What timm says of the pictures and of the arguments that differ from its architecture's.
    private struct Timm: Decodable {
        struct Pretrained: Decodable {
            var tag: String?
            var mean: [Double]?
            var std: [Double]?
            var input: [Int]?

            enum CodingKeys: String, CodingKey {
                case tag, mean, std
                case input = "input_size"
            }
        }
        struct Arguments: Decodable {
            var heads: Int?

            enum CodingKeys: String, CodingKey { case heads = "num_heads" }
        }
        var architecture: String?
        var pretrained: Pretrained?
        var arguments: Arguments?

        enum CodingKeys: String, CodingKey {
            case architecture
            case pretrained = "pretrained_cfg"
            case arguments = "model_args"
        }
    }

    /// Where Hugging Face says which kind of model it is, and of CLIP its picture's tower.
    private struct Kind: Decodable {
        var modelType: String?
        var vision: Network?

        enum CodingKeys: String, CodingKey {
            case modelType = "model_type"
            case vision = "vision_config"
        }
    }

    /// `preprocessor_config.json` of Hugging Face.
    private struct Preprocessor: Decodable {
        var mean: [Double]?
        var std: [Double]?

        enum CodingKeys: String, CodingKey {
            case mean = "image_mean"
            case std = "image_std"
        }
    }

    /// `open_clip_config.json`.
    private struct OpenCLIP: Decodable {
        struct Model: Decodable {
            struct Vision: Decodable {
                var width: Int?
                var layers: Int?
                var headWidth: Int?

                enum CodingKeys: String, CodingKey {
                    case width, layers
                    case headWidth = "head_width"
                }
            }
            var quickGELU: Bool?
            var vision: Vision?

            enum CodingKeys: String, CodingKey {
                case quickGELU = "quick_gelu"
                case vision = "vision_cfg"
            }
        }
        struct Pictures: Decodable {
            var mean: [Double]?
            var std: [Double]?
        }
        var model: Model?
        var pictures: Pictures?

        enum CodingKeys: String, CodingKey {
            case model = "model_cfg"
            case pictures = "preprocess_cfg"
        }
    }

    /// Reads the configurations in a folder (a path that ends in a slash).
    ///
    /// A file that does not exist is silent.
    static func beside(folder: String) throws(WeightsError) -> CheckpointConfiguration {
        var result = CheckpointConfiguration()
        let path = folder + "config.json"
        if let bytes = try contents(of: path) {
            let kind = try decode(Kind.self, bytes, path: path)
            var network = try decode(Network.self, bytes, path: path)
            if let vision = kind.vision { network = vision }
            result.modelType = kind.modelType
            result.heads = network.heads
            result.layerNormEpsilon = network.layerNormEpsilon
            result.width = network.width
            result.depth = network.depth
            result.activation = network.activation
            result.ropeTheta = network.ropeTheta
            result.inputSide = network.side?.pixels
            let timm = try decode(Timm.self, bytes, path: path)
            result.architecture = timm.architecture.map { name in
                timm.pretrained?.tag.map { "\(name).\($0)" } ?? name
            }
            result.mean = timm.pretrained?.mean
            result.std = timm.pretrained?.std
            result.heads = result.heads ?? timm.arguments?.heads
            result.inputSide = result.inputSide ?? timm.pretrained?.input?.last
        }
        let openCLIP = folder + "open_clip_config.json"
        if result == CheckpointConfiguration(), let bytes = try contents(of: openCLIP) {
            let stated = try decode(OpenCLIP.self, bytes, path: openCLIP)
            result.mean = stated.pictures?.mean
            result.std = stated.pictures?.std
            result.width = stated.model?.vision?.width
            result.depth = stated.model?.vision?.layers
            if let width = result.width {
                // OpenCLIP's heads have 64 channels where it says nothing.
                let channels = stated.model?.vision?.headWidth ?? 64
                result.heads = channels > 0 ? width / channels : 0
            }
            result.activation = stated.model?.quickGELU == true ? "quick_gelu" : "gelu"
        }
        let preprocessor = folder + "preprocessor_config.json"
        if let bytes = try contents(of: preprocessor) {
            let stated = try decode(Preprocessor.self, bytes, path: preprocessor)
            result.mean = stated.mean ?? result.mean
            result.std = stated.std ?? result.std
        }
        return result
    }

    private static func contents(of path: String) throws(WeightsError) -> Data? {
        let file: ReadOnlyFile
        do {
            file = try ReadOnlyFile(path: path)
        } catch .system(_, _, ENOENT) {
            return nil
        } catch {
            throw error
        }
        guard file.size <= maximumFileSize else {
            throw .configuration(
                path: path, problem: "\(file.size) bytes, a model's configuration has at most \(maximumFileSize)")
        }
        return Data(try file.bytes(file.size, at: 0, tensor: "configuration"))
    }

    private static func decode<Value: Decodable>(
        _: Value.Type, _ bytes: Data, path: String
    ) throws(WeightsError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: bytes)
        } catch let DecodingError.typeMismatch(_, context) {
            let key = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .configuration(path: path, problem: "\(key.isEmpty ? "the document" : key) has an unexpected type")
        } catch {
            throw .configuration(path: path, problem: "not a JSON object that a model's configuration could be")
        }
    }
}
