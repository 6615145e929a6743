// The kernels for any processor.
#include "CKernels.h"

#define VTRACK_VARIANT any
#define VTRACK_WIDTH 1
#define VTRACK_HAS_FMA 0
#define VTRACK_HAS_BF16_DOT 0

#include "all.h"

