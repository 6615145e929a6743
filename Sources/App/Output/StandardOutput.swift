import Glibc

/// Text for standard output, checked to the last byte; for standard error where data is on standard output.
func printOut(_ text: String, toStandardError: Bool = false) throws(AppError) {
    var sink = ByteSink(
        descriptor: toStandardError ? STDERR_FILENO : STDOUT_FILENO,
        path: toStandardError ? "standard error" : "standard output", ownsDescriptor: false)
    try sink.write(text)
    try sink.flush()
}
