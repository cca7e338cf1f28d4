// SPDX-License-Identifier: Apache-2.0
// One end of a unix socket to the emulator, on which a request and its answer take microseconds. Calls wait,
// but not longer than until a deadline.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

namespace tinyhil::sim {

inline constexpr std::chrono::seconds kEmulatorPatience(10);  // of a machine that is busy with other things

class EmulatorSocket {
 public:
  // Tries again until somebody listens there. Throws Error(bench_fault), as every call does when the other
  // end is gone or too late.
  explicit EmulatorSocket(const std::filesystem::path& path);
  EmulatorSocket(const EmulatorSocket&) = delete;
  EmulatorSocket& operator=(const EmulatorSocket&) = delete;
  ~EmulatorSocket();

  void send(std::string_view bytes);
  std::string line();                             // without its end
  char byte();                                    // waits for one
  bool has_byte();                                // does not wait
  char peek() const { return received_[read_]; }  // after has_byte()

 private:
  bool fill(std::chrono::milliseconds patience);  // false: nothing came

  int descriptor_ = -1;
  std::string where_;
  std::string received_;
  std::size_t read_ = 0;  // of `received_`
};

}  // namespace tinyhil::sim
