/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A regression for the tests of gates: FULLY_CONNECTED puts each value one place too low. Linked with
 * -Wl,--wrap=thil_fully_connected_prepare,--wrap=thil_fully_connected_eval into an image that is never
 * released; everything else in it is what the right image has.
 */
#include "../op.h"

thil_engine_status __real_thil_fully_connected_prepare(thil_op_load* load, void** state);
void __real_thil_fully_connected_eval(const void* state);
thil_engine_status __wrap_thil_fully_connected_prepare(thil_op_load* load, void** state);
void __wrap_thil_fully_connected_eval(const void* state);

static uint8_t* values; /* of the output that was prepared last */
static uint32_t count;

thil_engine_status __wrap_thil_fully_connected_prepare(thil_op_load* load, void** state) {
  values = load->out->data;
  count = load->out->bytes;
  return __real_thil_fully_connected_prepare(load, state);
}

void __wrap_thil_fully_connected_eval(const void* state) {
  __real_thil_fully_connected_eval(state);
  uint8_t first = values[0];
  for (uint32_t i = 1; i < count; ++i) values[i - 1] = values[i];
  values[count - 1] = first;
}
