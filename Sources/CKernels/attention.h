// Attention over the layouts of CKernels.h. Included once per instruction set, after vectors.h.
//
// Six queries at a time meet all keys (their scores stay in the first-level cache), go through softmax, and meet all
// values; a set of 4 vectors of 16 keys or channels for 6 queries fills 24 of 32 registers. The online form of
// FlashAttention (Dao et al. 2022) is not needed: six rows of scores are 24 bytes a token.

enum { at_once = 6 };

INLINE int up16(int n) { return (n + 15) / 16 * 16; }

// scores (6, n) of 16·width keys from `key` on.
INLINE void scores_f32(const float *const *q, const float *k, int d, int e, int width, float *s, int n, int key) {
    v16 sum[at_once][4];
    for (int r = 0; r < at_once; r++)
        for (int j = 0; j < width; j++) sum[r][j] = splat(0);
    for (int i = 0; i < d; i++) {
        v16 keys[4];
        for (int j = 0; j < width; j++) keys[j] = load(k + ((size_t)j * e + i) * 16);
        for (int r = 0; r < at_once; r++)
            for (int j = 0; j < width; j++) sum[r][j] = fma16(splat(q[r][i]), keys[j], sum[r][j]);
    }
    for (int r = 0; r < at_once; r++)
        for (int j = 0; j < width; j++) store(s + (size_t)r * n + key + 16 * j, sum[r][j]);
}

INLINE u16 load_words(const uint32_t *p) {
    u16 v;
    memcpy(&v, p, sizeof v);
    return v;
}

