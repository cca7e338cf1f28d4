// SPDX-License-Identifier: Apache-2.0
// What the daemon's interface says of leases, boards and events, as JSON. Times are UTC with microseconds.
#pragma once

#include <nlohmann/json.hpp>

#include "daemon/service/internal/inventory.hpp"
#include "daemon/service/internal/keeper.hpp"
#include "daemon/service/internal/lease_book.hpp"

namespace tinyhil::daemon {

nlohmann::ordered_json document_of(const LeaseRecord& record);
nlohmann::ordered_json document_of(const BoardStatus& status);
nlohmann::ordered_json document_of(const std::optional<Absence>& absence);  // null: there is none
nlohmann::ordered_json document_of(const FarmEvent& event);
nlohmann::ordered_json document_of(const AuditEntry& entry);
nlohmann::ordered_json document_of(const Explanation& why);

std::string sentence_of(const Explanation& why);  // "2nd of 5; m4 is leased by alice"

const char* to_string(Condition condition);  // "free"
const char* to_string(Priority priority);    // "normal"

// JSON Schemas of the same, for the OpenAPI document.
extern const char* const kLeaseSchema;
extern const char* const kBoardSchema;
extern const char* const kAuditSchema;

}  // namespace tinyhil::daemon
