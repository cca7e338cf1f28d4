// SPDX-License-Identifier: Apache-2.0
// Which operators an engine runs, where the host can know it: the reference engine says so in its own list.
#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "mistakes.hpp"

namespace tinyhil::campaign {
namespace {

constexpr const char* kBuiltins[] = {
#define THIL_BUILTIN(name) #name,
#include "reference/builtin.def"
#undef THIL_BUILTIN
};

std::vector<std::string> operators_of_reference() {
  return {
#define THIL_OP(name, options, prefix, inputs, outputs) #name,
#include "reference/ops.def"
#undef THIL_OP
  };
}

std::string name_of(std::uint32_t code) {
  return code < std::size(kBuiltins) ? kBuiltins[code] : "operator " + std::to_string(code);
}

}  // namespace

std::vector<std::string> unsupported_by(const std::string& engine,
                                        const std::vector<gate::KnownModel>& models) {
  std::vector<std::string> found;
  if (engine != "reference") return found;
  const std::vector<std::string> runs = operators_of_reference();
  for (const gate::KnownModel& model : models) {
    std::set<std::string> lacking;
    for (const std::uint32_t code : model.file ? model.file->operators : std::vector<std::uint32_t>()) {
      const std::string name = name_of(code);
      if (std::ranges::find(runs, name) == runs.end()) lacking.insert(name);
    }
    if (!lacking.empty())
      found.push_back("model `" + model.name + "` uses " + quoted_list({lacking.begin(), lacking.end()}));
  }
  return found;
}

void refuse_unsupported(const Inputs& inputs, const std::string& engine) {
  std::string what;
  for (const std::string& words : unsupported_by(engine, inputs.models))
    what += (what.empty() ? "" : "; ") + words;
  if (what.empty()) return;
  throw Error(ErrorKind::usage, "the board's engine `" + engine + "` lacks an operator: " + what,
              inputs.campaign.file.string(),
              "build the model of the operators that it runs: " + quoted_list(operators_of_reference()));
}

}  // namespace tinyhil::campaign
