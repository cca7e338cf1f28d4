// SPDX-License-Identifier: Apache-2.0
// Whether a board can be given to anybody: it answers, as the one that its bench describes.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/digest.hpp"
#include "daemon/service/internal/inventory.hpp"

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::daemon {

struct CheckResult {
  std::string problem{};             // empty: it passed
  std::optional<Digest> firmware{};  // that it says it runs
};

// Whoever asks has the board's lock. No call takes longer than it says of itself, and none throws.
class BoardCheck {
 public:
  virtual ~BoardCheck() = default;
  virtual asio::awaitable<CheckResult> greet(InventoryBoard entry) = 0;
  virtual asio::awaitable<bool> reset(InventoryBoard entry) = 0;  // false: it has nothing that could
};

// By this program's own commands `boards` and `reset`, as child processes: a driver that blocks or crashes
// does so there. `program` is the file of tinyhil.
std::unique_ptr<BoardCheck> check_by_program(asio::any_io_executor executor, std::filesystem::path program);

}  // namespace tinyhil::daemon
