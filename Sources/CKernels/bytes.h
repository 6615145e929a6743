// Between floating point and products of 8-bit integers. Included once per instruction set, after norm.h.

// 0 for a number, NaN for anything else: added up, it keeps what a maximum would lose.
INLINE v16 flaw_of(v16 x) { return x - x; }

INLINE v16 magnitude(v16 x) { return (v16)((u16)x & 0x7fffffffu); }

INLINE void store_bytes(int8_t *p, v16 x, int count) {
    b16 bytes = __builtin_convertvector(whole(x), b16);
    if (count == 16) memcpy(p, &bytes, 16);
    else memcpy(p, &bytes, (size_t)count);
}

// A row of floats times 127 / `largest`, rounded; returns the scale that undoes it.
INLINE float quantize_row(const float *x, int width, float largest, int8_t *y) {
    float inverse = largest > 0 ? 127 / largest : 0;
    int full = width / 16 * 16;
    for (int i = 0; i < full; i += 16) store_bytes(y + i, load(x + i) * inverse, 16);
    if (full < width) store_bytes(y + full, load_some(x + full, width - full) * inverse, width - full);
    return largest / 127;
}

static void NAME(norm_s8)(
    const float *x, int rows, int width, const float *gain, const float *bias, float epsilon, int8_t *y,
    float *scales, float *scratch) {
    int full = width / 16 * 16, rest = width - full;
    for (int row = 0; row < rows; row++, x += width, y += width) {
        float mean, scale;
        moments(x, width, epsilon, &mean, &scale);
        v16 largest = splat(0);
        for (int i = 0; i < full; i += 16) {
            v16 value = normed(load(x + i), mean, scale, load(gain + i), load(bias + i));
            largest = max16(largest, magnitude(value));
            store(scratch + i, value);
        }
        if (rest) {
            v16 value = normed(load_some(x + full, rest), mean, scale, load_some(gain + full, rest),
                               load_some(bias + full, rest));
            store_some(scratch + full, value, rest);
            for (int i = full; i < width; i++) {
                float m = __builtin_fabsf(scratch[i]);
                if (m > largest[0]) largest[0] = m;
            }
        }
        scales[row] = quantize_row(scratch, width, max_of(largest), y);
    }
}

static void NAME(quantize)(const vtrack_bf16 *x, int rows, int width, int8_t *y, float *scales) {
    int full = width / 16 * 16, rest = width - full;
    for (int row = 0; row < rows; row++, x += width, y += width) {
        v16 most = splat(0), flaw = splat(0);
        for (int i = 0; i < full; i += 16) {
            v16 value = load_bf16(x + i);
            most = max16(most, magnitude(value));
            flaw += flaw_of(value);
        }
        if (rest) {
            v16 value = load_some_bf16(x + full, rest);
            most = max16(most, magnitude(value));
            flaw += flaw_of(value);
        }
        float largest = max_of(most) + sum_of(flaw), inverse = largest > 0 ? 127 / largest : 0;
        for (int i = 0; i < full; i += 16) store_bytes(y + i, load_bf16(x + i) * inverse, 16);
        if (rest) store_bytes(y + full, load_some_bf16(x + full, rest) * inverse, rest);
        scales[row] = largest / 127;
    }
}

// 16 sums of products as what they stand for.
INLINE v16 value_of(v16 x, float scale, v16 weight_scale, v16 bias) { return fma16(x * scale, weight_scale, bias); }

static void NAME(dequantize)(
    const vtrack_bf16 *x, int rows, int width, const float *scales, const float *weight_scales, const float *bias,
    vtrack_bf16 *y) {
    int full = width / 16 * 16, rest = width - full;
    for (int row = 0; row < rows; row++, x += width, y += width) {
        float scale = scales[row];
        for (int i = 0; i < full; i += 16)
            store_bf16(y + i, value_of(load_bf16(x + i), scale, load(weight_scales + i), load(bias + i)));
        if (rest)
            store_some_bf16(y + full, value_of(load_some_bf16(x + full, rest), scale,
                                               load_some(weight_scales + full, rest), load_some(bias + full, rest)),
                            rest);
    }
}

// One of the activations that are nowhere below −`vtrack_gelu_offset`, of what sums stand for, as bytes.
INLINE void activate_quantize(
    v16 (*activation)(v16), const vtrack_bf16 *x, int rows, int width, const float *scales, const float *weight_scales,
    const float *bias, uint8_t *y, float *scales_out, float *scratch) {
    int full = width / 16 * 16, rest = width - full;
    for (int row = 0; row < rows; row++, x += width, y += width) {
        float scale = scales[row];
        v16 most = splat(0), flaw = splat(0);
        for (int i = 0; i < full; i += 16) {
            v16 value = activation(value_of(load_bf16(x + i), scale, load(weight_scales + i), load(bias + i)));
            flaw += flaw_of(value);
            // The polynomial is below the offset by 4e-5 at worst, and by more where x is below −2000.
            value = max16(value + vtrack_gelu_offset, splat(0));
            most = max16(most, value);
            store(scratch + i, value);
        }
        if (rest) {
            v16 value = activation(value_of(load_some_bf16(x + full, rest), scale,
                                            load_some(weight_scales + full, rest), load_some(bias + full, rest)));
            flaw += flaw_of(value);
            store_some(scratch + full, max16(value + vtrack_gelu_offset, splat(0)), rest);
            most = max16(most, load_some(scratch + full, rest));
        }
        float largest = max_of(most) + sum_of(flaw), inverse = largest > 0 ? 255 / largest : 0;
        for (int i = 0; i < full; i += 16) store_bytes((int8_t *)y + i, load(scratch + i) * inverse, 16);
        if (rest) store_bytes((int8_t *)y + full, load_some(scratch + full, rest) * inverse, rest);
        scales_out[row] = largest / 255;
    }
}

static void NAME(gelu_quantize)(
    const vtrack_bf16 *x, int rows, int width, const float *scales, const float *weight_scales, const float *bias,
    uint8_t *y, float *scales_out, float *scratch) {
    activate_quantize(gelu16, x, rows, width, scales, weight_scales, bias, y, scales_out, scratch);
}

static void NAME(gelu_tanh_quantize)(
    const vtrack_bf16 *x, int rows, int width, const float *scales, const float *weight_scales, const float *bias,
    uint8_t *y, float *scales_out, float *scratch) {
    activate_quantize(gelu_tanh16, x, rows, width, scales, weight_scales, bias, y, scales_out, scratch);
}

static void NAME(quick_gelu_quantize)(
    const vtrack_bf16 *x, int rows, int width, const float *scales, const float *weight_scales, const float *bias,
    uint8_t *y, float *scales_out, float *scratch) {
    activate_quantize(quick_gelu16, x, rows, width, scales, weight_scales, bias, y, scales_out, scratch);
}

static void NAME(add_dequantized)(
    float *sum, const vtrack_bf16 *x, int rows, int width, const float *scales, const float *weight_scales,
    const float *bias) {
    int full = width / 16 * 16, rest = width - full;
    for (int row = 0; row < rows; row++, x += width, sum += width) {
        float scale = scales[row];
        for (int i = 0; i < full; i += 16)
            store(sum + i,
                  load(sum + i) + value_of(load_bf16(x + i), scale, load(weight_scales + i), load(bias + i)));
        if (rest)
            store_some(sum + full,
                       load_some(sum + full, rest)
                           + value_of(load_some_bf16(x + full, rest), scale, load_some(weight_scales + full, rest),
                                      load_some(bias + full, rest)),
                       rest);
    }
}
