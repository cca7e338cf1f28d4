// SPDX-License-Identifier: Apache-2.0
// One check of a board from its beginning to its end: it is cleaned where its last user is not trusted,
// greeted, and brought up the ladder (health_ladder.hpp) while it fails. Example:
//
//   HealthTask task{entry, CheckCause::due, check.means(entry)};
//   const HealthCheck found = co_await check_health(check, std::move(task), std::move(news));
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include "daemon/service/internal/board_check.hpp"
#include "daemon/service/internal/health_check.hpp"

namespace tinyhil::daemon {

struct HealthTask {
  InventoryBoard entry;
  CheckCause cause{};
  Means means{};
  bool climbs = true;   // false: it is only greeted
  bool cleans = false;  // first
};

// Called as it goes on; both may throw, which ends the check.
struct HealthNews {
  std::function<void(const std::string& doing)> doing;  // "its check failed: silent; it is reset"
  std::function<void(const StepTaken& taken)> taken;
};

// The check is lent until it returns; the result has no time yet.
asio::awaitable<HealthCheck> check_health(BoardCheck& check, HealthTask task, HealthNews news);

}  // namespace tinyhil::daemon
