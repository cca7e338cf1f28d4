// SPDX-License-Identifier: Apache-2.0
// A serial port for which the loop wakes only while somebody waits: the reactor has its descriptor during
// wait() and not otherwise. For a device that sends all the time to a reader that comes now and then; each
// arrival would wake the loop for nothing, which costs more than the reading.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <string>

#include "transport/transport.hpp"

namespace tinyhil::transport {

class UnwatchedSerial : public Transport {
 public:
  UnwatchedSerial(asio::posix::stream_descriptor stream, std::string description);
  UnwatchedSerial(const UnwatchedSerial&) = delete;
  UnwatchedSerial& operator=(const UnwatchedSerial&) = delete;
  ~UnwatchedSerial() override;

  Result<std::size_t> read_some(std::span<std::uint8_t> into) override;
  Result<std::size_t> write_some(std::span<const std::uint8_t> bytes) override;
  asio::awaitable<void> wait(Until until) override;
  void stop_waiting() override;
  std::string describe() const override { return description_; }

 private:
  Result<std::size_t> outcome(ssize_t size) const;

  asio::posix::stream_descriptor watch_;  // open, and the owner of descriptor_, during wait()
  int descriptor_;
  std::string description_;
};

}  // namespace tinyhil::transport
