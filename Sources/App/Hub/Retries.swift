import Foundation

/// Counts attempts that failed for a passing reason.
struct Retries {
    /// How long to wait before the next one, and why.
    struct Pause {
        let seconds: Double
        let reason: String
    }

    private let patience: Patience
    private var failures = 0

    init(_ patience: Patience) {
        self.patience = patience
    }

    /// Starts anew: the last attempt got somewhere.
    mutating func reset() { failures = 0 }

    /// The pause before the next attempt.
    ///
    /// - Throws: The error itself where there have been attempts enough, or the server wants to be left alone for longer
    ///   than anybody would wait.
    mutating func next(after error: HubError) throws(HubError) -> Pause {
        failures += 1
        guard failures <= patience.retries else { throw error }
        var seconds = patience.firstWait * Double(1 << min(failures - 1, 20))
        if case .busy(_, _, let after?) = error {
            guard after <= patience.longestWait else { throw error }
            seconds = max(after, 0)
        }
        return Pause(seconds: min(seconds, patience.longestWait), reason: "\(error)")
    }

    /// A hundred years, which is as good as any longer time.
    private static let longest = 3.2e9

    /// Seconds that a Retry-After header asks for: a number, or a date (RFC 9110 §10.2.3).
    static func seconds(_ header: String) -> Double? {
        let text = header.trimmingCharacters(in: .whitespaces)
        if let seconds = Double(text) { return seconds >= 0 ? min(seconds, longest) : nil }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text).map { min(max(0, $0.timeIntervalSinceNow), longest) }
    }
}
