// Queries, keys and values into the layouts of CKernels.h. Included once per instruction set, after attention.h.

static void NAME(pack_queries_f32)(const float *rows, int count, vtrack_attention_input to) {
    int d = to.head_width, e = up16(d);
    for (int h = 0; h < to.heads; h++)
        for (int t = 0; t < count; t++)
            memcpy((float *)to.queries + ((size_t)h * to.query_tokens + t) * e, rows + ((size_t)t * to.heads + h) * d,
                   (size_t)d * sizeof(float));
}

static void NAME(pack_queries_bf16)(const vtrack_bf16 *rows, int count, vtrack_attention_input to) {
    int d = to.head_width, e = up16(d);
    for (int h = 0; h < to.heads; h++)
        for (int t = 0; t < count; t++)
            memcpy((vtrack_bf16 *)to.queries + ((size_t)h * to.query_tokens + t) * e,
                   rows + ((size_t)t * to.heads + h) * d, (size_t)d * sizeof(vtrack_bf16));
}

static void NAME(pack_f32)(const float *rows, int count, int first, int parts, vtrack_attention_input to) {
    int d = to.head_width, e = up16(d), n = up16(to.tokens), width = to.heads * d;
    for (int h = 0; h < to.heads; h++) {
        float *keys = (float *)to.keys + (size_t)h * n * e;
        for (int t = 0; t < count; t++) {
            const float *row = rows + (size_t)t * parts * width + h * d;
            int token = first + t;
            if (parts == 3) {
                memcpy((float *)to.queries + ((size_t)h * to.query_tokens + token) * e, row, (size_t)d * sizeof(float));
                row += width;
            }
            float *key = keys + (size_t)(token / 16) * 16 * e + token % 16;
            for (int i = 0; i < d; i++) key[(size_t)i * 16] = row[i];
            memcpy((float *)to.values + ((size_t)h * n + token) * e, row + width, (size_t)d * sizeof(float));
        }
    }
}

static void NAME(pack_bf16)(const vtrack_bf16 *rows, int count, int first, int parts, vtrack_attention_input to) {
    int d = to.head_width, e = up16(d), n = up16(to.tokens), width = to.heads * d;
    for (int h = 0; h < to.heads; h++) {
        uint32_t *keys = (uint32_t *)to.keys + (size_t)h * n * (e / 2);
        for (int t = 0; t < count; t++) {
            const vtrack_bf16 *row = rows + (size_t)t * parts * width + h * d;
            int token = first + t;
            if (parts == 3) {
                memcpy((vtrack_bf16 *)to.queries + ((size_t)h * to.query_tokens + token) * e, row,
                       (size_t)d * sizeof(vtrack_bf16));
                row += width;
            }
            uint32_t *key = keys + (size_t)(token / 16) * 8 * e + token % 16;
            for (int i = 0; i + 1 < d; i += 2) {
                uint32_t word;
                memcpy(&word, row + i, sizeof word);
                key[(size_t)i * 8] = word;
            }
            if (d % 2) key[(size_t)(d - 1) * 8] = row[d - 1];
        }
        // Tokens in twos, the lower half of a word being the even one.
        uint32_t *values = (uint32_t *)to.values + (size_t)h * (n / 2) * e;
        for (int t = 0; t < count; t += 2) {
            const vtrack_bf16 *low = rows + (size_t)t * parts * width + (parts - 1) * width + h * d;
            const vtrack_bf16 *high = low + (size_t)parts * width;
            uint32_t *words = values + (size_t)((first + t) / 2) * e;
            if (t + 1 < count)
                for (int i = 0; i < d; i++) words[i] = low[i] | (uint32_t)high[i] << 16;
            else
                for (int i = 0; i < d; i++) words[i] = low[i];
        }
    }
}
