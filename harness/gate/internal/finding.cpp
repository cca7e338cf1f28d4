// SPDX-License-Identifier: Apache-2.0
#include "finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tinyhil::gate {

Finding conclude(std::string method, std::vector<Check> checks) {
  Finding finding;
  finding.method = std::move(method);
  finding.checks = std::move(checks);
  finding.reason = "nothing was checked";
  const auto decides = std::max_element(
      finding.checks.begin(), finding.checks.end(),
      [](const Check& a, const Check& b) { return urgency(a.outcome) < urgency(b.outcome); });
  if (decides == finding.checks.end()) return finding;
  finding.outcome = decides->outcome;
  finding.reason = decides->reason;
  return finding;
}

Check error_check(std::string subject, std::string reason) {
  Check check;
  check.subject = std::move(subject);
  check.outcome = Outcome::error;
  check.reason = std::move(reason);
  return check;
}

Check too_few_check(std::string subject, std::uint64_t n, std::uint64_t min_n, const std::string& of) {
  Check check;
  check.subject = std::move(subject);
  check.outcome = Outcome::inconclusive;
  check.n = n;
  check.unit = Unit::ratio;
  check.more_vectors = min_n - n;
  check.reason = fmt::format("{} has {} vectors{}, {} more are needed for at least {}", check.subject, n, of,
                             *check.more_vectors, min_n);
  return check;
}

Outcome held_to(const Interval& interval, double most) {
  if (interval.high <= most) return Outcome::pass;
  return interval.low > most ? Outcome::fail : Outcome::inconclusive;
}

std::string percent(double ratio) { return fmt::format("{:.4g} %", 100 * ratio); }

std::string signed_percent(double ratio) { return fmt::format("{:+.2f} %", 100 * ratio); }

std::string points(double difference, double limit) {
  const int digits = limit < 0.01 ? 2 : 1;
  const std::string text = fmt::format("{:+.{}f}", 100 * difference, digits);
  return text.find_first_of("123456789") == std::string::npos ? "0" : text;
}

std::string percent_of(double part, double whole) {
  return whole == 0 ? "-" : fmt::format("{:.1f} %", 100 * part / whole);
}

std::string emulated_note(const Scorecard& card) {
  switch (card.info.board.provenance) {
    case Provenance::real:
      return "";
    case Provenance::emulated:
      return " on an emulated board";
    case Provenance::process:
      return " in a process of the host";
  }
  return "";
}

}  // namespace tinyhil::gate
