/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_engine.h"

#include <string.h>

enum { GAP = 4 /* bytes between tensors: whoever takes them for one piece is found out */ };

struct thil_engine_model {
  uint16_t sizes[2]; /* by thil_tensor_role: of all tensors */
  uint8_t counts[2];
  uint8_t bias;
  uint8_t dtype;     /* 0: int8, and the output is computed */
  uint8_t tensors[]; /* inputs, then outputs, each with a gap behind it */
};

static bool model_is_fixed;
static void (*on_invoke)(void);
static uint32_t resets;
static uint8_t output_bias;
static uint32_t layers;
static void (*on_layer)(void);

void fake_engine_fix_model(bool fixed) { model_is_fixed = fixed; }
void fake_engine_on_invoke(void (*callback)(void)) { on_invoke = callback; }

void fake_engine_tell_layers(uint32_t count, void (*callback)(void)) {
  layers = count;
  on_layer = callback;
}

void fake_engine_add_to_outputs(uint8_t bias) { output_bias = bias; }

const char* thil_engine_name(void) { return "fake"; }
bool thil_engine_checks_models(void) { return true; }

bool thil_engine_loads_models(void) { return !model_is_fixed; }

static uint16_t u16_at(const uint8_t* at) { return (uint16_t)(at[0] | at[1] << 8); }

thil_engine_status thil_engine_load(const thil_engine_memory* memory, thil_engine_model** model,
                                    thil_engine_report* report) {
  static const uint8_t compiled_in[FAKE_IMAGE_SIZE] = {'F', 0, 4, 0, 2, 0, 0};
  const uint8_t* image = memory->image;
  size_t size = memory->image_size;
  *model = NULL;
  if (model_is_fixed) {
    image = compiled_in;
    size = sizeof compiled_in;
  }
  if (size < FAKE_IMAGE_SIZE || image[0] != 'F') {
    memcpy(report->detail, "no F", sizeof "no F");
    return THIL_ENGINE_MALFORMED;
  }
  uint8_t inputs = size > FAKE_COUNTS ? image[FAKE_COUNTS] : 1;
  uint8_t outputs = size > FAKE_COUNTS + 1 ? image[FAKE_COUNTS + 1] : 1;
  if (inputs == 0 || outputs == 0 || inputs > THIL_TENSORS_MAX || outputs > THIL_TENSORS_MAX) {
    return THIL_ENGINE_MALFORMED;
  }
  size_t tensors = (size_t)u16_at(image + 2) + u16_at(image + 4);
  size_t gaps = (size_t)(inputs + outputs) * GAP;
  report->arena_needed = (uint32_t)(sizeof(thil_engine_model) + tensors + gaps);
  if (image[1] == FAKE_CRASH) __builtin_trap();
  if (image[1] == THIL_ENGINE_UNSUPPORTED) memcpy(report->detail, "operator FAKE", sizeof "operator FAKE");
  if (image[1] != THIL_ENGINE_OK) return (thil_engine_status)image[1];
  if (report->arena_needed > memory->arena_size) return THIL_ENGINE_ARENA_TOO_SMALL;
  *model = (thil_engine_model*)(void*)memory->arena;
  (*model)->sizes[THIL_INPUT] = u16_at(image + 2);
  (*model)->sizes[THIL_OUTPUT] = u16_at(image + 4);
  (*model)->counts[THIL_INPUT] = inputs;
  (*model)->counts[THIL_OUTPUT] = outputs;
  (*model)->bias = image[6];
  (*model)->dtype = size > FAKE_IMAGE_SIZE ? image[FAKE_IMAGE_SIZE] : 0;
  return THIL_ENGINE_OK;
}

/* All but the last tensor of a role are equally large. */
static uint32_t share_of(const thil_engine_model* model, thil_tensor_role role) {
  return (uint32_t)model->sizes[role] / model->counts[role];
}

/* Byte `at` of all inputs, or outputs, one after the other. */
static uint8_t* byte_of(const thil_engine_model* model, thil_tensor_role role, size_t at) {
  uint32_t share = share_of(model, role);
  size_t last = model->counts[role] - 1u;
  size_t index = share != 0 && at / share < last ? at / share : last;
  size_t before =
      role == THIL_OUTPUT ? model->sizes[THIL_INPUT] + (size_t)model->counts[THIL_INPUT] * GAP : 0;
  return (uint8_t*)(uintptr_t)model->tensors + before + at + index * GAP;
}

