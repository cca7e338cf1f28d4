/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_engine.h"

#include <string.h>

struct thil_engine_model {
  uint16_t input_size;
  uint16_t output_size;
  uint8_t bias;
  uint8_t dtype;     /* 0: int8, and the output is computed */
  uint8_t tensors[]; /* input, then output */
};

static bool model_is_fixed;
static void (*on_invoke)(void);
static uint8_t output_bias;

void fake_engine_fix_model(bool fixed) { model_is_fixed = fixed; }
void fake_engine_on_invoke(void (*callback)(void)) { on_invoke = callback; }

void fake_engine_add_to_outputs(uint8_t bias) { output_bias = bias; }

const char* thil_engine_name(void) { return "fake"; }
bool thil_engine_checks_models(void) { return true; }

bool thil_engine_loads_models(void) { return !model_is_fixed; }

static uint16_t u16_at(const uint8_t* at) { return (uint16_t)(at[0] | at[1] << 8); }

thil_engine_status thil_engine_load(const uint8_t* image, size_t size, uint8_t* arena, size_t arena_size,
                                    thil_engine_model** model, thil_engine_report* report) {
  static const uint8_t compiled_in[FAKE_IMAGE_SIZE] = {'F', 0, 4, 0, 2, 0, 0};
  *model = NULL;
  if (model_is_fixed) {
    image = compiled_in;
    size = sizeof compiled_in;
  }
  if (size < FAKE_IMAGE_SIZE || image[0] != 'F') {
    memcpy(report->detail, "no F", sizeof "no F");
    return THIL_ENGINE_MALFORMED;
  }
  size_t tensors = (size_t)u16_at(image + 2) + u16_at(image + 4);
  report->arena_needed = (uint32_t)(sizeof(thil_engine_model) + tensors);
  if (image[1] == FAKE_CRASH) __builtin_trap();
  if (image[1] == THIL_ENGINE_UNSUPPORTED) memcpy(report->detail, "operator FAKE", sizeof "operator FAKE");
  if (image[1] != THIL_ENGINE_OK) return (thil_engine_status)image[1];
  if (report->arena_needed > arena_size) return THIL_ENGINE_ARENA_TOO_SMALL;
  *model = (thil_engine_model*)(void*)arena;
  (*model)->input_size = u16_at(image + 2);
  (*model)->output_size = u16_at(image + 4);
  (*model)->bias = image[6];
  (*model)->dtype = size > FAKE_IMAGE_SIZE ? image[FAKE_IMAGE_SIZE] : 0;
  return THIL_ENGINE_OK;
}

static thil_tensor_info describe(uint16_t size, int32_t zero_point) {
  const thil_tensor_info info = {THIL_DTYPE_INT8, 2, {1, size, 1, 1}, size, 0.5f, zero_point};
  return info;
}

void thil_engine_describe(const thil_engine_model* model, thil_tensor_info* input, thil_tensor_info* output) {
  *input = describe(model->input_size, -1);
  *output = describe(model->output_size, 3);
  if (model->dtype != 0) output->dtype = model->dtype;
}

uint8_t* thil_engine_input(thil_engine_model* model) { return model->tensors; }
const uint8_t* thil_engine_output(const thil_engine_model* model) {
  return model->tensors + model->input_size;
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

static void copy_input(thil_engine_model* model) {
  for (size_t i = 0; i < model->output_size && i < model->input_size; ++i) {
    model->tensors[model->input_size + i] = model->tensors[i];
  }
}

thil_engine_status thil_engine_invoke(thil_engine_model* model) {
  uint8_t sum = (uint8_t)(model->bias + output_bias);
  if (on_invoke != NULL) on_invoke();
  if (model->dtype != 0) {
    copy_input(model);
    return THIL_ENGINE_OK;
  }
  thil_engine_status status = model->input_size > 0 ? begin(model->tensors[0]) : THIL_ENGINE_OK;
  if (status != THIL_ENGINE_OK) return status;
  for (size_t i = 0; i < model->input_size; ++i) sum = (uint8_t)(sum + model->tensors[i]);
  memset(model->tensors, 0x5A, model->input_size);
  for (size_t i = 0; i < model->output_size; ++i) {
    model->tensors[model->input_size + i] = (uint8_t)(sum + i);
  }
  return THIL_ENGINE_OK;
}
