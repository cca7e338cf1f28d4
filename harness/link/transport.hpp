// SPDX-License-Identifier: Apache-2.0
// A byte stream to a device.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/fault.hpp"
#include "model/section.hpp"

namespace tinyhil {

namespace asio = boost::asio;

// One reader and one writer at a time. Cancelling a read or a write leaves the stream usable.
class Transport {
 public:
  virtual ~Transport() = default;

  // At least one byte; Fault gone when the line ended. No deadline of its own: use within().
  virtual asio::awaitable<Result<std::size_t>> read(std::span<std::uint8_t> into) = 0;
  virtual asio::awaitable<Result<void>> write(std::span<const std::uint8_t> bytes) = 0;

  // Nothing more will be written: the far end reads an end of file, where the medium has such a thing.
  virtual void finish_writing() {}

  virtual std::string describe() const = 0;  // "process qemu-system-arm", "serial /dev/ttyACM0 at 115200"
  // What the far end left behind: exit status, end of its stderr. Empty where there is nothing to say.
  virtual std::string last_words() { return {}; }
};

// Opens what `driver` names; `link` holds the driver's keys. Throws Error: usage for unknown drivers and
// keys, bench_fault for a port that cannot be opened.
std::unique_ptr<Transport> open_transport(asio::any_io_executor executor, const std::string& driver,
                                          const Section& link);

// The process driver with its command already known. The process is killed when the transport is destroyed,
// and by the kernel when we die first.
std::unique_ptr<Transport> open_process(asio::any_io_executor executor, std::vector<std::string> command);

std::vector<std::string> transport_drivers();

}  // namespace tinyhil
