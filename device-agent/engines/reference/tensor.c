/* SPDX-License-Identifier: Apache-2.0 */
#include "tensor.h"

#include "bytes.h"
#include "number.h"

enum { TENSOR_SHAPE, TENSOR_TYPE, TENSOR_BUFFER, TENSOR_QUANTIZATION = 4, TENSOR_VARIABLE, TENSOR_SPARSITY };
enum { QUANT_SCALE = 2, QUANT_ZERO_POINT, QUANT_DETAILS_TYPE, QUANT_DIMENSION = 6 };
enum { BUFFER_DATA, BUFFER_OFFSET };

static const char* const kTypeNames[] = {
    "FLOAT32", "FLOAT16",   "INT32",  "UINT8",   "INT64",      "STRING", "BOOL",
    "INT16",   "COMPLEX64", "INT8",   "FLOAT64", "COMPLEX128", "UINT64", "RESOURCE",
    "VARIANT", "UINT32",    "UINT16", "INT4",    "BFLOAT16",
};

const char* thil_tensor_type_name(uint8_t type) {
  if (type == THIL_TYPE_EMPTY) {
    return "empty";
  }
  return type < sizeof kTypeNames / sizeof *kTypeNames ? kTypeNames[type] : "an unknown type";
}

/* LSTM layers name such tensors as their intermediates. */
static void make_empty(thil_tensor* tensor) {
  tensor->type = THIL_TYPE_EMPTY;
  tensor->rank = 0;
  tensor->bytes = 0;
  for (uint32_t i = 0; i < THIL_TENSOR_MAX_RANK; i++) {
    tensor->dims[i] = 1;
  }
}

static const char* read_shape(const thil_graph_view* view, const thil_fb_table* table, thil_tensor* tensor) {
  thil_fb_vector shape = thil_fb_list(view->fb, table, TENSOR_SHAPE, 4);
  if (shape.count > THIL_TENSOR_MAX_RANK) {
    return "more than 4 dimensions";
  }
  uint64_t elements = 1;
  tensor->rank = (uint8_t)shape.count;
  for (uint32_t i = 0; i < THIL_TENSOR_MAX_RANK; i++) {
    int32_t dim = thil_fb_at_i32(view->fb, &shape, i, 1);
    if (dim < 0 || dim > THIL_DIM_MAX) {
      return dim < 0 ? "a dynamic dimension" : "a dimension over 2^20";
    }
    if (dim == 0) {
      make_empty(tensor);
      return NULL;
    }
    tensor->dims[i] = (uint32_t)dim;
    elements *= (uint32_t)dim;
    if (elements > INT32_MAX / 4) {
      return "more than 2 GiB";
    }
  }
  tensor->bytes = (uint32_t)elements * thil_number_width(tensor->type);
  return NULL;
}

static bool zero_point_fits(const thil_tensor* tensor, int64_t zero_point) {
  switch (tensor->type) {
    case THIL_TYPE_INT8:
      return zero_point >= INT8_MIN && zero_point <= INT8_MAX;
    case THIL_TYPE_UINT8:
      return zero_point >= 0 && zero_point <= UINT8_MAX;
    case THIL_TYPE_INT16:
      return zero_point >= INT16_MIN && zero_point <= INT16_MAX;
    default:
      return zero_point == 0;
  }
}

static bool scale_is_usable(float scale) {
  return scale >= 1.17549435e-38f && scale <= 3.4e38f; /* normal, finite, positive; false for NaN */
}

static const char* read_quantization(const thil_graph_view* view, const thil_fb_table* table,
                                     thil_tensor* tensor) {
  thil_fb* fb = view->fb;
  thil_fb_table quant = thil_fb_child(fb, table, TENSOR_QUANTIZATION);
  thil_fb_vector scales = thil_fb_list(fb, &quant, QUANT_SCALE, 4);
  thil_fb_vector zeros = thil_fb_list(fb, &quant, QUANT_ZERO_POINT, 8);
  if (thil_fb_u8(fb, &quant, QUANT_DETAILS_TYPE, 0) != 0) {
    return "a custom quantisation";
  }
  if (scales.count == 0 || tensor->type == THIL_TYPE_FLOAT32) {
    return NULL;
  }
  if (scales.count > THIL_SCALES_MAX) {
    return "more than 4096 scales";
  }
  tensor->scales = fb->bytes + scales.pos;
  tensor->scale_count = scales.count;
  tensor->quantized_dimension = (uint8_t)thil_fb_i32(fb, &quant, QUANT_DIMENSION, 0);
  for (uint32_t i = 0; i < scales.count; i++) {
    int64_t zero = i < zeros.count ? thil_bytes_i64(fb->bytes + zeros.pos + 8 * i) : 0;
    if (!scale_is_usable(thil_tensor_scale(tensor, i)) || !zero_point_fits(tensor, zero)) {
      return "an impossible scale or zero point";
    }
    if (i == 0) {
      tensor->zero_point = (int32_t)zero;
    } else if (zero != tensor->zero_point) {
      return "zero points that differ by channel";
    }
  }
  return NULL;
}

