// For sched_getaffinity, which Swift's Glibc module leaves out.
#define _GNU_SOURCE
#include "CKernels.h"
#if defined(__linux__)
#include <sched.h>
#endif

extern const vtrack_kernels vtrack_kernels_any;
#if defined(__x86_64__)
extern const vtrack_kernels vtrack_kernels_avx2, vtrack_kernels_avx512, vtrack_kernels_avx512_bf16;
#endif

const vtrack_kernels *vtrack_kernels_for(vtrack_processor processor) {
#if defined(__x86_64__)
    switch (processor) {
    case vtrack_avx2: return &vtrack_kernels_avx2;
    case vtrack_avx512: return &vtrack_kernels_avx512;
    case vtrack_avx512_bf16: return &vtrack_kernels_avx512_bf16;
    default: break;
    }
#endif
    (void)processor;
    return &vtrack_kernels_any;
}

static size_t up16(int n) { return ((size_t)n + 15) / 16 * 16; }

size_t vtrack_attention_query_count(int heads, int head_width, int tokens) {
    return (size_t)heads * (size_t)tokens * up16(head_width);
}

size_t vtrack_attention_key_count(int heads, int head_width, int tokens) {
    return (size_t)heads * up16(tokens) * up16(head_width);
}

size_t vtrack_attention_scratch_bytes(int tokens) { return 6 * up16(tokens) * (sizeof(float) + sizeof(vtrack_bf16)); }

int vtrack_allowed_processors(void) {
#if defined(__linux__)
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
#endif
    return 0;
}
