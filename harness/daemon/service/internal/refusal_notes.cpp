// SPDX-License-Identifier: Apache-2.0
#include "refusal_notes.hpp"

#include <chrono>
#include <string>

#include "base/visible.hpp"

namespace tinyhil::daemon {

namespace {

constexpr int kNotedMost = 30;             // a minute
constexpr std::size_t kSubjectMost = 200;  // characters of what was asked for

}  // namespace

std::optional<AuditEntry> RefusalNotes::entry_of(const RefusedRequest& refused, Moment now) {
  if (now - minute_ >= std::chrono::minutes(1)) {
    minute_ = now;
    noted_ = 0;
  }
  if (noted_ >= kNotedMost) {
    ++left_out_;
    return std::nullopt;
  }
  ++noted_;
  std::string outcome = "refused: " + std::to_string(refused.status);
  if (left_out_ > 0) outcome += ", and " + std::to_string(left_out_) + " others before";
  left_out_ = 0;
  const std::string who = refused.who.empty() ? "(unknown)" : refused.who;
  return AuditEntry{0, now, who, "request", visible_line(refused.request.substr(0, kSubjectMost)), outcome};
}

}  // namespace tinyhil::daemon
