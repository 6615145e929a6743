// What oneDNN's primitives leave to be done between matrix products: attention, LayerNorm, and the changes of number
// format around products of 8-bit integers.
//
// In C because Swift has no way to compile one function for several processors: every kernel is written once, with
// the compiler's vector type of 16 floats (vectors.h), and compiled for each instruction set below. All sizes are
// positive; rows of matrices lie one after the other without gaps unless a stride is named; no pointer is null unless
// that is said. Nothing here allocates, and nothing depends on another row than its own, so that any subset of rows
// gives the same bits.
#ifndef VTRACK_KERNELS_H
#define VTRACK_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// A bfloat16: the upper half of a float, rounded to nearest, halves to even.
typedef uint16_t vtrack_bf16;

// Instruction sets the kernels are compiled for, each wanting all that the ones before it want.
typedef enum {
    vtrack_any_processor = 0,
    // AVX2 and FMA.
    vtrack_avx2 = 1,
    // AVX-512 F, BW, DQ and VL.
    vtrack_avx512 = 2,
    // AVX-512 BF16 as well.
    vtrack_avx512_bf16 = 3
} vtrack_processor;

// Queries, keys and values of one tile as attention reads them, head after head.
//
// Legend: H heads of d channels, N tokens, n = N rounded up to a multiple of 16, e = d rounded up to a multiple of 16.
// In single precision: queries (H, N, e); keys (H, n/16, e, 16): 16 keys side by side; values (H, n, e).
// In bfloat16 two neighbours share a 32-bit word: queries (H, N, e/2 words), keys (H, n/16, e/2 words, 16),
// values (H, n/2 words, e), a word holding the channel of two successive tokens.
// Whoever allocates these sets them to zero once: what lies beyond d and N must stay zero.
typedef struct {
    void *queries;
    void *keys;
    void *values;
    int heads;
    int head_width;
    // N, of keys and values.
    int tokens;
    // N, of queries: there may be fewer.
    int query_tokens;
} vtrack_attention_input;

// What is added to attention's scores by how query and key lie to each other.
typedef struct {
    // (H, 2R − 1, 2C − 1): by how many patches the key lies below the query, from −(R − 1) on, and to its right, from
    // −(C − 1) on; R rows and C columns of patches.
    const float *table;
    // (H, 3): prefix token to patch, patch to prefix token, prefix token to prefix token.
    const float *prefix;
    // R and C.
    int rows;
    int columns;
    // Tokens before the patches.
    int prefix_tokens;
    // Which token each query is; null where query i is token i.
    const int32_t *tokens;
} vtrack_score_bias;

// Numbers (not bytes) that the queries, and that the keys or the values take.
size_t vtrack_attention_query_count(int heads, int head_width, int tokens);
size_t vtrack_attention_key_count(int heads, int head_width, int tokens);
// Bytes of scratch memory that one call of an attention kernel needs, for either precision.
size_t vtrack_attention_scratch_bytes(int tokens);

