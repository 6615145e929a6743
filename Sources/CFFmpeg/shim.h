// What Swift needs of FFmpeg: its headers, and static inline twins of the macros and variadic functions
// that the importer cannot see.
#ifndef VTRACK_CFFMPEG_SHIM_H
#define VTRACK_CFFMPEG_SHIM_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/cpu.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

// Macros made of casts are not imported.
static const int vtrack_AVERROR_EOF = AVERROR_EOF;
static const int vtrack_AVERROR_EXIT = AVERROR_EXIT;
static const int vtrack_AVERROR_INVALIDDATA = AVERROR_INVALIDDATA;
static const int64_t vtrack_AV_NOPTS_VALUE = AV_NOPTS_VALUE;

/// The display matrix (nine numbers) that the container gives a stream, or NULL.
/// Where it lives changed in libavformat 61.
static inline const int32_t *vtrack_stream_display_matrix(const AVStream *stream) {
#if LIBAVFORMAT_VERSION_MAJOR >= 61
    const AVPacketSideData *data = av_packet_side_data_get(
        stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    return data && data->size >= 9 * sizeof(int32_t) ? (const int32_t *)data->data : NULL;
#else
    size_t size = 0;
    const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    return data && size >= 9 * sizeof(int32_t) ? (const int32_t *)data : NULL;
#endif
}

/// The display matrix (nine numbers) that the bitstream gives one frame, or NULL.
static inline const int32_t *vtrack_frame_display_matrix(const AVFrame *frame) {
    const AVFrameSideData *data = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    return data && data->size >= 9 * sizeof(int32_t) ? (const int32_t *)data->data : NULL;
}

/// Whether plane `plane` of a frame holds pixels (and is not a palette or absent).
static inline int vtrack_plane_has_pixels(const AVFrame *frame, int plane) {
    const AVPixFmtDescriptor *descriptor = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    if (!descriptor || plane < 0 || plane >= 4 || !frame->data[plane]) return 0;
    return !((descriptor->flags & AV_PIX_FMT_FLAG_PAL) && plane == 1);
}

/// Bytes between the rows of a plane; negative where the picture lies bottom-up in memory.
static inline int vtrack_stride(const AVFrame *frame, int plane) {
    return frame->linesize[plane];
}

/// First byte of a plane. Fixed-size C arrays become tuples in Swift, hence this and `vtrack_stride`.
static inline uint8_t *vtrack_plane(const AVFrame *frame, int plane) {
    return frame->data[plane];
}

/// Runs a scaler over the `height` rows of a frame that start at pixel (x, y), which the caller has aligned to whole
/// chroma samples and whole bytes, into planes of green, blue and red that are `planeBytes` apart.
/// Here because sws_scale takes arrays of pointers.
static inline int vtrack_scale_to_planes(
    struct SwsContext *scaler, const AVFrame *frame, int x, int y, int height, uint8_t *target, int targetStride,
    ptrdiff_t planeBytes) {
    const AVPixFmtDescriptor *descriptor = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    const uint8_t *source[4] = {0};
    int stride[4] = {0};
    uint8_t *targets[4] = {target, target + planeBytes, target + 2 * planeBytes, 0};
    int targetStrides[4] = {targetStride, targetStride, targetStride, 0};
    if (!descriptor) return AVERROR(EINVAL);
    for (int plane = 0; plane < 4; plane++) {
        source[plane] = frame->data[plane];
        stride[plane] = frame->linesize[plane];
        if (!vtrack_plane_has_pixels(frame, plane)) continue;
        int isChroma = (plane == 1 || plane == 2) && !(descriptor->flags & AV_PIX_FMT_FLAG_RGB);
        int columns = x ? av_image_get_linesize((enum AVPixelFormat)frame->format, x, plane) : 0;
        if (columns < 0) return columns;
        source[plane] += columns + (ptrdiff_t)(y >> (isChroma ? descriptor->log2_chroma_h : 0)) * stride[plane];
    }
    return sws_scale(scaler, source, stride, 0, height, targets, targetStrides);
}

/// Runs a scaler from one packed plane into a whole frame. Here because sws_scale takes arrays of pointers.
static inline int vtrack_scale_from_packed(
    struct SwsContext *scaler, const uint8_t *source, int sourceStride, int height, AVFrame *frame) {
    const uint8_t *sources[4] = {source, 0, 0, 0};
    int sourceStrides[4] = {sourceStride, 0, 0, 0};
    return sws_scale(scaler, sources, sourceStrides, 0, height, frame->data, frame->linesize);
}

/// Runs a scaler from one packed plane into planes of green, blue and red. Here for the same reason.
static inline int vtrack_scale_packed_to_planes(
    struct SwsContext *scaler, const uint8_t *source, int sourceStride, int height, uint8_t *target, int targetStride,
    ptrdiff_t planeBytes) {
    const uint8_t *sources[4] = {source, 0, 0, 0};
    int sourceStrides[4] = {sourceStride, 0, 0, 0};
    uint8_t *targets[4] = {target, target + planeBytes, target + 2 * planeBytes, 0};
    int targetStrides[4] = {targetStride, targetStride, targetStride, 0};
    return sws_scale(scaler, sources, sourceStrides, 0, height, targets, targetStrides);
}

#endif
