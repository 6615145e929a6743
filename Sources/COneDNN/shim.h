// What Swift needs of oneDNN's C interface. Differences between oneDNN 2.x and 3.x are bridged here and nowhere else:
// 2.x describes an operation in a structure and memory by value, 3.x makes both in one call and by pointer.
#ifndef VTRACK_CONEDNN_SHIM_H
#define VTRACK_CONEDNN_SHIM_H

#include <oneapi/dnnl/dnnl.h>

// The order of a tensor's numbers in memory.
typedef struct {
    dnnl_memory_desc_t value;
} vtrack_layout;

// What follows a matrix product before its result is written.
enum { vtrack_add_to_destination = 1, vtrack_gelu = 2, vtrack_gelu_tanh = 4, vtrack_quick_gelu = 8 };

#if DNNL_VERSION_MAJOR >= 3

static inline dnnl_status_t vtrack_layout_strided(
    vtrack_layout *layout, int rank, const int64_t *sizes, const int64_t *strides, dnnl_data_type_t type) {
    return dnnl_memory_desc_create_with_strides(&layout->value, rank, sizes, type, strides);
}

// The library chooses the order, to be asked for after the primitive has been made.
static inline dnnl_status_t vtrack_layout_any(
    vtrack_layout *layout, int rank, const int64_t *sizes, dnnl_data_type_t type) {
    return dnnl_memory_desc_create_with_tag(&layout->value, rank, sizes, type, dnnl_format_tag_any);
}

static inline void vtrack_layout_destroy(vtrack_layout *layout) { dnnl_memory_desc_destroy(layout->value); }

static inline size_t vtrack_layout_size(const vtrack_layout *layout) {
    return layout->value ? dnnl_memory_desc_get_size(layout->value) : 0;
}

static inline dnnl_status_t vtrack_query_layout(
    vtrack_layout *layout, const_dnnl_primitive_desc_t description, dnnl_query_t what) {
    const_dnnl_memory_desc_t found = dnnl_primitive_desc_query_md(description, what, 0);
    if (!found) return dnnl_unimplemented;
    return dnnl_memory_desc_clone(&layout->value, found);
}

static inline dnnl_status_t vtrack_memory_create(
    dnnl_memory_t *memory, const vtrack_layout *layout, dnnl_engine_t engine, void *data) {
    return dnnl_memory_create(memory, layout->value, engine, data);
}

#define VTRACK_DESCRIPTION(layout) ((layout)->value)

#else

static inline dnnl_status_t vtrack_layout_strided(
    vtrack_layout *layout, int rank, const int64_t *sizes, const int64_t *strides, dnnl_data_type_t type) {
    return dnnl_memory_desc_init_by_strides(&layout->value, rank, sizes, type, strides);
}

// The library chooses the order, to be asked for after the primitive has been made.
static inline dnnl_status_t vtrack_layout_any(
    vtrack_layout *layout, int rank, const int64_t *sizes, dnnl_data_type_t type) {
    return dnnl_memory_desc_init_by_tag(&layout->value, rank, sizes, type, dnnl_format_tag_any);
}

static inline void vtrack_layout_destroy(vtrack_layout *layout) { (void)layout; }

static inline size_t vtrack_layout_size(const vtrack_layout *layout) {
    return dnnl_memory_desc_get_size(&layout->value);
}

static inline dnnl_status_t vtrack_query_layout(
    vtrack_layout *layout, const_dnnl_primitive_desc_t description, dnnl_query_t what) {
    const dnnl_memory_desc_t *found = dnnl_primitive_desc_query_md(description, what, 0);
    if (!found) return dnnl_unimplemented;
    layout->value = *found;
    return dnnl_success;
}

static inline dnnl_status_t vtrack_memory_create(
    dnnl_memory_t *memory, const vtrack_layout *layout, dnnl_engine_t engine, void *data) {
    return dnnl_memory_create(memory, &layout->value, engine, data);
}

