// SPDX-License-Identifier: Apache-2.0
#include "run_record.hpp"

namespace tinyhil {

const char* to_string(SeedOrigin origin) {
  switch (origin) {
    case SeedOrigin::unstated:
      return "unstated";
    case SeedOrigin::drawn:
      return "drawn";
    case SeedOrigin::chosen:
      return "chosen";
  }
  return "unknown";
}

}  // namespace tinyhil
