/// What kind of failure an error is, in the terms of the exit status (docs/commands.md).
///
/// Every module's error type has a `category`; only the program turns it into an exit status.
public enum FailureCategory: Int32, Sendable {
    /// The command line is wrong.
    case usage = 64
    /// The input is damaged or not what it claims to be.
    case badData = 65
    /// The input does not exist or cannot be opened.
    case noInput = 66
    /// A service is already running or not available.
    case unavailable = 69
    /// The program contradicts itself.
    case bug = 70
    /// An output cannot be created.
    case cannotCreate = 73
    /// Reading or writing failed: disk full, device error.
    case inputOutput = 74
    /// The other side took too long.
    case timedOut = 75
    /// Not permitted.
    case permission = 77
    /// A configuration file is wrong.
    case configuration = 78
}
