// SPDX-License-Identifier: Apache-2.0
// What a change of the policy lets through.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "gate/policy_diff.hpp"

namespace tinyhil::app {

namespace {

void print_json(const gate::Policy& before, const gate::Policy& after,
                const std::vector<gate::PolicyChange>& changes) {
  auto list = nlohmann::ordered_json::array();
  for (const gate::PolicyChange& one : changes)
    list.push_back({{"change", gate::to_string(one.change)}, {"where", one.where}, {"what", one.what}});
  const nlohmann::ordered_json document = {
      {"before", before.digest.hex()}, {"after", after.digest.hex()}, {"changes", list}};
  fmt::print("{}\n", document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

ExitCode policy_diff_command(const PolicyDiffOptions& options) {
  const gate::Policy before = gate::load_policy(options.before), after = gate::load_policy(options.after);
  const std::vector<gate::PolicyChange> changes = gate::policy_diff(before, after);
  if (options.json) {
    print_json(before, after, changes);
  } else {
    for (const gate::PolicyChange& one : changes)
      fmt::print("{:<10} {}: {}\n", gate::to_string(one.change), one.where, one.what);
    if (changes.empty()) fmt::print("no change\n");
  }
  const bool loosened = std::ranges::any_of(
      changes, [](const gate::PolicyChange& one) { return one.change == gate::Change::loosened; });
  return loosened ? ExitCode::fail : ExitCode::pass;
}

}  // namespace tinyhil::app