#define VTRACK_DESCRIPTION(layout) (&(layout)->value)

#endif

// Attributes: scratch memory comes from the caller, and what follows the operation.
static inline dnnl_status_t vtrack_attributes(dnnl_primitive_attr_t *attributes, int after) {
    dnnl_status_t status = dnnl_primitive_attr_create(attributes);
    if (status != dnnl_success) return status;
    status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
    dnnl_post_ops_t operations;
    if (status == dnnl_success) status = dnnl_post_ops_create(&operations);
    if (status != dnnl_success) return status;
    if (after & vtrack_add_to_destination) {
#if DNNL_VERSION_MAJOR >= 3
        status = dnnl_post_ops_append_sum(operations, 1.0f, 0, dnnl_data_type_undef);
#else
        status = dnnl_post_ops_append_sum(operations, 1.0f);
#endif
    }
    if (status == dnnl_success && (after & ~vtrack_add_to_destination)) {
        // Swish is x·sigmoid(alpha·x).
        dnnl_alg_kind_t kind = after & vtrack_gelu        ? dnnl_eltwise_gelu_erf
                               : after & vtrack_gelu_tanh ? dnnl_eltwise_gelu_tanh
                                                          : dnnl_eltwise_swish;
        float alpha = after & vtrack_quick_gelu ? 1.702f : 0.0f;
#if DNNL_VERSION_MAJOR >= 3
        status = dnnl_post_ops_append_eltwise(operations, kind, alpha, 0.0f);
#else
        status = dnnl_post_ops_append_eltwise(operations, 1.0f, kind, alpha, 0.0f);
#endif
    }
    if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*attributes, operations);
    dnnl_post_ops_destroy(operations);
    return status;
}

// destination = source · weights (+ bias) (then what `after` says); `bias` may be null.
static inline dnnl_status_t vtrack_matmul(
    dnnl_primitive_desc_t *description, dnnl_engine_t engine, const vtrack_layout *source,
    const vtrack_layout *weights, const vtrack_layout *bias, const vtrack_layout *destination, int after) {
    dnnl_primitive_attr_t attributes;
    dnnl_status_t status = vtrack_attributes(&attributes, after);
    if (status != dnnl_success) return status;
#if DNNL_VERSION_MAJOR >= 3
    status = dnnl_matmul_primitive_desc_create(
        description, engine, source->value, weights->value, bias ? bias->value : 0, destination->value, attributes);
#else
    dnnl_matmul_desc_t operation;
    status = dnnl_matmul_desc_init(
        &operation, &source->value, &weights->value, bias ? &bias->value : 0, &destination->value);
    if (status == dnnl_success) status = dnnl_primitive_desc_create(description, &operation, attributes, engine, 0);
#endif
    dnnl_primitive_attr_destroy(attributes);
    return status;
}

// A copy that changes the order of the numbers.
static inline dnnl_status_t vtrack_reorder(
    dnnl_primitive_desc_t *description, dnnl_engine_t engine, const vtrack_layout *source,
    const vtrack_layout *destination) {
    return dnnl_reorder_primitive_desc_create(
        description, VTRACK_DESCRIPTION(source), engine, VTRACK_DESCRIPTION(destination), engine, 0);
}

// The name of the kernel that was chosen; never null.
static inline const char *vtrack_implementation(const_dnnl_primitive_desc_t description) {
    const char *name = 0;
    if (dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name) != dnnl_success) return "";
    return name ? name : "";
}

// Arguments are macros in C, which Swift cannot import where they are computed.
enum {
    vtrack_argument_source = DNNL_ARG_SRC,
    vtrack_argument_destination = DNNL_ARG_DST,
    vtrack_argument_weights = DNNL_ARG_WEIGHTS,
    vtrack_argument_bias = DNNL_ARG_BIAS,
    vtrack_argument_scratchpad = DNNL_ARG_SCRATCHPAD
};

#endif
