// SPDX-License-Identifier: Apache-2.0
// What the daemon's interface says of the health of boards, as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "daemon/service/internal/health_check.hpp"

namespace tinyhil::daemon {

nlohmann::ordered_json document_of(const HealthCheck& check);
nlohmann::ordered_json document_of(const HealthFigures& health);

extern const char* const kHealthChecksSchema;

}  // namespace tinyhil::daemon
