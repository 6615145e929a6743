import Decode
import Features
import Geometry

#if canImport(Glibc)
    import Glibc
#endif

/// What can go wrong in the program itself, outside of its modules.
enum AppError: Error, CustomStringConvertible {
    /// An output could not be created, written or published: path, what was tried, errno.
    case output(path: String, operation: String, code: Int32)
    /// An output is the same file as an input.
    case outputIsInput(path: String, input: String)
    /// An input file could not be opened or read: path, what it is, errno.
    case input(path: String, what: String, code: Int32)
    /// Two outputs of one run go to the same file.
    case outputTwice(path: String)
    /// The reader of a pipe went away.
    case closedPipe
    /// SIGINT or SIGTERM arrived; complete frames have been published.
    case interrupted(signal: Int32)
    /// Options that do not go together.
    case usage(String)
    /// No checkpoint of that name; the places searched, in order.
    case modelNotFound(name: String, searched: [String])
    /// The model that ships is not where it should be; the places searched, in order.
    case shippedModelMissing(searched: [String])
    /// A model that is known and has not been fetched.
    case modelNotPulled(name: String)
    /// No preset of that name; the places searched, in order.
    case presetNotFound(name: String, searched: [String])
    /// A configuration file is wrong at a line.
    case configuration(path: String, line: Int?, message: String)
    /// `--strict`, and the input was damaged.
    case degraded(errors: Int, source: String)
    /// An input does not hold what the command needs.
    case unsuitable(path: String, message: String)
    /// Another process is writing to the same folder.
    case busy(path: String)
    /// Sequences of an evaluation failed: which ones.
    case partial(failed: [String])
    /// Sequences of an evaluation were skipped, and `--strict` was given: which ones.
    case skipped([String])
    /// One of several models failed: which one, and why.
    case model(name: String, message: String, category: FailureCategory)

    /// The kind of failure, for the exit status.
    var category: FailureCategory {
        switch self {
        case .output(_, let operation, let code):
            switch code {
            case EACCES, EPERM, EROFS: .permission
            case ENOSPC, EIO, EDQUOT, EFBIG: .inputOutput
            default: operation == "write" ? .inputOutput : .cannotCreate
            }
        case .outputIsInput: .cannotCreate
        case .input(_, _, let code):
            code == EACCES || code == EPERM ? .permission : code == ENOENT ? .noInput : .inputOutput
        case .closedPipe, .interrupted: .bug
        case .usage, .outputTwice: .usage
        case .modelNotFound, .shippedModelMissing, .modelNotPulled: .noInput
        case .presetNotFound, .configuration: .configuration
        case .degraded, .unsuitable, .partial, .skipped: .badData
        case .busy: .unavailable
        case .model(_, _, let category): category
        }
    }

    /// One sentence for the terminal: what was found, what was expected, what to do.
    var description: String {
        switch self {
        case .output(let path, let operation, let code):
            "\(path): cannot \(operation): \(errorText(code))"
        case .outputIsInput(let path, let input):
            "\(path): this output is the same file as the input \(input); name another file"
        case .outputTwice(let path):
            "\(path): two outputs cannot go to the same file; name another one"
        case .input(let path, let what, let code):
            "\(path): cannot read \(what): \(errorText(code))"
        case .closedPipe:
            "the reader of standard output went away"
        case .interrupted(let signal):
            "stopped by signal \(signal)"
        case .usage(let message):
            message
        case .modelNotFound(let name, let searched):
            "no model named '\(name)'; searched \(searched.joined(separator: ", ")). "
                + "Give a path to a .safetensors file, or put \(name).safetensors into one of these places "
                + "(VTRACK_MODELS names a folder of your own); vtrack model list shows what can be pulled"
        case .shippedModelMissing(let searched):
            "\(ShippedModel.name), the model that ships with vtrack, is not there; searched "
                + "\(searched.joined(separator: ", ")). Put its file into one of these places, name another model with "
                + "--model FILE or --model NAME, or track by motion alone with --model none"
        case .modelNotPulled(let name):
            "\(name) has not been pulled to this machine; vtrack model pull \(name) does that"
        case .presetNotFound(let name, let searched):
            "no preset named '\(name)'; searched \(searched.joined(separator: ", ")). Give a file with --config"
        case .configuration(let path, let line, let message):
            line.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)"
        case .degraded(let errors, let source):
            "\(source): \(errors) decoding errors, and --strict was given; leave it out to keep what could be decoded"
        case .unsuitable(let path, let message):
            "\(path): \(message)"
        case .busy(let path):
            "\(path): another vtrack is writing to this folder; wait for it, or name another one with --out"
        case .partial(let failed):
            "\(failed.count) of the sequences could not be evaluated, so all scores are partial: "
                + failed.joined(separator: ", ")
        case .skipped(let names):
            "\(names.count) sequences were skipped, and --strict was given: \(names.joined(separator: ", "))"
        case .model(let name, let message, _):
            "\(name): \(message)"
        }
    }
}

extension AppError {
    /// Runs something for one of several models; where it fails, the error says which.
    static func naming<Value>(_ model: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            let (message, status) = ExitStatus.describe(error)
            throw AppError.model(
                name: model, message: message ?? "stopped", category: FailureCategory(rawValue: status) ?? .bug)
        }
    }

    /// Whether writing failed, in whichever module it was.
    static func isOutputFailure(_ error: any Error) -> Bool {
        switch error {
        case AppError.output, AppError.closedPipe, DecodeError.writeFailed, DecodeError.cannotCreate: true
        case FeatureError.weights(.system(_, let operation, _)): operation == "write" || operation == "create"
        default: false
        }
    }
}

/// The system's text for an errno value.
func errorText(_ code: Int32) -> String {
    // strerror's buffer is per thread in glibc, and the text is copied out at once.
    unsafe String(cString: strerror(code))
}
