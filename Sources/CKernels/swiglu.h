// The gated activation of SwiGLU. Included once per instruction set, after bytes.h.

static void NAME(swiglu_f32)(float *x, int rows, int width) {
    int full = width / 16 * 16, rest = width - full;
    // A row of the result lies before what is still to be read.
    float *y = x;
    for (int row = 0; row < rows; row++, x += (size_t)2 * width, y += width) {
        for (int i = 0; i < full; i += 16) store(y + i, silu16(load(x + i)) * load(x + width + i));
        if (rest)
            store_some(y + full, silu16(load_some(x + full, rest)) * load_some(x + width + full, rest), rest);
    }
}

static void NAME(swiglu_bf16)(vtrack_bf16 *x, int rows, int width) {
    int full = width / 16 * 16, rest = width - full;
    vtrack_bf16 *y = x;
    for (int row = 0; row < rows; row++, x += (size_t)2 * width, y += width) {
        for (int i = 0; i < full; i += 16) store_bf16(y + i, silu16(load_bf16(x + i)) * load_bf16(x + width + i));
        if (rest)
            store_some_bf16(
                y + full, silu16(load_some_bf16(x + full, rest)) * load_some_bf16(x + width + full, rest), rest);
    }
}

static void NAME(swiglu_quantize)(
    const vtrack_bf16 *x, int rows, int width, const float *scales, const float *weight_scales, const float *bias,
    int8_t *y, float *scales_out, float *scratch) {
    int full = width / 16 * 16, rest = width - full;
    const float *up_scales = weight_scales + width, *up_bias = bias + width;
    for (int row = 0; row < rows; row++, x += (size_t)2 * width, y += width) {
        const vtrack_bf16 *up = x + width;
        float scale = scales[row];
        v16 most = splat(0), flaw = splat(0);
        for (int i = 0; i < full; i += 16) {
            v16 gate = value_of(load_bf16(x + i), scale, load(weight_scales + i), load(bias + i));
            v16 value = silu16(gate) * value_of(load_bf16(up + i), scale, load(up_scales + i), load(up_bias + i));
            flaw += flaw_of(value);
            most = max16(most, magnitude(value));
            store(scratch + i, value);
        }
        if (rest) {
            v16 gate = value_of(load_some_bf16(x + full, rest), scale, load_some(weight_scales + full, rest),
                                load_some(bias + full, rest));
            v16 value = silu16(gate) * value_of(load_some_bf16(up + full, rest), scale,
                                                load_some(up_scales + full, rest), load_some(up_bias + full, rest));
            flaw += flaw_of(value);
            most = max16(most, magnitude(value));
            store_some(scratch + full, value, rest);
        }
        scales_out[row] = quantize_row(scratch, width, max_of(most) + sum_of(flaw), y);
    }
}
