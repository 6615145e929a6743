import Foundation
import Glibc

/// A process that is started, watched and waited for.
///
/// With posix_spawn rather than Foundation's Process, which gives no memory of the child and has been seen to
/// crash when several threads start thousands of children.
struct ChildProcess {
    /// Exit status; 128 + n where a signal ended it.
    var status: Int32
    /// Largest resident set, bytes.
    var peakBytes: Int
    /// Whether the hang guard had to kill it.
    var hung: Bool
    /// Time from start to end, in seconds.
    var seconds: Double

    /// Runs a program to its end; after `guardSeconds` it is killed with everything that it has started.
    ///
    /// - Parameters:
    ///   - arguments: the path of the program, and what it is given.
    ///   - streams: the files that are its standard input, output and error.
    static func run(
        _ arguments: [String], streams: [String] = ["/dev/null", "/dev/null", "/dev/null"],
        environment: [String: String] = [:], in folder: String? = nil, guardSeconds: Int = 60
    ) -> ChildProcess {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (number, path) in streams.enumerated() {
            unsafe posix_spawn_file_actions_addopen(
                &actions, Int32(number), path, number == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        }
        // A group of its own, so that the guard reaches what a shell has started.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        unsafe posix_spawnattr_setpgroup(&attributes, 0)

        // env goes to the folder and then becomes the program, with the same process number.
        let command = (folder.map { ["/usr/bin/env", "-C", $0] } ?? []) + arguments
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var words: [UnsafeMutablePointer<CChar>?] = unsafe command.map { unsafe strdup($0) }
        var settings: [UnsafeMutablePointer<CChar>?] = unsafe variables.map { unsafe strdup($0) }
        unsafe words.append(nil)
        unsafe settings.append(nil)
        defer { unsafe (words + settings).forEach { unsafe free($0) } }
        let started = ContinuousClock.now
        var process = pid_t()
        guard unsafe posix_spawn(&process, command[0], &actions, &attributes, words, settings) == 0 else {
            return ChildProcess(status: 127, peakBytes: 0, hung: false, seconds: 0)
        }
        var status: Int32 = 0
        var peakBytes = 0
        var hung = false
        while unsafe waitpid(process, &status, WNOHANG) == 0 {
            peakBytes = max(peakBytes, highWater(process))
            if !hung, ContinuousClock.now - started > .seconds(guardSeconds) {
                hung = true
                kill(-process, SIGKILL)
            }
            usleep(2000)
        }
        let signal = status & 0x7F
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        return ChildProcess(
            status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, peakBytes: peakBytes,
            hung: hung, seconds: seconds)
    }

    /// The largest resident set of a process so far, bytes, as the kernel tells it.
    ///
    /// `ru_maxrss` is no measure: it remembers the memory of the process that started this one.
    private static func highWater(_ process: pid_t) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }) else { return 0 }
        return line.split(whereSeparator: { " \t".contains($0) }).compactMap { Int($0) }.first.map { $0 * 1024 } ?? 0
    }

    /// Runs the built `vtrack`, and forgets what it prints.
    static func vtrack(_ arguments: [String]) -> ChildProcess { run([CommandRun.binary.path] + arguments) }
}
