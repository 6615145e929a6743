// The kernels for processors with AVX2 and FMA.
#include "CKernels.h"
#if defined(__x86_64__)
#include <immintrin.h>
#define VTRACK_VARIANT avx2
#define VTRACK_WIDTH 1
#define VTRACK_HAS_FMA 1
#define VTRACK_HAS_BF16_DOT 0

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "all.h"
#pragma clang attribute pop
#endif
