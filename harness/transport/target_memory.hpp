// SPDX-License-Identifier: Apache-2.0
// The memory of a device, written past its line while it runs: what some media can, a debug probe above all.
// Whoever speaks to the device learns from it where things lie, and from here whether that may be believed.
// Example:
//
//   if (transport::TargetMemory* memory = line->memory(); memory != nullptr && memory->covers(at, size)) {
//     const Result<void> written = co_await memory->write(at, std::move(bytes));
//   }
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/fault.hpp"

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::transport {

class TargetMemory {
 public:
  virtual ~TargetMemory() = default;

  // Whether all of these bytes are variables of the firmware, by what the bench knows of it: whatever a
  // device says, nothing else is written.
  virtual bool covers(std::uint32_t address, std::size_t size) const = 0;

  // All of the bytes; ends within a deadline of its own. Fault refused: not covered, or it could not be
  // written, and what lies there now is unknown; the line goes on. Any other fault has ended the line too.
  // One call at a time; not to be cancelled.
  virtual asio::awaitable<Result<void>> write(std::uint32_t address, std::vector<std::uint8_t> bytes) = 0;
};

}  // namespace tinyhil::transport
