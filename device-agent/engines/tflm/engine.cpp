// SPDX-License-Identifier: Apache-2.0
// TensorFlow Lite for Microcontrollers behind engine.h. The interpreter lies at the front of the arena it
// plans.
#include <cstring>
#include <initializer_list>
#include <new>

#include "debug_log.h"
#include "tensorflow/lite/micro/micro_interpreter.h"
#include "tensorflow/lite/schema/schema_generated.h"
#include "thil/engine.h"
#include "thil/tflm.h"

struct thil_engine_model {
  mutable tflite::MicroInterpreter interpreter;  // which gives its tensors only where it may change
  bool is_reset = true;
};

namespace {

constexpr size_t kAlignment = 16;  // of TFLM's arena, as of ours
constexpr size_t kOwnSize = (sizeof(thil_engine_model) + kAlignment - 1) / kAlignment * kAlignment;

thil_engine_status refuse(thil_engine_report* report, thil_engine_status status, const char* why) {
  std::strncpy(report->detail, why, sizeof report->detail - 1);
  return status;
}

uint8_t dtype_of(TfLiteType type) {
  switch (type) {
    case kTfLiteInt8:
      return THIL_DTYPE_INT8;
    case kTfLiteUInt8:
      return THIL_DTYPE_UINT8;
    case kTfLiteInt16:
      return THIL_DTYPE_INT16;
    case kTfLiteInt32:
      return THIL_DTYPE_INT32;
    case kTfLiteFloat32:
      return THIL_DTYPE_FLOAT32;
    default:
      return 0;
  }
}

size_t count_of(const thil_engine_model& model, thil_tensor_role role) {
  return role == THIL_INPUT ? model.interpreter.inputs_size() : model.interpreter.outputs_size();
}

TfLiteTensor* tensor_of(const thil_engine_model& model, thil_tensor_role role, size_t index) {
  return role == THIL_INPUT ? model.interpreter.input(index) : model.interpreter.output(index);
}

bool is_described(const TfLiteTensor* tensor) {
  return tensor != nullptr && dtype_of(tensor->type) != 0 && tensor->dims->size <= THIL_TENSOR_MAX_RANK;
}

void describe(const TfLiteTensor& from, thil_tensor_info* to) {
  *to = thil_tensor_info{};
  to->dtype = dtype_of(from.type);
  to->rank = static_cast<uint8_t>(from.dims->size);
  for (int i = 0; i < THIL_TENSOR_MAX_RANK; ++i)
    to->dims[i] = i < from.dims->size ? static_cast<uint32_t>(from.dims->data[i]) : 1;
  to->bytes = static_cast<uint32_t>(from.bytes);
  to->scale = from.params.scale;
  to->zero_point = from.params.zero_point;
}

// What flatbuffers can tell: that every table and vector lies within the image. Indices and options are
// TFLM's to believe.
const tflite::Model* model_in(const uint8_t* image, size_t size) {
  flatbuffers::Verifier verifier(image, size);
  return tflite::VerifyModelBuffer(verifier) ? tflite::GetModel(image) : nullptr;
}

thil_engine_status prepare(thil_engine_model& model, thil_engine_report* report) {
  thil_tflm_log_begin(report->detail, sizeof report->detail);
  const TfLiteStatus allocated = model.interpreter.AllocateTensors();
  thil_tflm_log_end();
  if (allocated != kTfLiteOk) {
    return report->detail[0] != '\0' ? THIL_ENGINE_LOAD_FAILED
                                     : refuse(report, THIL_ENGINE_LOAD_FAILED, "TFLM gave no reason");
  }
  report->detail[0] = '\0';
  for (const thil_tensor_role role : {THIL_INPUT, THIL_OUTPUT}) {
    const size_t count = count_of(model, role);
    if (count == 0 || count > THIL_TENSORS_MAX)
      return refuse(report, THIL_ENGINE_UNSUPPORTED, "no inputs or outputs, or more than 8");
    for (size_t i = 0; i < count; ++i) {
      if (!is_described(tensor_of(model, role, i)))
        return refuse(report, THIL_ENGINE_UNSUPPORTED, "an input or output of another type or rank");
    }
  }
  return THIL_ENGINE_OK;
}

}  // namespace

extern "C" {

const char* thil_engine_name(void) { return "tflm"; }

bool thil_engine_loads_models(void) { return true; }

bool thil_engine_checks_models(void) { return false; }

thil_engine_status thil_engine_load(const thil_engine_memory* memory, thil_engine_model** model,
                                    thil_engine_report* report) {
  *model = nullptr;
  *report = thil_engine_report{};
  const tflite::Model* graph = model_in(memory->image, memory->image_size);
  if (graph == nullptr) return refuse(report, THIL_ENGINE_MALFORMED, "the flatbuffer is damaged");
  if (graph->version() != TFLITE_SCHEMA_VERSION)
    return refuse(report, THIL_ENGINE_UNSUPPORTED, "another version of the .tflite schema");
  if (memory->arena_size <= kOwnSize)
    return refuse(report, THIL_ENGINE_LOAD_FAILED, "the arena has no room for TFLM itself");
  auto* made = new (memory->arena) thil_engine_model{
      {graph, thil_tflm_operators(), memory->arena + kOwnSize, memory->arena_size - kOwnSize}};
  const thil_engine_status status = prepare(*made, report);
  if (status != THIL_ENGINE_OK) return status;
  report->arena_needed = static_cast<uint32_t>(kOwnSize + made->interpreter.arena_used_bytes());
  *model = made;
  return THIL_ENGINE_OK;
}

uint8_t* thil_engine_tensor(const thil_engine_model* model, thil_tensor_role role, uint32_t index,
                            thil_tensor_info* to) {
  if (index >= count_of(*model, role)) return nullptr;
  const TfLiteTensor* tensor = tensor_of(*model, role, index);
  describe(*tensor, to);
  return tensor->data.uint8;
}

void thil_engine_reset(thil_engine_model* model) {
  model->is_reset = model->interpreter.Reset() == kTfLiteOk;
}

thil_engine_status thil_engine_invoke(thil_engine_model* model) {
  return model->is_reset && model->interpreter.Invoke() == kTfLiteOk ? THIL_ENGINE_OK
                                                                     : THIL_ENGINE_INVOKE_FAILED;
}

bool thil_engine_tells_layers(void) { return false; }

thil_engine_status thil_engine_invoke_layers(thil_engine_model* model, thil_layer_ended* /*ended*/,
                                             void* /*context*/) {
  return thil_engine_invoke(model);
}

}  // extern "C"
