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
#include "daemon/service/internal/health_ladder.hpp"
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
  virtual std::string command(const InventoryBoard& entry) const = 0;  // that greet() runs
  virtual Means means(const InventoryBoard& entry) const = 0;          // what carry_out() can do
  // What of it is not plugged in, in words; empty: it is there, or that shows only in a greeting.
  virtual std::string absence(const InventoryBoard& entry) const = 0;
  // What went wrong; empty: it was carried out. A repeat is nothing.
  virtual asio::awaitable<std::string> carry_out(Step step, InventoryBoard entry) = 0;
};

// By this program's own commands `boards`, `reset`, `power-cycle` and `flash`, as child processes: a driver
// that blocks or crashes does so there. `program` is the file of tinyhil.
std::unique_ptr<BoardCheck> check_by_program(asio::any_io_executor executor, std::filesystem::path program);

}  // namespace tinyhil::daemon
