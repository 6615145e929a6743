import Features
import Geometry

/// Why a model could not be pulled.
enum HubError: Error, Equatable, CustomStringConvertible {
    /// No model has that name, and it is no repository's.
    case unknown(String, similar: [String])
    /// The file has to be fetched by a person.
    case byHand(name: String, page: String, reason: String, folder: String)
    /// `HF_HUB_OFFLINE` forbids asking a server.
    case offline(String)
    /// The server refuses, by an HTTP status that will not change by itself.
    case refused(address: String, status: Int, hasToken: Bool, message: String?)
    /// The server asks to come back later, or has trouble of its own.
    case busy(address: String, status: Int, retryAfter: Double?)
    /// There is no connection, or no answer on it.
    case unreachable(address: String, reason: String)
    /// The connection broke in the middle.
    case broken(address: String, received: Int, expected: Int?, reason: String)
    /// Nothing came for too long.
    case stalled(address: String, seconds: Double)
    /// The server leads nowhere, or somewhere it must not lead.
    case redirect(address: String, problem: String)
    /// What came has another size than the server stated.
    case size(address: String, found: Int, expected: Int)
    /// What came is not what it should be.
    case digest(address: String, kind: String, found: String, expected: String)
    /// The server's answer contradicts itself.
    case answer(address: String, problem: String)

    /// Whether another attempt may succeed.
    var isPassing: Bool {
        switch self {
        case .busy, .unreachable, .broken, .stalled: true
        default: false
        }
    }

    /// The kind of failure, for the exit status.
    var category: FailureCategory {
        switch self {
        case .unknown, .byHand: .noInput
        case .offline, .unreachable: .unavailable
        case .refused(_, let status, _, _): [401, 403, 407, 451].contains(status) ? .permission : .noInput
        case .busy(_, let status, _): status == 429 ? .timedOut : .unavailable
        case .broken: .inputOutput
        case .stalled: .timedOut
        case .redirect, .size, .digest, .answer: .badData
        }
    }

    var description: String {
        switch self {
        case .unknown(let name, let similar):
            "no model is known as '\(name)'"
                + (similar.isEmpty ? "" : "; similar: \(similar.joined(separator: ", "))")
                + ". vtrack model list shows the names; a repository of the Hub is ORG/REPO, or ORG/REPO:FILE"
        case .byHand(let name, let page, let reason, let folder):
            "\(name) cannot be pulled: \(reason). See \(page), and put the file into \(folder) under the name "
                + "\(name) with its own ending (.safetensors, .pth, .pt, .bin or .npz)"
        case .offline(let what):
            "\(what) is not in the cache, and HF_HUB_OFFLINE forbids asking the server"
        case .refused(let address, let status, let hasToken, let message):
            "\(address): \(Self.meaning(of: status, hasToken: hasToken))" + (message.map { " (\($0))" } ?? "")
        case .busy(let address, let status, let after):
            "\(address): the server is busy (status \(status))"
                + (after.map { ", and asks to come back in \(Int($0.rounded(.up))) s" } ?? "") + "; try again later"
        case .unreachable(let address, let reason):
            "\(address): no answer: \(reason)"
        case .broken(let address, let received, let expected, let reason):
            "\(address): the connection broke after \(received)\(expected.map { " of \($0)" } ?? "") bytes: \(reason); "
                + "what came is kept, pull again to go on from there"
        case .stalled(let address, let seconds):
            "\(address): nothing came for \(decimal(seconds, 1)) s; what came before is kept, pull again to go on from there"
        case .redirect(let address, let problem):
            "\(address): \(problem)"
        case .size(let address, let found, let expected):
            "\(address): \(found) bytes came, \(expected) were announced; what came was deleted"
        case .digest(let address, let kind, let found, let expected):
            "\(address): what came is not the file: its \(kind) is \(found), \(expected) expected; it was deleted"
        case .answer(let address, let problem):
            "\(address): \(problem)"
        }
    }

    private static func meaning(of status: Int, hasToken: Bool) -> String {
        switch status {
        case 401, 403:
            "no access (status \(status)): "
                + (hasToken
                    ? "accept the model's licence on its page with the account that the token belongs to"
                    : "set HF_TOKEN to an access token of an account that has accepted the model's licence")
        case 404, 410: "there is no such file (status \(status))"
        default: "refused (status \(status))"
        }
    }
}
