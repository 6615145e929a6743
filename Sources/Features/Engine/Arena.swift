/// All memory of a pass over tiles of one size.
struct Arena {
    let plan: TilePlan
    let workers: [Worker]
    /// One tile's activations for each thread.
    private(set) var alone: [TileActivations] = []
    /// Activations of tiles that threads compute together.
    private(set) var together: [TileActivations] = []

    init(_ model: ModelDescription, _ kinds: ProductKinds, plan: TilePlan, threads: Int) throws(EngineError) {
        self.plan = plan
        var workers: [Worker] = []
        for _ in 0..<threads { workers.append(try Worker(plan, model, kinds)) }
        self.workers = workers
    }

    /// Makes sure that there are enough; what there is, is kept.
    mutating func reserve(_ model: ModelDescription, alone count: Int, together shared: Int) throws(EngineError) {
        // A thread's number chooses its activations, so there are as many as threads or none.
        while alone.count < (count > 0 ? workers.count : 0) { alone.append(try TileActivations(plan, model)) }
        while together.count < shared { together.append(try TileActivations(plan, model)) }
    }
}
