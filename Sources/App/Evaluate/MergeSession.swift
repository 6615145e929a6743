/// One `vtrack eval merge`.
struct MergeSession {
    let command: EvalMergeCommand
    init(_ command: EvalMergeCommand) { self.command = command }
    func run() throws {}
}
