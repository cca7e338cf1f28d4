// SPDX-License-Identifier: Apache-2.0
#include "daemon/service/internal/health_documents.hpp"

#include "daemon/service/internal/time_text.hpp"

namespace tinyhil::daemon {

namespace {

using nlohmann::ordered_json;

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

}  // namespace

const char* const kHealthChecksSchema = R"({
  "type": "object",
  "required": ["checks"],
  "properties": {"checks": {"type": "array", "items": {
    "type": "object",
    "required": ["at", "cause", "command", "passed", "first_problem", "problem", "firmware_sha256", "steps"],
    "properties": {
      "at": {"type": "string", "format": "date-time"},
      "cause": {"enum": ["start", "due", "lease-lost", "lease-ended", "readmission", "plugged-in"]},
      "command": {"type": "string", "description": "that greeted the board"},
      "passed": {"type": "boolean"},
      "first_problem": {"type": ["string", "null"], "description": "before any step"},
      "problem": {"type": ["string", "null"], "description": "at the end"},
      "firmware_sha256": {"type": ["string", "null"]},
      "steps": {"type": "array", "items": {
        "type": "object",
        "required": ["step", "cleans", "problem", "then", "helped"],
        "properties": {
          "step": {"enum": ["repeat", "reset", "probe", "power", "flash"]},
          "cleans": {"type": "boolean", "description": "before the check, after an untrusted user"},
          "problem": {"type": ["string", "null"], "description": "why it was not carried out"},
          "then": {"type": ["string", "null"], "description": "what the check after it found wrong"},
          "helped": {"type": "boolean"}
        }
      }}
    }
  }}}
})";

ordered_json document_of(const HealthCheck& check) {
  ordered_json steps = ordered_json::array();
  for (const StepTaken& each : check.steps)
    steps.push_back({{"step", to_string(each.step)},
                     {"cleans", each.is_cleaning},
                     {"problem", text_or_null(each.problem)},
                     {"then", text_or_null(each.seen)},
                     {"helped", each.has_helped()}});
  return {{"at", time_text(check.at)},
          {"cause", to_string(check.cause)},
          {"command", check.command},
          {"passed", check.has_passed()},
          {"first_problem", text_or_null(check.first_problem)},
          {"problem", text_or_null(check.problem)},
          {"firmware_sha256", check.firmware ? ordered_json(check.firmware->hex()) : ordered_json(nullptr)},
          {"steps", std::move(steps)}};
}

ordered_json document_of(const HealthFigures& health) {
  ordered_json steps = ordered_json::object();
  for (const auto& [step, figures] : health.steps)
    steps[to_string(step)] = {{"used", figures.used}, {"helped", figures.helped}};
  ordered_json rate = nullptr;
  if (health.checks > 0) rate = static_cast<double>(health.flaky) / static_cast<double>(health.checks);
  return {{"checks", health.checks},
          {"failed", health.failed},
          {"flaky", health.flaky},
          {"flake_rate", std::move(rate)},
          {"steps", std::move(steps)}};
}

}  // namespace tinyhil::daemon
