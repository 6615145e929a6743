import Foundation
import FoundationNetworking

/// How long a server is waited for, and how often it is asked again.
struct Patience: Sendable {
    /// Seconds of silence after which a transfer is given up.
    var silence = 30.0
    /// Attempts after the first that may fail one after the other.
    var retries = 5
    /// Seconds before the second attempt; doubled before each further one.
    var firstWait = 0.25
    /// The longest that a server's Retry-After is obeyed, in seconds.
    var longestWait = 300.0
}

/// Asks the Hub, and servers that it or a registry leads to.
///
/// The access token goes to the endpoint's origin (scheme, host and port) and to no other, whatever redirects say.
struct HubClient {
    let environment: HubEnvironment
    let patience: Patience
    /// Throws once the user wants to stop.
    let check: () throws -> Void
    /// Takes sentences for the user.
    let say: (String) -> Void

    /// A transfer whose answer has come, and the answers that led to it, itself the last.
    struct Exchange {
        let transfer: HTTPTransfer
        let answers: [HTTPAnswer]
    }

    /// Redirects that are followed, one after the other.
    private static let maximumRedirects = 8

    /// The address of a file of a repository.
    func address(of file: String, in reference: HubReference, commit: String? = nil) throws(HubError) -> URL {
        // A branch may have a slash in it, which here is no step down.
        let revision = (commit ?? reference.revision).replacing("/", with: "%2F")
        return try address("\(environment.endpoint)/\(reference.repository)/resolve/\(revision)/\(file)")
    }

    /// A text as an address of a server.
    func address(_ text: String) throws(HubError) -> URL {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            url.host?.isEmpty == false
        else { throw .answer(address: text, problem: "not an address of HTTP; check HF_ENDPOINT") }
        return url
    }

    /// What the server says about a file, without its bytes; asked again while there is hope.
    func facts(of address: URL) throws -> FileFacts {
        try retrying {
            do {
                let exchange = try send("HEAD", address, headers: [:], stopsAtLink: true)
                defer { exchange.transfer.close() }
                return FileFacts(exchange.answers) { isEndpoint($0.address) }
            } catch HubError.refused(_, let status, _, _) where status == 405 || status == 501 {
                // A server without HEAD says nothing beforehand.
                return FileFacts()
            }
        }
    }

    /// Repeats what fails for a passing reason, with growing pauses.
    private func retrying<Value>(_ body: () throws -> Value) throws -> Value {
        var retries = Retries(patience)
        while true {
            do {
                return try body()
            } catch let error as HubError where error.isPassing {
                try wait(retries.next(after: error))
            }
        }
    }

    /// Waits before the next attempt.
    func wait(_ pause: Retries.Pause) throws {
        say("\(pause.reason); trying again in \(decimal(pause.seconds, 1)) s")
        let end = ContinuousClock.now + .seconds(pause.seconds)
        while ContinuousClock.now < end {
            try check()
            Thread.sleep(forTimeInterval: min(0.1, max(0, (end - ContinuousClock.now).seconds)))
        }
        try check()
    }

    /// Sends a request and follows redirects to its answer.
    ///
    /// - Parameter stopsAtLink: A redirect that states the file's tag is answer enough.
    /// - Returns: An answer of status 200, 206, 304 or 416, or such a redirect.
    /// - Throws: `HubError`, or what `check` throws.
    func send(
        _ method: String, _ address: URL, headers: [String: String], stopsAtLink: Bool = false
    ) throws -> Exchange {
        var address = address
        var answers: [HTTPAnswer] = []
        for _ in 0...Self.maximumRedirects {
            let transfer = HTTPTransfer(request(method, address, headers))
            do {
                let answer = try self.answer(of: transfer, address)
                answers.append(answer)
                let isRedirect = [301, 302, 303, 307, 308].contains(answer.status)
                if !isRedirect || stopsAtLink && isEndpoint(address) && answer.headers["x-linked-etag"] != nil {
                    if !isRedirect { try judge(answer) }
                    return Exchange(transfer: transfer, answers: answers)
                }
                transfer.close()
                address = try target(of: answer, from: address)
            } catch {
                transfer.close()
                throw error
            }
        }
        throw HubError.redirect(
            address: Self.text(address), problem: "more than \(Self.maximumRedirects) redirects, one after the other")
    }

    private func request(_ method: String, _ address: URL, _ headers: [String: String]) -> URLRequest {
        var request = URLRequest(url: address)
        request.httpMethod = method
        request.setValue("vtrack/\(VTrack.version)", forHTTPHeaderField: "User-Agent")
        // Sizes, ranges and digests are those of the bytes as they are.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        if let token = environment.token, isEndpoint(address) {
            request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        }
        return request
    }

    private func answer(of transfer: HTTPTransfer, _ address: URL) throws -> HTTPAnswer {
        switch try transfer.next(within: patience.silence, check: check) {
        case .answer(let answer): return answer
        case .failure(let reason): throw HubError.unreachable(address: Self.text(address), reason: reason)
        case .bytes, .end: throw HubError.unreachable(address: Self.text(address), reason: "it is not HTTP")
        case nil: throw HubError.stalled(address: Self.text(address), seconds: patience.silence)
        }
    }

    private func target(of answer: HTTPAnswer, from address: URL) throws(HubError) -> URL {
        func wrong(_ problem: String) -> HubError { .redirect(address: Self.text(address), problem: problem) }
        guard let location = answer.headers["location"], let url = URL(string: location, relativeTo: address),
            let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme), url.host?.isEmpty == false
        else { throw wrong("redirected (status \(answer.status)) to no address") }
        if address.scheme?.lowercased() == "https", scheme == "http" {
            throw wrong("redirected from https to \(Self.text(url)), which anybody could read and change")
        }
        return url.absoluteURL
    }

    private func judge(_ answer: HTTPAnswer) throws(HubError) {
        let address = Self.text(answer.address)
        switch answer.status {
        case 200, 206, 304, 416: return
        case 408, 425, 429, 500, 502...504, 507...599:
            throw .busy(
                address: address, status: answer.status,
                retryAfter: answer.headers["retry-after"].flatMap(Retries.seconds))
        default:
            let message = (answer.headers["x-error-message"] ?? "").unicodeScalars.filter {
                $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
            }
            throw .refused(
                address: address, status: answer.status, hasToken: environment.token != nil,
                message: message.isEmpty ? nil : String(String.UnicodeScalarView(message)).prefix(200).description)
        }
    }

    /// Whether an address is on the Hub's server.
    func isEndpoint(_ address: URL) -> Bool {
        guard let endpoint = URL(string: environment.endpoint) else { return false }
        func port(_ url: URL) -> Int? { url.port ?? (url.scheme?.lowercased() == "https" ? 443 : 80) }
        return endpoint.scheme?.lowercased() == address.scheme?.lowercased()
            && endpoint.host?.lowercased() == address.host?.lowercased() && port(endpoint) == port(address)
    }

    /// An address for people: what is behind a question mark may be a key to the file, what is before an @ is one to
    /// the server.
    static func text(_ address: URL) -> String {
        var parts = URLComponents(url: address, resolvingAgainstBaseURL: true)
        parts?.user = nil
        parts?.password = nil
        parts?.query = nil
        parts?.fragment = nil
        return String((parts?.string ?? address.host ?? "an address").prefix(300))
    }
}
