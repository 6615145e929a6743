import Glibc

/// Text for standard output, checked to the last byte.
func printOut(_ text: String) throws(AppError) {
    var sink = ByteSink(descriptor: STDOUT_FILENO, path: "standard output", ownsDescriptor: false)
    try sink.write(text)
    try sink.flush()
}
