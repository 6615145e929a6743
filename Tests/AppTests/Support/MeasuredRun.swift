import Foundation
import Glibc

/// A run of `vtrack` with its peak memory, for tests of limits.
struct MeasuredRun {
    /// Exit status; 128 + n where a signal ended it.
    var status: Int32
    /// Largest resident set, bytes.
    var peakBytes: Int
    /// Whether the hang guard had to kill it.
    var hung: Bool
    /// Time from start to end, in seconds.
    var seconds: Double

    /// Runs the binary with its streams on /dev/null; killed after `guardSeconds`.
    static func vtrack(_ arguments: [String], guardSeconds: Int = 60) -> MeasuredRun {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for descriptor: Int32 in 0...2 {
            unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        let started = ContinuousClock.now
        var process = pid_t()
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([CommandRun.binary.path] + arguments).map {
            unsafe strdup($0)
        }
        unsafe words.append(nil)
        defer { unsafe words.forEach { unsafe free($0) } }
        guard unsafe posix_spawn(&process, CommandRun.binary.path, &actions, nil, words, environ) == 0 else {
            return MeasuredRun(status: 127, peakBytes: 0, hung: false, seconds: 0)
        }
        let child = process
        let hangGuard = DispatchWorkItem { kill(child, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(guardSeconds), execute: hangGuard)
        var status: Int32 = 0
        var usage = rusage()
        while unsafe wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
        hangGuard.cancel()
        let signal = status & 0x7F
        return MeasuredRun(
            status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, peakBytes: usage.ru_maxrss * 1024,
            hung: signal == SIGKILL, seconds: (ContinuousClock.now - started) / .seconds(1))
    }
}
