// SPDX-License-Identifier: Apache-2.0
// What a change of the policy lets through.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "gate/policy_diff.hpp"

namespace tinyhil {

namespace {

void print_json(const Policy& before, const Policy& after, const std::vector<PolicyChange>& changes) {
  auto list = nlohmann::ordered_json::array();
  for (const PolicyChange& one : changes)
    list.push_back({{"change", to_string(one.change)}, {"where", one.where}, {"what", one.what}});
  const nlohmann::ordered_json document = {
      {"before", before.digest.hex()}, {"after", after.digest.hex()}, {"changes", list}};
  fmt::print("{}\n", document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

ExitCode policy_diff_command(const PolicyDiffOptions& options) {
  const Policy before = load_policy(options.before), after = load_policy(options.after);
  const std::vector<PolicyChange> changes = policy_diff(before, after);
  if (options.json) {
    print_json(before, after, changes);
  } else {
    for (const PolicyChange& one : changes)
      fmt::print("{:<10} {}: {}\n", to_string(one.change), one.where, one.what);
    if (changes.empty()) fmt::print("no change\n");
  }
  const bool loosened =
      std::ranges::any_of(changes, [](const PolicyChange& one) { return one.change == Change::loosened; });
  return loosened ? ExitCode::fail : ExitCode::pass;
}

}  // namespace tinyhil
