import Foundation
import Glibc

/// What the kernel tells of this process and its machine.
enum ProcessFacts {
    /// The largest resident set since the process began or since `forgetPeak`, in MB (2^20 bytes).
    static var peakMemory: Double { memory("VmHWM:") }

    /// Starts the peak anew from what is resident now; where the kernel does not allow that, the peak stays.
    static func forgetPeak() {
        guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
        defer { try? file.close() }
        try? file.write(contentsOf: Data("5".utf8))
    }

    /// Processor time of all threads, in seconds: what a shared machine leaves comparable.
    static var processorSeconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The processor's name as the kernel knows it; nil where it does not.
    static var processorName: String? {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private static func memory(_ name: String) -> Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        let kilobytes = line?.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }.first
        return (kilobytes ?? 0) / 1024
    }
}
