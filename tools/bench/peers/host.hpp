// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "model.hpp"
#include "stream.hpp"

namespace peers {

// The host side of one protocol. Anything a device says that the protocol does not allow is a
// std::runtime_error.
class Host {
 public:
  virtual ~Host() = default;
  // What comes once, before the first inference.
  virtual void open() = 0;
  virtual Bytes infer(std::span<const std::uint8_t> input) = 0;
};

// The line must outlive the host.
std::unique_ptr<Host> make_mlperf_host(Stream& line, std::size_t output_size);
std::unique_ptr<Host> make_stopwait_host(Stream& line, std::size_t output_size);

}  // namespace peers
