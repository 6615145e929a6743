// LayerNorm (Ba et al. 2016) of rows. Included once per instruction set, after vectors.h.

// The mean and 1/√(variance + epsilon) of a row: two passes, so that a large mean costs no digits.
INLINE void moments(const float *x, int width, float epsilon, float *mean, float *scale) {
    int full = width / 16 * 16;
    v16 a = splat(0), b = splat(0);
    int i = 0;
    for (; i + 32 <= full; i += 32) {
        a += load(x + i);
        b += load(x + i + 16);
    }
    if (i < full) a += load(x + i);
    v16 rest = load_some(x + full, width - full);
    float m = sum_of(a + b + rest) / (float)width;
    v16 c = splat(0), e = splat(0);
    for (i = 0; i + 32 <= full; i += 32) {
        v16 p = load(x + i) - m, q = load(x + i + 16) - m;
        c = fma16(p, p, c);
        e = fma16(q, q, e);
    }
    if (i < full) {
        v16 p = load(x + i) - m;
        c = fma16(p, p, c);
    }
    float square = sum_of(c + e);
    for (i = full; i < width; i++) square += (x[i] - m) * (x[i] - m);
    *mean = m;
    *scale = 1 / __builtin_sqrtf(square / (float)width + epsilon);
}

INLINE v16 normed(v16 x, float mean, float scale, v16 gain, v16 bias) {
    return fma16((x - mean) * scale, gain, bias);
}

static void NAME(norm_f32)(
    const float *x, int rows, int width, const float *gain, const float *bias, float epsilon, float *y) {
    int full = width / 16 * 16, rest = width - full;
    for (int row = 0; row < rows; row++, x += width, y += width) {
        float mean, scale;
        moments(x, width, epsilon, &mean, &scale);
        for (int i = 0; i < full; i += 16) store(y + i, normed(load(x + i), mean, scale, load(gain + i), load(bias + i)));
        if (rest)
            store_some(y + full, normed(load_some(x + full, rest), mean, scale, load_some(gain + full, rest),
                                        load_some(bias + full, rest)), rest);
    }
}

static void NAME(norm_bf16)(
    const float *x, int rows, int width, const float *gain, const float *bias, float epsilon, vtrack_bf16 *y) {
    int full = width / 16 * 16, rest = width - full;
    for (int row = 0; row < rows; row++, x += width, y += width) {
        float mean, scale;
        moments(x, width, epsilon, &mean, &scale);
        for (int i = 0; i < full; i += 16)
            store_bf16(y + i, normed(load(x + i), mean, scale, load(gain + i), load(bias + i)));
        if (rest)
            store_some_bf16(y + full, normed(load_some(x + full, rest), mean, scale, load_some(gain + full, rest),
                                             load_some(bias + full, rest)), rest);
    }
}
