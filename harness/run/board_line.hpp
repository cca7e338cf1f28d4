// SPDX-License-Identifier: Apache-2.0
// The line to one board and the device at its end: who it is, and how it is found again after a fault.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "link/agent_link.hpp"
#include "model/bench.hpp"
#include "model/firmware_image.hpp"

namespace tinyhil {

using Connect = std::function<std::unique_ptr<Transport>()>;  // opens the line anew; throws Error

// Whatever keeps the board from being the one that the bench describes is thrown as Error: bench_fault for a
// line that does not open or stays silent, wrong_image, or usage for another provenance.
class BoardLine {
 public:
  // The board must outlive it. Reads the image that the bench names, opens nothing.
  BoardLine(const Board& board, Connect connect);

  // Opens the line anew and asks who is there; a plug that was pulled may be put back for a while.
  asio::awaitable<void> greet();
  // On the line as it is, when there is still somebody: a new one may mean a new process or emulator, and
  // what a crash left behind is gone.
  asio::awaitable<void> greet_again(FaultKind after);

  bool is_open() const { return link_ != nullptr; }
  void close() { link_.reset(); }
  AgentLink& link() { return *link_; }
  const DeviceIdentity& device() const { return device_; }  // as it said at the last greeting

  // Pushes the model into the slot, unless `resident` says that it is there.
  asio::awaitable<Result<void>> push_model(const ModelFile& model, std::uint8_t slot,
                                           const std::vector<Digest>& resident);
  // Makes it ready to run; a device that has another model there is at fault.
  asio::awaitable<Result<LoadedModel>> load_model(const ModelFile& model, std::uint8_t slot);

 private:
  asio::awaitable<void> reconnect();
  asio::awaitable<void> adopt(DeviceIdentity identity);

  const Board& board_;
  Connect connect_;
  std::optional<FirmwareImage> image_;
  std::unique_ptr<AgentLink> link_;
  DeviceIdentity device_;
};

[[noreturn]] void throw_bench_fault(const Board& board, const Fault& fault);

// The device crashed, in the words of what it left behind.
Fault crash_fault(const CrashRecord& crash);

}  // namespace tinyhil