typedef struct {
    // Splits rows of queries, keys and values, (rows, 3·H·d), or of keys and values, (rows, 2·H·d), into the layout
    // above, for tokens `first` and on; `parts` is 3 or 2.
    // In bfloat16 `first` is even, and no other thread writes the tokens `first` … `first + rows`, nor the odd one that
    // may follow.
    void (*pack_f32)(const float *rows, int count, int first, int parts, vtrack_attention_input to);
    void (*pack_bf16)(const vtrack_bf16 *rows, int count, int first, int parts, vtrack_attention_input to);
    // The same for rows that are queries alone, (rows, H·d): row i becomes query i.
    void (*pack_queries_f32)(const float *rows, int count, vtrack_attention_input to);
    void (*pack_queries_bf16)(const vtrack_bf16 *rows, int count, vtrack_attention_input to);

    // LayerNorm of each head of some rows in place: `heads` times `head_width` numbers from the start of each row, rows
    // `stride` numbers apart; gain and bias are those of one head. `scratch` holds one head of floats.
    void (*norm_heads_f32)(
        float *x, int rows, int stride, int heads, int head_width, const float *gain, const float *bias,
        float epsilon, float *scratch);
    void (*norm_heads_bf16)(
        vtrack_bf16 *x, int rows, int stride, int heads, int head_width, const float *gain, const float *bias,
        float epsilon, float *scratch);
    // Turns pairs of channels of each head of one token in place: channel · cosine + partner · sine, where `turn` holds
    // the cosines of a head's channels and then their sines, those of the first of each pair negated. Partners are
    // neighbours (2i and 2i + 1), or half a head apart.
    void (*rotate_f32)(float *token, int heads, int head_width, const float *turn, int neighbours);
    void (*rotate_bf16)(vtrack_bf16 *token, int heads, int head_width, const float *turn, int neighbours);

    // softmax(q·kᵀ + bias)·v of the queries `first` … `first + rows`, written as (rows, H·d); queries are already divided
    // by √d, `bias` may be null. Softmax and sums are in single precision; exp has a relative error
    // below 3e-7, and below 8e-5 before it is rounded to bfloat16.
    void (*attention_f32)(
        vtrack_attention_input from, int first, int rows, const vtrack_score_bias *bias, float *context, void *scratch);
    void (*attention_bf16)(
        vtrack_attention_input from, int first, int rows, const vtrack_score_bias *bias, vtrack_bf16 *context,
        void *scratch);

    // LayerNorm of rows (rows, width): (x − mean) / √(variance + epsilon) · gain + bias.
    void (*norm_f32)(
        const float *x, int rows, int width, const float *gain, const float *bias, float epsilon, float *y);
    void (*norm_bf16)(
        const float *x, int rows, int width, const float *gain, const float *bias, float epsilon, vtrack_bf16 *y);
    // The same, quantised as `quantize` does. `scratch` holds one row of floats.
    void (*norm_s8)(
        const float *x, int rows, int width, const float *gain, const float *bias, float epsilon, int8_t *y,
        float *scales, float *scratch);

    // Each row times 127 / its largest magnitude, rounded; scales[row] = that magnitude / 127, 0 for a row of zeros,
    // NaN where a value is not finite, here and in the kernels below that make bytes.
    void (*quantize)(const vtrack_bf16 *x, int rows, int width, int8_t *y, float *scales);
    // y = x · scales[row] · weight_scales[column] + bias[column]; in place where y is x.
    void (*dequantize)(
        const vtrack_bf16 *x, int rows, int width, const float *scales, const float *weight_scales,
        const float *bias, vtrack_bf16 *y);
    // GELU of what `dequantize` would give, as (value + vtrack_gelu_offset) / scales out, rounded to 0…255.
    // `scratch` holds one row of floats.
    void (*gelu_quantize)(
        const vtrack_bf16 *x, int rows, int width, const float *scales, const float *weight_scales,
        const float *bias, uint8_t *y, float *scales_out, float *scratch);
    // The same with the hyperbolic tangent's GELU, and with x·sigmoid(1.702x).
    void (*gelu_tanh_quantize)(
        const vtrack_bf16 *x, int rows, int width, const float *scales, const float *weight_scales,
        const float *bias, uint8_t *y, float *scales_out, float *scratch);
    void (*quick_gelu_quantize)(
        const vtrack_bf16 *x, int rows, int width, const float *scales, const float *weight_scales,
        const float *bias, uint8_t *y, float *scales_out, float *scratch);
    // silu(a)·b of rows (a, b), (rows, 2·width), in place: the result is (rows, width).
    void (*swiglu_f32)(float *x, int rows, int width);
    void (*swiglu_bf16)(vtrack_bf16 *x, int rows, int width);
    // The same of what `dequantize` would give, quantised as `quantize` does. `scratch` holds `width` floats.
    void (*swiglu_quantize)(
        const vtrack_bf16 *x, int rows, int width, const float *scales, const float *weight_scales,
        const float *bias, int8_t *y, float *scales_out, float *scratch);
    // sum += what `dequantize` would give, in single precision.
    void (*add_dequantized)(
        float *sum, const vtrack_bf16 *x, int rows, int width, const float *scales, const float *weight_scales,
        const float *bias);
} vtrack_kernels;

// GELU and its approximations are nowhere below −0.17005: with this added they are negative by no more than that, and
// all 256 steps of a byte are used.
#define vtrack_gelu_offset 0.17f

// How many processors the calling thread may run on; 0 where the system does not say.
int vtrack_allowed_processors(void);

// The kernels compiled for an instruction set, which the processor must have.
const vtrack_kernels *vtrack_kernels_for(vtrack_processor processor);

#endif
