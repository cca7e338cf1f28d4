// SPDX-License-Identifier: Apache-2.0
// What stands in the way on this machine, and the command that mends it.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "doctor_checks.hpp"

namespace tinyhil::app {

namespace {

void print_lines(const std::vector<Check>& checks) {
  for (const Check& check : checks) {
    fmt::print("{:<8} {:<13} {}\n", to_string(check.health), check.subject, check.says);
    if (!check.remedy.empty()) fmt::print("         remedy: {}\n", check.remedy);
  }
}

void print_document(const std::vector<Check>& checks, bool is_well) {
  nlohmann::ordered_json document{{"well", is_well}, {"checks", nlohmann::ordered_json::array()}};
  for (const Check& check : checks) {
    nlohmann::ordered_json entry{
        {"check", check.subject}, {"state", to_string(check.health)}, {"says", check.says}};
    if (!check.remedy.empty()) entry["remedy"] = check.remedy;
    document["checks"].push_back(std::move(entry));
  }
  fmt::print("{}\n", document.dump(2));
}

}  // namespace

ExitCode doctor_command(const DoctorOptions& options) {
  const char* search_path = std::getenv("PATH");
  const std::vector<Check> checks =
      doctor_checks(host::Machine{options.root}, search_path == nullptr ? "" : search_path);
  const auto problems = std::ranges::count(checks, Health::problem, &Check::health);
  if (options.json) {
    print_document(checks, problems == 0);
  } else {
    print_lines(checks);
    fmt::print("{}\n", problems == 0 ? "nothing stands in the way" : fmt::format("to mend: {}", problems));
  }
  return problems == 0 ? ExitCode::pass : ExitCode::bench_fault;
}

}  // namespace tinyhil::app
