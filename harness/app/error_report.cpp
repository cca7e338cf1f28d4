// SPDX-License-Identifier: Apache-2.0
#include "error_report.hpp"

#include "bench/board_control.hpp"
#include "model/exit_code.hpp"
#include "model/failure_class.hpp"

#include <fmt/format.h>

#include <cstring>
#include <nlohmann/json.hpp>

namespace tinyhil::app {

namespace {

using Json = nlohmann::ordered_json;

// Whatever a command does is appended or written whole, so that it can be tried again, unless nobody knows
// what went wrong.
struct Aftermath {
  bool board_touched = false;
  bool retry_safe = true;
};

Json class_of(const Error& error) {
  const std::optional<FailureClass> of = failure_class(error.kind());
  return of ? Json(to_string(*of)) : Json(nullptr);
}

void print_document(const Error& error, const Aftermath& aftermath) {
  const Json document = {{"error",
                          {{"what", error.what()},
                           {"where", error.where()},
                           {"remedy", error.remedy()},
                           {"class", class_of(error)},
                           {"exit_code", static_cast<int>(exit_code(error.kind()))},
                           {"board_touched", aftermath.board_touched},
                           {"retry_safe", aftermath.retry_safe}}}};
  fmt::print("{}\n", document.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

bool asks_for_json(int argc, const char* const* argv) {
  for (int i = 1; i < argc && std::strcmp(argv[i], "--") != 0; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) return true;
  }
  return false;
}

void report_error(const Error& error, bool json) {
  fmt::print(stderr, "tinyhil: {}\n  where:  {}\n  remedy: {}\n", error.what(), error.where(),
             error.remedy());
  if (json)
    print_document(error, {.board_touched = dynamic_cast<const bench::AfterBoard*>(&error) != nullptr});
}

void report_internal_error(const std::string& what, bool json) {
  fmt::print(stderr, "tinyhil: internal error: {}\n  remedy: report this, with the command\n", what);
  const Error error(ErrorKind::bench_fault, "internal error: " + what, "tinyhil",
                    "report this, with the command");
  if (json) print_document(error, {.board_touched = true, .retry_safe = false});  // nobody knows
}

void report_usage_error(const std::string& what, bool json) {
  if (json) print_document(Error(ErrorKind::usage, what, "command line", "see `tinyhil --help`"), {});
}

}  // namespace tinyhil::app