static uint32_t size_of(const thil_engine_model* model, thil_tensor_role role, uint32_t index) {
  uint32_t share = share_of(model, role);
  return index + 1 < model->counts[role] ? share : model->sizes[role] - index * share;
}

static uint8_t* tensor_of(const thil_engine_model* model, thil_tensor_role role, uint32_t index) {
  return byte_of(model, role, (size_t)index * share_of(model, role));
}

uint8_t* thil_engine_tensor(const thil_engine_model* model, thil_tensor_role role, uint32_t index,
                            thil_tensor_info* to) {
  if (index >= model->counts[role]) return NULL;
  uint32_t bytes = size_of(model, role, index);
  const thil_tensor_info info = {
      THIL_DTYPE_INT8, 2, {1, bytes, 1, 1}, 0.5f, role == THIL_INPUT ? -1 : 3, bytes};
  *to = info;
  if (role == THIL_OUTPUT && model->dtype != 0) to->dtype = model->dtype;
  return tensor_of(model, role, index);
}

/* Of no fixed depth to the compiler, which would make a loop of it, or refuse it. */
static uint8_t overflow(const volatile uint8_t* above) {
  volatile uint8_t here[64];
  here[0] = *above;
  return here[0] == FAKE_OVERFLOW ? (uint8_t)(overflow(here) + here[0]) : 0;
}

static thil_engine_status begin(uint8_t first) {
  switch (first) {
    case FAKE_OVERFLOW:
      (void)overflow(&first);
      break;
    case FAKE_CRASH:
      __builtin_trap();
    case FAKE_HANG:
      for (;;) {
      }
    case FAKE_POISON:
      return THIL_ENGINE_INVOKE_FAILED;
    default:
      break;
  }
  return THIL_ENGINE_OK;
}

static void copy_input(const thil_engine_model* model) {
  for (size_t i = 0; i < model->sizes[THIL_OUTPUT] && i < model->sizes[THIL_INPUT]; ++i) {
    *byte_of(model, THIL_OUTPUT, i) = *byte_of(model, THIL_INPUT, i);
  }
}

/* The sum of an input, which is spoilt. */
static uint8_t take(uint8_t* input, uint32_t size) {
  uint8_t sum = 0;
  for (uint32_t i = 0; i < size; ++i) sum = (uint8_t)(sum + input[i]);
  memset(input, 0x5A, size);
  return sum;
}

void thil_engine_reset(thil_engine_model* model) {
  (void)model;
  resets++;
}

uint32_t fake_engine_resets(void) { return resets; }

thil_engine_status thil_engine_invoke(thil_engine_model* model) {
  uint8_t sum = (uint8_t)(model->bias + output_bias);
  if (on_invoke != NULL) on_invoke();
  if (model->dtype != 0) {
    copy_input(model);
    return THIL_ENGINE_OK;
  }
  thil_engine_status status =
      model->sizes[THIL_INPUT] > 0 ? begin(*byte_of(model, THIL_INPUT, 0)) : THIL_ENGINE_OK;
  if (status != THIL_ENGINE_OK) return status;
  for (uint32_t index = 0; index < model->counts[THIL_INPUT]; ++index) {
    sum = (uint8_t)(sum + take(tensor_of(model, THIL_INPUT, index), size_of(model, THIL_INPUT, index)));
  }
  for (uint32_t index = 0; index < model->counts[THIL_OUTPUT]; ++index) {
    uint8_t* output = tensor_of(model, THIL_OUTPUT, index);
    const uint32_t size = size_of(model, THIL_OUTPUT, index);
    for (uint32_t i = 0; i < size; ++i) output[i] = sum++;
  }
  return THIL_ENGINE_OK;
}

bool thil_engine_tells_layers(void) { return layers != 0; }

thil_engine_status thil_engine_invoke_layers(thil_engine_model* model, thil_layer_ended* ended,
                                             void* context) {
  thil_engine_status status = thil_engine_invoke(model);
  for (uint32_t i = 0; i < layers; ++i) {
    if (on_layer != NULL) on_layer();
    ended(context);
  }
  return status;
}
