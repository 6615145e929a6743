// The kernels for processors with AVX-512.
#include "CKernels.h"
#if defined(__x86_64__)
#include <immintrin.h>
#define VTRACK_VARIANT avx512
#define VTRACK_WIDTH 4
#define VTRACK_HAS_FMA 1
#define VTRACK_HAS_BF16_DOT 0

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma,avx2"))), apply_to = function)
#include "all.h"
#pragma clang attribute pop
#endif
