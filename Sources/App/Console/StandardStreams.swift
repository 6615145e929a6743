import Glibc

/// The three descriptors that a process is started with.
enum StandardStreams {
    /// Occupies those that are closed, so that no file that is opened later gets their number and with it what is
    /// meant for the terminal.
    ///
    /// They are opened the wrong way round: reading from standard input and writing to the others stays an error.
    static func occupyClosed() {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
            _ = unsafe open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
