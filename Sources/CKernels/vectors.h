// Sixteen floats as one value, and what the kernels do with them. Included once per instruction set, inside a region
// whose functions are compiled for it; VTRACK_HAS_BF16_DOT says that its BF16 instructions may be used.

#include <stdint.h>
#include <string.h>

// Everything that takes or returns a vector is inlined, so no calling convention is at stake.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

typedef float v16 __attribute__((ext_vector_type(16)));
typedef int32_t i16 __attribute__((ext_vector_type(16)));
typedef uint32_t u16 __attribute__((ext_vector_type(16)));
typedef uint16_t h16 __attribute__((ext_vector_type(16)));
typedef int8_t b16 __attribute__((ext_vector_type(16)));

enum { lanes = 16 };

INLINE v16 load(const float *p) {
    v16 v;
    memcpy(&v, p, sizeof v);
    return v;
}

INLINE void store(float *p, v16 v) { memcpy(p, &v, sizeof v); }

INLINE v16 splat(float x) { return (v16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }

// a·b + c: rounded once where the processor can, which differs from set to set but never from run to run.
INLINE v16 fma16(v16 a, v16 b, v16 c) {
#if VTRACK_HAS_FMA
    return __builtin_elementwise_fma(a, b, c);
#else
    return a * b + c;
#endif
}

INLINE v16 max16(v16 a, v16 b) { return a > b ? a : b; }
INLINE v16 min16(v16 a, v16 b) { return a < b ? a : b; }

INLINE float sum_of(v16 v) {
    float t[lanes];
    store(t, v);
    // A fixed tree, so that the order of additions is the same everywhere.
    for (int step = 8; step > 0; step /= 2)
        for (int i = 0; i < step; i++) t[i] += t[i + step];
    return t[0];
}

INLINE float max_of(v16 v) {
    float t[lanes];
    store(t, v);
    for (int step = 8; step > 0; step /= 2)
        for (int i = 0; i < step; i++) t[i] = t[i] > t[i + step] ? t[i] : t[i + step];
    return t[0];
}

// Floats of `count` < 16 places; the rest are zero, or left alone.
INLINE v16 load_some(const float *p, int count) {
    v16 v = {0};
    memcpy(&v, p, (size_t)count * sizeof(float));
    return v;
}

INLINE void store_some(float *p, v16 v, int count) { memcpy(p, &v, (size_t)count * sizeof(float)); }

// Conversions to and from bfloat16.

INLINE v16 widen(h16 h) { return (v16)(__builtin_convertvector(h, u16) << 16); }

INLINE h16 narrow16(v16 v) {
#if VTRACK_HAS_BF16_DOT
    return (h16)_mm512_cvtneps_pbh((__m512)v);
#else
    u16 bits = (u16)v;
    u16 rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
    // Rounding must not carry the mantissa of a NaN into its sign.
    u16 quiet = (bits >> 16) | 0x40;
    return __builtin_convertvector((u16)(v != v) ? quiet : rounded, h16);
#endif
}

INLINE v16 load_bf16(const uint16_t *p) {
    h16 h;
    memcpy(&h, p, sizeof h);
    return widen(h);
}

INLINE void store_bf16(uint16_t *p, v16 v) {
    h16 h = narrow16(v);
    memcpy(p, &h, sizeof h);
}

INLINE v16 load_some_bf16(const uint16_t *p, int count) {
    h16 h = {0};
    memcpy(&h, p, (size_t)count * sizeof(uint16_t));
    return widen(h);
}

INLINE void store_some_bf16(uint16_t *p, v16 v, int count) {
    h16 h = narrow16(v);
    memcpy(p, &h, (size_t)count * sizeof(uint16_t));
}

// sum + a.low·b.low + a.high·b.high, a and b holding two bfloat16 in each 32-bit place.
INLINE v16 dot16(v16 sum, u16 a, u16 b) {
#if VTRACK_HAS_BF16_DOT
    return (v16)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
#else
    sum = fma16((v16)(a & 0xffff0000u), (v16)(b & 0xffff0000u), sum);
    return fma16((v16)(a << 16), (v16)(b << 16), sum);
#endif
}

// Nearest whole number, halves to even, for |x| < 2²²: adding 1.5·2²³ leaves no room for a fraction.
#define VTRACK_ROUNDING 12582912.0f

INLINE i16 whole(v16 x) { return (i16)(x + VTRACK_ROUNDING) - (i16)splat(VTRACK_ROUNDING); }

// e^x for x ≤ 0, 0 below −87.
//
// x = n·ln 2 + r, |r| ≤ ln 2 / 2; e^r by a polynomial of degree 6 (Cephes' expf, netlib.org/cephes).
INLINE v16 exp16(v16 x) {
    v16 kept = max16(x, splat(-87.0f));
    v16 shifted = fma16(kept, splat(1.44269504f), splat(VTRACK_ROUNDING));
    v16 n = shifted - VTRACK_ROUNDING;
    v16 r = fma16(n, splat(-0.693359375f), kept);
    r = fma16(n, splat(2.12194440e-4f), r);
    v16 p = splat(1.9875691500e-4f);
    p = fma16(p, r, splat(1.3981999507e-3f));
    p = fma16(p, r, splat(8.3334519073e-3f));
    p = fma16(p, r, splat(4.1665795894e-2f));
    p = fma16(p, r, splat(1.6666665459e-1f));
    p = fma16(p, r, splat(5.0000001201e-1f));
    p = fma16(p, r * r, r + 1.0f);
    // 2ⁿ is n added to the exponent; the low bits of `shifted` are n.
    v16 value = (v16)((i16)p + (((i16)shifted) << 23));
    return x < -87.0f ? splat(0) : value;
}

// 2^x for x ≤ 0 within 7.5e-5 of itself from x = −125 on, and about 2⁻¹²⁶ below: enough where a bfloat16 is made of it,
// in two thirds of the time of exp16.
//
// The polynomial, of 2^r for |r| ≤ ½, has the smallest largest relative error of its degree.
INLINE v16 short_exp2(v16 x) {
    v16 kept = max16(x, splat(-126.0f));
    v16 shifted = kept + VTRACK_ROUNDING;
    v16 r = kept - (shifted - VTRACK_ROUNDING);
    v16 p = fma16(splat(5.51716685e-2f), r, splat(2.42611140e-1f));
    p = fma16(p, r, splat(6.93260968e-1f));
    p = fma16(p, r, splat(9.99928057e-1f));
    return (v16)((i16)p + (((i16)shifted) << 23));
}

// x·Φ(x) within 8.3e-5 for |x| ≤ 3.7 and 9e-5·|x| beyond: an odd polynomial in x for Φ(x) − ½ that minimises the
// largest error of the product.
INLINE v16 gelu16(v16 x) {
    v16 kept = min16(max16(x, splat(-3.7f)), splat(3.7f));
    v16 square = kept * kept;
    v16 p = splat(3.478599089e-8f);
    p = fma16(p, square, splat(-2.158444438e-6f));
    p = fma16(p, square, splat(5.809541037e-5f));
    p = fma16(p, square, splat(-9.035806815e-4f));
    p = fma16(p, square, splat(9.167901778e-3f));
    p = fma16(p, square, splat(-6.536427167e-2f));
    p = fma16(p, square, splat(3.983998206e-1f));
    return x * fma16(p, kept, splat(0.5f));
}

// 1 / (1 + e^−x), from e^−|x| so that nothing overflows.
INLINE v16 sigmoid16(v16 x) {
    v16 e = exp16((v16)((u16)x | 0x80000000u));
    v16 inverse = 1.0f / (1.0f + e);
    return x < 0.0f ? e * inverse : inverse;
}

// ½x(1 + tanh(√(2/π)(x + 0.044715x³))), which is x·sigmoid of twice the tangent's argument.
INLINE v16 gelu_tanh16(v16 x) {
    v16 cubic = fma16(x * x, splat(0.0713548162726f), splat(1.5957691216057f));
    return x * sigmoid16(x * cubic);
}

INLINE v16 quick_gelu16(v16 x) { return x * sigmoid16(x * 1.702f); }

INLINE v16 silu16(v16 x) { return x * sigmoid16(x); }
