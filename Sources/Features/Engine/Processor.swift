internal import COneDNN

/// What this process has to compute with.
public enum Processor {
    /// Cores that are switched on: how many threads an engine has unless told otherwise.
    public static var availableCores: Int { WorkerPool.availableCores }

    /// The widest set of instructions in use, by the name that `ONEDNN_MAX_CPU_ISA` has for it.
    ///
    /// It is what oneDNN takes the processor for; that variable lowers it.
    public static var instructionSet: String {
        let sets: [(dnnl_cpu_isa_t, String)] = [
            (dnnl_cpu_isa_avx512_core_amx, "AVX512_CORE_AMX"),
            (dnnl_cpu_isa_avx512_core_bf16, "AVX512_CORE_BF16"),
            (dnnl_cpu_isa_avx512_core_vnni, "AVX512_CORE_VNNI"),
            (dnnl_cpu_isa_avx512_core, "AVX512_CORE"),
            (dnnl_cpu_isa_avx2_vnni, "AVX2_VNNI"),
            (dnnl_cpu_isa_avx2, "AVX2"),
            (dnnl_cpu_isa_avx, "AVX"),
            (dnnl_cpu_isa_sse41, "SSE41"),
        ]
        return sets.first { Precision.has($0.0) }?.1 ?? "none"
    }
}
