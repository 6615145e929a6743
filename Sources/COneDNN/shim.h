// What Swift needs of oneDNN's C interface. Differences between oneDNN 2.x and 3.x are bridged here and nowhere else.
#ifndef VTRACK_CONEDNN_SHIM_H
#define VTRACK_CONEDNN_SHIM_H

#include <oneapi/dnnl/dnnl.h>

#endif
