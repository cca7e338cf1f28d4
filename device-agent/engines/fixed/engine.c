/* SPDX-License-Identifier: Apache-2.0 */
#include "../reference/reference.h"
#include "thil/fixed.h"

bool thil_engine_loads_models(void) { return false; }

thil_image thil_reference_image(thil_image pushed) {
  (void)pushed; /* the agent takes no pushed model, so there is none */
  return (thil_image){thil_fixed_model, thil_fixed_model_size};
}