static const char* read_constant(const thil_graph_view* view, const thil_fb_table* table,
                                 thil_tensor* tensor) {
  uint32_t index = thil_fb_u32(view->fb, table, TENSOR_BUFFER, 0);
  if (index == 0) {
    return NULL;
  }
  thil_fb_table buffer = thil_fb_entry(view->fb, &view->buffers, index);
  thil_fb_vector data = thil_fb_list(view->fb, &buffer, BUFFER_DATA, 1);
  if (data.count == 0) {
    return thil_fb_has(view->fb, &buffer, BUFFER_OFFSET) ? "data outside the flatbuffer" : NULL;
  }
  tensor->constant = view->fb->bytes + data.pos;
  return tensor->bytes != 0 && data.count != tensor->bytes ? "data of the wrong size" : NULL;
}

thil_engine_status thil_tensor_read(const thil_graph_view* view, uint32_t index, thil_tensor* tensor,
                                    const char** why) {
  thil_fb* fb = view->fb;
  memset(tensor, 0, sizeof *tensor);
  thil_fb_table table = thil_fb_entry(fb, &view->tensors, index);
  tensor->root = (uint16_t)index;
  tensor->type = thil_fb_u8(fb, &table, TENSOR_TYPE, THIL_TYPE_FLOAT32);
  *why = read_shape(view, &table, tensor);
  if (!*why && tensor->type != THIL_TYPE_EMPTY) {
    *why = read_quantization(view, &table, tensor);
  }
  if (!*why) {
    *why = read_constant(view, &table, tensor);
  }
  bool is_variable = thil_fb_u8(fb, &table, TENSOR_VARIABLE, 0) != 0;
  if (!*why && ((is_variable && tensor->constant) || thil_fb_has(fb, &table, TENSOR_SPARSITY))) {
    *why = is_variable ? "a first value of its own" : "sparsity";
  }
  tensor->keeps = is_variable; /* THIL_KEEPS_STATE */
  tensor->produced = is_variable;
  if (fb->broken) {
    *why = "offsets outside the image";
    return THIL_ENGINE_MALFORMED;
  }
  return *why ? THIL_ENGINE_UNSUPPORTED : THIL_ENGINE_OK;
}

bool thil_tensor_describe(const thil_tensor* tensor, thil_tensor_info* info) {
  static const uint8_t dtypes[] = {
      [THIL_TYPE_FLOAT32] = THIL_DTYPE_FLOAT32, [THIL_TYPE_INT32] = THIL_DTYPE_INT32,
      [THIL_TYPE_UINT8] = THIL_DTYPE_UINT8,     [THIL_TYPE_INT16] = THIL_DTYPE_INT16,
      [THIL_TYPE_INT8] = THIL_DTYPE_INT8,
  };
  memset(info, 0, sizeof *info);
  info->dtype = tensor->type < sizeof dtypes ? dtypes[tensor->type] : 0;
  info->rank = tensor->rank;
  memcpy(info->dims, tensor->dims, sizeof info->dims);
  info->bytes = tensor->bytes;
  info->scale = tensor->scale_count ? thil_tensor_scale(tensor, 0) : 0.0f;
  info->zero_point = tensor->zero_point;
  return info->dtype != 0 && tensor->scale_count <= 1;
}

uint32_t thil_tensor_elements(const thil_tensor* tensor) {
  return tensor->dims[0] * tensor->dims[1] * tensor->dims[2] * tensor->dims[3];
}

uint32_t thil_tensor_span(const thil_tensor* tensor, uint32_t from, uint32_t to) {
  uint32_t product = 1;
  for (uint32_t i = from; i < to; i++) {
    product *= tensor->dims[i];
  }
  return product;
}

bool thil_tensor_same_quantisation(const thil_tensor* a, const thil_tensor* b) {
  if (a->scale_count != b->scale_count || a->zero_point != b->zero_point || a->scale_count > 1) {
    return false;
  }
  return a->scale_count == 0 || memcmp(a->scales, b->scales, sizeof(float)) == 0;
}

bool thil_tensor_same_shape(const thil_tensor* a, const thil_tensor* b) {
  return a->rank == b->rank && memcmp(a->dims, b->dims, sizeof a->dims) == 0;
}

float thil_tensor_scale(const thil_tensor* tensor, uint32_t channel) {
  return thil_bytes_f32(tensor->scales + (tensor->scale_count > 1 ? 4 * channel : 0));
}
