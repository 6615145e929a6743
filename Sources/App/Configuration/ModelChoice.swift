import Foundation

/// Which model a command uses, as its options, a configuration file or a preset say it.
///
/// One rule for all commands: where nothing names a model, it is the one that ships.
enum ModelChoice: Equatable {
    /// Nothing names a model.
    case shipped
    /// `none`: association by motion alone.
    case absent
    /// A file, a folder of files, a name or a repository that has been pulled.
    case named(String)

    /// Reads `--model` or `features: model:`; nil is silence.
    init(_ text: String?) {
        switch text {
        case nil: self = .shipped
        case "none": self = .absent
        case let name?: self = .named(name)
        }
    }

    /// What a configuration file says to get the same model.
    var text: String {
        switch self {
        case .shipped: ShippedModel.name
        case .absent: "none"
        case .named(let name): name
        }
    }

    /// The checkpoint; nil for `none`.
    ///
    /// - Throws: `AppError` where the model is nowhere, with the places that were searched.
    func find() throws(AppError) -> FoundModel? {
        let environment = ProcessInfo.processInfo.environment
        return switch self {
        case .shipped: try SearchPaths.named(ShippedModel.name, environment: environment)
        case .absent: nil
        case .named(""): throw .usage("the model's name is empty: name one, or leave it out for \(ShippedModel.name)")
        case .named(let name): try SearchPaths.model(name, environment: environment)
        }
    }

    /// The path of the checkpoint, which no output may overwrite; nil where there is none, which is for later to say.
    var existingPath: String? { (try? find())?.path }
}
