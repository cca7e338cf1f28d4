// SPDX-License-Identifier: Apache-2.0
#include "run_record.hpp"

#include <utility>

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

void add_earlier_run(ModelOfRun& model, std::string ending) {
  ++model.earlier;
  model.earlier_ended.push_back(std::move(ending));
  if (model.earlier_ended.size() > kEndingsKept) model.earlier_ended.erase(model.earlier_ended.begin());
}

}  // namespace tinyhil
