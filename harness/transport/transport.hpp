// SPDX-License-Identifier: Apache-2.0
// A byte stream to a device. One thread, that of its executor. What ends the line is a Fault of kind gone,
// returned; only opening throws. No call has a deadline: the caller races a timer (AgentLink does). Example:
//
//   auto line = open_tcp(executor, "127.0.0.1", 5555);
//   const Result<void> sent = co_await line->write(bytes);
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/fault.hpp"
#include "formats/core_dump.hpp"
#include "target_memory.hpp"

namespace tinyhil {
namespace asio = boost::asio;
}

namespace tinyhil::transport {

// The calls named `_some` never wait; wait() does, without a deadline of its own.
class Transport {
 public:
  enum class Until { readable, writable };

  virtual ~Transport() = default;

  // What has arrived, 0 when nothing has; Fault gone when the line ended.
  virtual Result<std::size_t> read_some(std::span<std::uint8_t> into) = 0;
  // As much as the line takes now, 0 when it takes nothing.
  virtual Result<std::size_t> write_some(std::span<const std::uint8_t> bytes) = 0;
  // Returns when the next call may do something, if only to report that the line ended. Cancelling it leaves
  // the stream usable.
  virtual asio::awaitable<void> wait(Until until) = 0;
  // Ends every wait() at once.
  virtual void stop_waiting() = 0;

  // At least one byte, and all of them.
  asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> into);
  asio::awaitable<Result<void>> write(std::span<const std::uint8_t> bytes);

  // The rate at which a line starts, and faster ones that the user wants tried, in bits per second. 0: it has
  // none.
  struct Rates {
    int start = 0;
    std::vector<int> ladder = {};
  };
  virtual Rates rates() const { return {}; }
  // After what was written has left. False when the line does not take this rate.
  virtual bool set_rate(int /*baud*/) { return false; }

  // Where the medium reaches the device's memory beside the stream; nullptr where it does not. Lives as long
  // as the transport.
  virtual TargetMemory* memory() { return nullptr; }

  // Nothing more will be written: the far end reads an end of file, where the medium has such a thing.
  virtual void finish_writing() {}

  virtual std::string describe() const = 0;  // "process qemu-system-arm", "serial /dev/ttyACM0 at 115200"
  // What the far end left behind: exit status, end of its stderr. Empty when nothing is known.
  virtual std::string last_words() { return {}; }

  // Whether it reads the far end's memory for what may have come, also while a model runs.
  virtual bool polls_memory() const { return false; }
  // Of a line through a debug probe: the core as it was when it failed, told once. Nothing elsewhere.
  virtual std::optional<CoreDump> take_core_dump() { return std::nullopt; }
  // Has the core of a board that does not answer looked at, for take_core_dump(); it goes on afterwards.
  virtual asio::awaitable<void> examine_core() { co_return; }
};

}  // namespace tinyhil::transport
