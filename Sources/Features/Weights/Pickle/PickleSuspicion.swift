/// Functions that a pickle names only to attack whoever loads it with Python.
///
/// Nothing that a pickle names is ever called here, so this list protects nobody by itself: it is there to tell a user
/// that the file in hand should not be loaded elsewhere either.
enum PickleSuspicion {
    private static let modules: Set<String> = [
        "os", "posix", "nt", "subprocess", "sys", "shutil", "socket", "importlib", "runpy", "pty", "ctypes", "code",
        "commands", "webbrowser", "multiprocessing", "asyncio", "pip", "pickle", "marshal",
    ]
    private static let functions: Set<String> = [
        "eval", "exec", "execfile", "compile", "open", "__import__", "breakpoint", "globals", "input",
    ]

    /// Whether calling the function would run programs or code, or touch files or the network.
    static func isSuspicious(module: String, name: String) -> Bool {
        if module == "builtins" || module == "__builtin__" {
            return functions.contains(String(name.prefix { $0 != "." }))
        }
        return modules.contains(String(module.prefix { $0 != "." }))
    }
}
