import Foundation
import FoundationNetworking

/// The status and the headers of an answer.
struct HTTPAnswer: Sendable {
    /// Who answered.
    let address: URL
    let status: Int
    /// Values by lower-case names.
    let headers: [String: String]

    /// A header that is a count of bytes.
    func count(_ name: String) -> Int? { headers[name].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }
}

/// One request and its answer, in the order in which it arrives.
///
/// No redirect is followed: a redirect is an answer, so that whoever asks decides what the next server is told.
/// URLSession on Linux hands bytes over as fast as they come and cannot be slowed down; what nobody has taken yet is in
/// `waiting`, for whoever wants to bound it.
final class HTTPTransfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    /// What happens, in this order: an answer, bytes, an end; a failure at any point ends it.
    enum Event {
        case answer(HTTPAnswer)
        case bytes(Data)
        case end
        case failure(String)
    }

    // Guards what follows: events, which URLSession's queue adds and the caller takes.
    private let condition = NSCondition()
    private var events: [Event] = []
    private var taken = 0
    private var waitingBytes = 0
    private var isAnswered = false
    private var isClosed = false
    // Set once, before the task starts.
    private var session: URLSession?

    /// Longer than any download: the limit that counts is `next(within:)`'s, for silence.
    private static let week = 604_800.0

    /// Sends a request.
    init(_ request: URLRequest) {
        super.init()
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.urlCredentialStorage = nil
        configuration.timeoutIntervalForRequest = Self.week
        configuration.timeoutIntervalForResource = Self.week
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = 1
        let session = URLSession(configuration: configuration, delegate: self, delegateQueue: queue)
        self.session = session
        var request = request
        request.timeoutInterval = Self.week
        request.cachePolicy = .reloadIgnoringLocalCacheData
        session.dataTask(with: request).resume()
    }

    /// Bytes that came and have not been taken.
    var waiting: Int { condition.withLock { waitingBytes } }

    /// The next event, or nil where none comes for so many seconds.
    ///
    /// - Parameter check: Called a few times a second; what it throws ends the wait.
    func next(within seconds: Double, check: () throws -> Void) throws -> Event? {
        let limit = ContinuousClock.now + .seconds(seconds)
        while true {
            try check()
            if let event = take() { return event }
            if ContinuousClock.now >= limit { return nil }
            condition.withLock {
                if taken == events.count { _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1)) }
            }
        }
    }

    /// Ends the transfer, complete or not; what nobody has taken is thrown away.
    func close() {
        session?.invalidateAndCancel()
        session = nil
        condition.withLock {
            isClosed = true
            events = []
            taken = 0
            waitingBytes = 0
        }
    }

    private func take() -> Event? {
        condition.withLock {
            guard taken < events.count else { return nil }
            let event = events[taken]
            if case .bytes(let data) = event { waitingBytes -= data.count }
            taken += 1
            if taken == events.count || taken > 1024 {
                events.removeFirst(taken)
                taken = 0
            }
            return event
        }
    }

    private func add(_ event: Event) {
        condition.withLock {
            if isClosed { return }
            if case .bytes(let data) = event { waitingBytes += data.count }
            events.append(event)
            condition.signal()
        }
    }

    // MARK: - URLSession

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        add(response, of: dataTask)
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        // A redirect without an address is not reported as an answer of its own.
        if let response = dataTask.response { add(response, of: dataTask) }
        add(.bytes(data))
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if error == nil, let response = task.response { add(response, of: task) }
        add(error.map { .failure($0.localizedDescription) } ?? .end)
    }

    /// Adds the answer, unless it has been added.
    private func add(_ response: URLResponse, of task: URLSessionTask) {
        guard !condition.withLock({ isAnswered }), let response = response as? HTTPURLResponse,
            let address = task.originalRequest?.url
        else { return }
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields {
            if let name = name as? String, let value = value as? String { headers[name.lowercased()] = value }
        }
        // URLSession's queue calls one method at a time: nobody has answered meanwhile.
        condition.withLock { isAnswered = true }
        add(.answer(HTTPAnswer(address: address, status: response.statusCode, headers: headers)))
    }
}
