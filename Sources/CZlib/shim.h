// What Swift needs of zlib: its header, and static inline twins of what the importer cannot see or what takes pointers
// that have to be moved.
#ifndef VTRACK_CZLIB_SHIM_H
#define VTRACK_CZLIB_SHIM_H

#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

/// Prepares a stream for deflate data without a wrapper, as ZIP archives hold it. inflateInit2 is a macro.
static inline int vtrack_inflate_init_raw(z_stream *stream) {
    return inflateInit2(stream, -MAX_WBITS);
}

/// Decompresses from `input + inputStart` into `output + outputStart`. The counts say how many bytes there are, and
/// afterwards how many were used and made. The stream keeps neither pointer, so that arrays may move between calls.
static inline int vtrack_inflate_step(
    z_stream *stream, const uint8_t *input, size_t inputStart, uint32_t *inputCount, uint8_t *output,
    size_t outputStart, uint32_t *outputCount) {
    stream->next_in = (Bytef *)(input + inputStart);
    stream->avail_in = *inputCount;
    stream->next_out = output + outputStart;
    stream->avail_out = *outputCount;
    int status = inflate(stream, Z_NO_FLUSH);
    *inputCount -= stream->avail_in;
    *outputCount -= stream->avail_out;
    stream->next_in = NULL;
    stream->avail_in = 0;
    stream->next_out = NULL;
    stream->avail_out = 0;
    return status;
}

#endif
