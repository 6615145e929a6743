// What is done to the queries and keys of each head before they are packed. Included once per instruction set, after
// norm.h.

INLINE void norm_head(const float *x, int width, const float *gain, const float *bias, float epsilon, float *y) {
    int full = width / 16 * 16, rest = width - full;
    float mean, scale;
    moments(x, width, epsilon, &mean, &scale);
    for (int i = 0; i < full; i += 16) store(y + i, normed(load(x + i), mean, scale, load(gain + i), load(bias + i)));
    if (rest)
        store_some(y + full, normed(load_some(x + full, rest), mean, scale, load_some(gain + full, rest),
                                    load_some(bias + full, rest)), rest);
}

static void NAME(norm_heads_f32)(
    float *x, int rows, int stride, int heads, int head_width, const float *gain, const float *bias, float epsilon,
    float *scratch) {
    (void)scratch;
    for (int row = 0; row < rows; row++, x += stride)
        for (int h = 0; h < heads; h++)
            norm_head(x + (size_t)h * head_width, head_width, gain, bias, epsilon, x + (size_t)h * head_width);
}

static void NAME(norm_heads_bf16)(
    vtrack_bf16 *x, int rows, int stride, int heads, int head_width, const float *gain, const float *bias,
    float epsilon, float *scratch) {
    int full = head_width / 16 * 16, rest = head_width - full;
    for (int row = 0; row < rows; row++, x += stride)
        for (int h = 0; h < heads; h++) {
            vtrack_bf16 *head = x + (size_t)h * head_width;
            for (int i = 0; i < full; i += 16) store(scratch + i, load_bf16(head + i));
            if (rest) store_some(scratch + full, load_some_bf16(head + full, rest), rest);
            norm_head(scratch, head_width, gain, bias, epsilon, scratch);
            for (int i = 0; i < full; i += 16) store_bf16(head + i, load(scratch + i));
            if (rest) store_some_bf16(head + full, load_some(scratch + full, rest), rest);
        }
}

INLINE v16 swap_neighbours(v16 x) {
    return __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
}

INLINE v16 part_f32(const float *p, int count) { return count == 16 ? load(p) : load_some(p, count); }

INLINE v16 part_bf16(const vtrack_bf16 *p, int count) { return count == 16 ? load_bf16(p) : load_some_bf16(p, count); }

INLINE void put_f32(float *p, v16 x, int count) {
    if (count == 16) store(p, x);
    else store_some(p, x, count);
}

INLINE void put_bf16(vtrack_bf16 *p, v16 x, int count) {
    if (count == 16) store_bf16(p, x);
    else store_some_bf16(p, x, count);
}

#define VTRACK_ROTATE(type, part, put)                                                       \
    int span = neighbours ? head_width : head_width / 2;                                     \
    const float *cosine = turn, *sine = turn + head_width;                                   \
    for (int h = 0; h < heads; h++, token += head_width)                                     \
        for (int i = 0; i < span; i += 16) {                                                 \
            int count = span - i < 16 ? span - i : 16;                                       \
            type *low = token + i, *high = low + span;                                       \
            v16 a = part(low, count);                                                        \
            v16 b = neighbours ? swap_neighbours(a) : part(high, count);                     \
            put(low, fma16(a, part_f32(cosine + i, count), b * part_f32(sine + i, count)), count); \
            if (neighbours) continue;                                                        \
            v16 turned = fma16(b, part_f32(cosine + span + i, count), a * part_f32(sine + span + i, count)); \
            put(high, turned, count);                                                        \
        }

static void NAME(rotate_f32)(float *token, int heads, int head_width, const float *turn, int neighbours) {
    VTRACK_ROTATE(float, part_f32, put_f32)
}

static void NAME(rotate_bf16)(vtrack_bf16 *token, int heads, int head_width, const float *turn, int neighbours) {
    VTRACK_ROTATE(vtrack_bf16, part_bf16, put_bf16)
}

#undef VTRACK_ROTATE
