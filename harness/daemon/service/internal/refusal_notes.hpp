// SPDX-License-Identifier: Apache-2.0
// What the audit keeps of requests that were refused for who asked: each, as long as they are few. A caller
// who asks without end fills neither the audit nor the disk. Example:
//
//   options.on_refused = [&](const RefusedRequest& refused) {
//     if (const auto entry = notes.entry_of(refused, now())) book.note(*entry);
//   };
#pragma once

#include <cstdint>
#include <optional>

#include "daemon/http/server.hpp"
#include "daemon/service/internal/ledger.hpp"

namespace tinyhil::daemon {

class RefusalNotes {
 public:
  // Nothing for those beyond 30 in a minute; the next one after them says how many these were.
  std::optional<AuditEntry> entry_of(const RefusedRequest& refused, Moment now);

 private:
  Moment minute_{};  // when the present minute began
  int noted_ = 0;    // in it
  std::uint64_t left_out_ = 0;
};

}  // namespace tinyhil::daemon