INLINE u16 splat_word(uint32_t x) { return (u16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }

// The same from words of two channels.
INLINE void scores_bf16(
    const uint32_t *const *q, const uint32_t *k, int words, int e, int width, float *s, int n, int key) {
    v16 sum[at_once][4];
    for (int r = 0; r < at_once; r++)
        for (int j = 0; j < width; j++) sum[r][j] = splat(0);
    for (int i = 0; i < words; i++) {
        u16 keys[4];
        for (int j = 0; j < width; j++) keys[j] = load_words(k + ((size_t)j * (e / 2) + i) * 16);
        for (int r = 0; r < at_once; r++)
            for (int j = 0; j < width; j++) sum[r][j] = dot16(sum[r][j], splat_word(q[r][i]), keys[j]);
    }
    for (int r = 0; r < at_once; r++)
        for (int j = 0; j < width; j++) store(s + (size_t)r * n + key + 16 * j, sum[r][j]);
}

// Adds what the places of a query and of all keys say to one row of scores.
INLINE void add_bias(float *restrict s, const vtrack_score_bias *bias, int head, int token) {
    int prefix = bias->prefix_tokens, rows = bias->rows, columns = bias->columns;
    const float *other = bias->prefix + (size_t)3 * head;
    if (token < prefix) {
        for (int i = 0; i < prefix; i++) s[i] += other[2];
        for (int i = prefix; i < prefix + rows * columns; i++) s[i] += other[0];
        return;
    }
    for (int i = 0; i < prefix; i++) s[i] += other[1];
    int y = (token - prefix) / columns, x = (token - prefix) % columns, line = 2 * columns - 1;
    const float *restrict from = bias->table + ((size_t)head * (2 * rows - 1) + rows - 1 - y) * line + columns - 1 - x;
    s += prefix;
    for (int row = 0; row < rows; row++, from += line, s += columns)
        for (int i = 0; i < columns; i++) s[i] += from[i];
}

// The same for the scores (6, n) of successive queries from `row` on.
INLINE void add_biases(float *s, int n, const vtrack_score_bias *bias, int head, int first, int row, int rows) {
    for (int r = 0; r < at_once; r++) {
        int index = first + (row + r < rows ? row + r : rows - 1);
        add_bias(s + (size_t)r * n, bias, head, bias->tokens ? bias->tokens[index] : index);
    }
}

INLINE float largest_of(const float *s, int tokens) {
    v16 largest = splat(-3.4e38f);
    int full = tokens / 16 * 16;
    for (int i = 0; i < full; i += 16) largest = max16(largest, load(s + i));
    float top = max_of(largest);
    for (int i = full; i < tokens; i++) top = s[i] > top ? s[i] : top;
    return top;
}

// The first `count` of 16 numbers, and zeros.
INLINE v16 first_of(v16 x, int count) {
    float kept[16];
    store(kept, x);
    for (int i = count; i < 16; i++) kept[i] = 0;
    return load(kept);
}

// e^(score − largest) of a row in place, 0 from `tokens` to n; returns the sum.
INLINE float exponentials(float *s, int tokens, int n) {
    float top = largest_of(s, tokens);
    int full = tokens / 16 * 16;
    v16 sum = splat(0);
    for (int i = 0; i < full; i += 16) {
        v16 x = exp16(load(s + i) - top);
        store(s + i, x);
        sum += x;
    }
    if (full < n) {
        v16 x = first_of(exp16(load(s + full) - top), tokens - full);
        store(s + full, x);
        sum += x;
    }
    return sum_of(sum);
}

// The same into bfloat16, whose rounding hides the error of short_exp2; the sum is of the numbers before that rounding.
INLINE float exponentials_bf16(const float *s, int tokens, int n, vtrack_bf16 *p) {
    const v16 log2e = splat(1.44269504f);
    v16 shift = splat(-1.44269504f * largest_of(s, tokens));
    int full = tokens / 16 * 16;
    v16 sum = splat(0);
    for (int i = 0; i < full; i += 16) {
        v16 x = short_exp2(fma16(load(s + i), log2e, shift));
        store_bf16(p + i, x);
        sum += x;
    }
    if (full < n) {
        v16 x = first_of(short_exp2(fma16(load(s + full), log2e, shift)), tokens - full);
        store_bf16(p + full, x);
        sum += x;
    }
    return sum_of(sum);
}

// 16·width channels of the weighted sums of 6 queries.
INLINE void mix_f32(const float *s, int n, int tokens, const float *v, int e, int width, v16 to[at_once][4]) {
    // A variable of its own: what the caller indexes freely would live in memory.
    v16 sum[at_once][4];
    for (int r = 0; r < at_once; r++)
        for (int j = 0; j < width; j++) sum[r][j] = splat(0);
    for (int t = 0; t < tokens; t++) {
        v16 values[4];
        for (int j = 0; j < width; j++) values[j] = load(v + (size_t)t * e + 16 * j);
        for (int r = 0; r < at_once; r++)
            for (int j = 0; j < width; j++) sum[r][j] = fma16(splat(s[(size_t)r * n + t]), values[j], sum[r][j]);
    }
    for (int r = 0; r < at_once; r++)
        for (int j = 0; j < width; j++) to[r][j] = sum[r][j];
}

INLINE void mix_bf16(const uint32_t *p, int n, int tokens, const uint32_t *v, int e, int width, v16 to[at_once][4]) {
    // A variable of its own: what the caller indexes freely would live in memory.
    v16 sum[at_once][4];
    for (int r = 0; r < at_once; r++)
        for (int j = 0; j < width; j++) sum[r][j] = splat(0);
    for (int t = 0; t < (tokens + 1) / 2; t++) {
        u16 values[4];
        for (int j = 0; j < width; j++) values[j] = load_words(v + (size_t)t * e + 16 * j);
        for (int r = 0; r < at_once; r++)
            for (int j = 0; j < width; j++)
                sum[r][j] = dot16(sum[r][j], splat_word(p[(size_t)r * (n / 2) + t]), values[j]);
    }
    for (int r = 0; r < at_once; r++)
        for (int j = 0; j < width; j++) to[r][j] = sum[r][j];
}

// Runs `call` with a width the compiler knows, so that the sums stay in registers.
#define WITH_WIDTH(width, call) \
    switch (width) {            \
    case 1: call(1); break;     \
    case 2: call(2); break;     \
    case 3: call(3); break;     \
    default: call(4); break;    \
    }

// Splits `blocks` into runs of at most VTRACK_WIDTH that are as alike as can be: 13 = 4 + 3 + 3 + 3.
INLINE int run_length(int blocks, int done) {
    int left = blocks - done;
    int runs = (left + VTRACK_WIDTH - 1) / VTRACK_WIDTH;
    return (left + runs - 1) / runs;
}

static void NAME(attention_f32)(
    vtrack_attention_input from, int first, int rows, const vtrack_score_bias *bias, float *context, void *scratch) {
    int d = from.head_width, e = up16(d), n = up16(from.tokens), tokens = from.tokens;
    float *s = scratch;
    for (int h = 0; h < from.heads; h++) {
        const float *keys = (const float *)from.keys + (size_t)h * n * e;
        const float *values = (const float *)from.values + (size_t)h * n * e;
        for (int row = 0; row < rows; row += at_once) {
            const float *q[at_once];
            for (int r = 0; r < at_once; r++) {
                int index = row + r < rows ? row + r : rows - 1;
                q[r] = (const float *)from.queries + ((size_t)h * from.query_tokens + first + index) * e;
            }
            for (int b = 0; b < n / 16;) {
                int width = run_length(n / 16, b);
#define CALL(w) scores_f32(q, keys + (size_t)b * 16 * e, d, e, w, s, n, 16 * b)
                WITH_WIDTH(width, CALL)
#undef CALL
                b += width;
            }
            if (bias) add_biases(s, n, bias, h, first, row, rows);
            float scale[at_once];
            for (int r = 0; r < at_once; r++) scale[r] = 1 / exponentials(s + (size_t)r * n, tokens, n);
            for (int b = 0; b < e / 16;) {
                int width = run_length(e / 16, b);
                v16 sum[at_once][4];
#define CALL(w) mix_f32(s, n, tokens, values + 16 * b, e, w, sum)
                WITH_WIDTH(width, CALL)
#undef CALL
                for (int r = 0; r < at_once && row + r < rows; r++)
                    for (int j = 0; j < width; j++) {
                        int channel = 16 * (b + j), count = d - channel < 16 ? d - channel : 16;
                        float *to = context + ((size_t)(row + r) * from.heads + h) * d + channel;
                        if (count == 16) store(to, sum[r][j] * scale[r]);
                        else store_some(to, sum[r][j] * scale[r], count);
                    }
                b += width;
            }
        }
    }
}

static void NAME(attention_bf16)(
    vtrack_attention_input from, int first, int rows, const vtrack_score_bias *bias, vtrack_bf16 *context, void *scratch) {
    int d = from.head_width, e = up16(d), n = up16(from.tokens), tokens = from.tokens;
    float *s = scratch;
    vtrack_bf16 *p = (vtrack_bf16 *)(s + (size_t)at_once * n);
    for (int h = 0; h < from.heads; h++) {
        const uint32_t *keys = (const uint32_t *)from.keys + (size_t)h * n * (e / 2);
        const uint32_t *values = (const uint32_t *)from.values + (size_t)h * (n / 2) * e;
        for (int row = 0; row < rows; row += at_once) {
            const uint32_t *q[at_once];
            for (int r = 0; r < at_once; r++) {
                int index = row + r < rows ? row + r : rows - 1;
                q[r] = (const uint32_t *)from.queries + ((size_t)h * from.query_tokens + first + index) * (e / 2);
            }
            for (int b = 0; b < n / 16;) {
                int width = run_length(n / 16, b);
#define CALL(w) scores_bf16(q, keys + (size_t)b * 8 * e, (d + 1) / 2, e, w, s, n, 16 * b)
                WITH_WIDTH(width, CALL)
#undef CALL
                b += width;
            }
            if (bias) add_biases(s, n, bias, h, first, row, rows);
            float scale[at_once];
            for (int r = 0; r < at_once; r++)
                scale[r] = 1 / exponentials_bf16(s + (size_t)r * n, tokens, n, p + (size_t)r * n);
            for (int b = 0; b < e / 16;) {
                int width = run_length(e / 16, b);
                v16 sum[at_once][4];
#define CALL(w) mix_bf16((const uint32_t *)p, n, tokens, values + 16 * b, e, w, sum)
                WITH_WIDTH(width, CALL)
#undef CALL
                for (int r = 0; r < at_once && row + r < rows; r++)
                    for (int j = 0; j < width; j++) {
                        int channel = 16 * (b + j), count = d - channel < 16 ? d - channel : 16;
                        vtrack_bf16 *to = context + ((size_t)(row + r) * from.heads + h) * d + channel;
                        if (count == 16) store_bf16(to, sum[r][j] * scale[r]);
                        else store_some_bf16(to, sum[r][j] * scale[r], count);
                    }
                b += width;
            }
        }
    }
}
