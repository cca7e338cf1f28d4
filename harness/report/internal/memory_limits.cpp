// SPDX-License-Identifier: Apache-2.0
#include "memory_limits.hpp"

namespace tinyhil::report {
namespace {

bool is_about(const Check& check, const std::string& quantity) {
  return check.limit && check.quantity == quantity;
}

}  // namespace

std::optional<double> memory_limit(const Report& report, const std::string& candidate,
                                   const std::string& quantity) {
  for (const Verdict& verdict : report.verdicts) {
    if (verdict.candidate != candidate) continue;
    for (const Finding& finding : verdict.findings)
      for (const Check& check : finding.checks)
        if (is_about(check, quantity)) return check.limit;
  }
  return std::nullopt;
}

}  // namespace tinyhil::report
