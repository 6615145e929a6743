/// Some tokens of a tile, in ascending order: a run of them, or a list.
@safe
struct TokenRows {
    /// The first of a run.
    let start: Int
    let count: Int
    /// The tokens, where they are no run.
    let list: UnsafePointer<Int32>?

    /// All rows of a chunk.
    init(_ chunk: TilePlan.Chunk) {
        start = chunk.start
        count = chunk.rows
        unsafe list = nil
    }

    /// The tokens that a list of `count` names, which must outlive the value.
    init(list: UnsafePointer<Int32>, count: Int) {
        start = 0
        self.count = count
        unsafe self.list = list
    }

    /// The token of a row.
    subscript(row: Int) -> Int {
        if let list = unsafe list { return unsafe Int(list[row]) }
        return start + row
    }
}
