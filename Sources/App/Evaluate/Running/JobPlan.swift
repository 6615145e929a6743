import Features
import Foundation

/// How many sequences are evaluated at a time, and with how many threads each.
struct JobPlan: Equatable, Sendable {
    var jobs: Int
    /// Threads of each job's network.
    var threads: Int
    /// What was looked at, for the user.
    var reason: String

    /// Divides cores and memory.
    ///
    /// - Parameters:
    ///   - asked: `--jobs`; nil chooses.
    ///   - memory: Bytes that may be used.
    ///   - perJob: Bytes that a sequence takes.
    ///   - threads: `--threads`, of all jobs together; 0 is every core.
    init(asked: Int?, sequences: Int, memory: Int, perJob: Int, threads: Int, cores: Int = Processor.availableCores) {
        let threads = threads == 0 ? cores : threads
        let fitting = max(1, memory / max(1, perJob))
        jobs = max(1, min(asked ?? min(threads, fitting), max(1, sequences)))
        self.threads = max(1, threads / jobs)
        let gigabytes = { (bytes: Int) in decimal(Double(bytes) / 1e9, 1) }
        reason = "\(cores) cores, \(gigabytes(memory)) GB, about \(gigabytes(perJob)) GB a sequence"
    }

    /// Bytes that this process may use: what is free, at most what its control group allows.
    ///
    /// A fifth of it is left alone.
    static func availableMemory() -> Int {
        var least = Int.max
        let facts = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
        if let line = facts.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
            let kilobytes = line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap({ Int($0) })
        {
            least = kilobytes * 1024
        }
        // Version 2, then version 1 of control groups, as a container sees its own.
        for (limit, used) in [
            ("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
        ] {
            if let limit = number("/sys/fs/cgroup/\(limit)"), let used = number("/sys/fs/cgroup/\(used)") {
                least = min(least, max(0, limit - used))
            }
        }
        return least == Int.max ? 4 << 30 : least / 5 * 4
    }

    /// Bytes that evaluating one sequence takes, about.
    ///
    /// - Parameters:
    ///   - weights: Bytes of the checkpoint's files.
    ///   - dimension: Numbers a box, colour histogram included.
    ///   - longestGap: Frames that are kept for retrieval.
    static func memoryPerJob(weights: Int, dimension: Int, longestGap: Int) -> Int {
        // Decoded frames and pictures on their way; weights packed beside what the file's pages take; 40 boxes a frame.
        let frames = 40 * dimension * MemoryLayout<Float>.size * longestGap
        return (150 << 20) + (weights > 0 ? weights / 2 * 3 + (150 << 20) : 0) + frames
    }

    private static func number(_ path: String) -> Int? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
