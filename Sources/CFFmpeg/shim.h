// What Swift needs of FFmpeg: its headers, and static inline twins of the macros and variadic functions
// that the importer cannot see.
#ifndef VTRACK_CFFMPEG_SHIM_H
#define VTRACK_CFFMPEG_SHIM_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libswscale/swscale.h>

#endif
