// All kernels for one instruction set. Before it is included: VTRACK_VARIANT (what their names end in), VTRACK_WIDTH
// (how many vectors of 16 lie side by side for each of six queries: 4 where there are 32 registers), VTRACK_HAS_FMA and VTRACK_HAS_BF16_DOT.
#define VTRACK_JOIN(a, b) a##_##b
#define VTRACK_JOINED(a, b) VTRACK_JOIN(a, b)
#define NAME(kernel) VTRACK_JOINED(kernel, VTRACK_VARIANT)

#include "vectors.h"
#include "attention.h"
#include "pack.h"
#include "norm.h"
#include "heads.h"
#include "bytes.h"
#include "swiglu.h"

const vtrack_kernels NAME(vtrack_kernels) = {
    .pack_f32 = NAME(pack_f32),
    .pack_bf16 = NAME(pack_bf16),
    .pack_queries_f32 = NAME(pack_queries_f32),
    .pack_queries_bf16 = NAME(pack_queries_bf16),
    .norm_heads_f32 = NAME(norm_heads_f32),
    .norm_heads_bf16 = NAME(norm_heads_bf16),
    .rotate_f32 = NAME(rotate_f32),
    .rotate_bf16 = NAME(rotate_bf16),
    .attention_f32 = NAME(attention_f32),
    .attention_bf16 = NAME(attention_bf16),
    .norm_f32 = NAME(norm_f32),
    .norm_bf16 = NAME(norm_bf16),
    .norm_s8 = NAME(norm_s8),
    .quantize = NAME(quantize),
    .dequantize = NAME(dequantize),
    .gelu_quantize = NAME(gelu_quantize),
    .gelu_tanh_quantize = NAME(gelu_tanh_quantize),
    .quick_gelu_quantize = NAME(quick_gelu_quantize),
    .swiglu_f32 = NAME(swiglu_f32),
    .swiglu_bf16 = NAME(swiglu_bf16),
    .swiglu_quantize = NAME(swiglu_quantize),
    .add_dequantized = NAME(add_dequantized),
};
