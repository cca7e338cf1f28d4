// SPDX-License-Identifier: Apache-2.0
// The agent's protocol, one awaitable call for each thing to be done. Every call ends: with its answer, with
// the device's refusal, or with a typed Fault when the device has been silent for too long. What the line
// loses is sent again. No failure is thrown. One call at a time, in the thread of the transport's executor.
// Example:
//
//   AgentLink link(board_access(board)->open(executor));
//   const Result<DeviceIdentity> device = co_await link.hello();
//   if (!device) throw_bench_fault(board, device.error());
//   const Result<LoadedModel> model = co_await link.load(0);
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "device/agent/internal/exchange.hpp"
#include "device/agent/internal/push_stream.hpp"
#include "device/device.hpp"
#include "run_stream.hpp"
#include "transport/transport.hpp"

namespace tinyhil::device {

// How long a device may be silent. A slot's digest or a model's load may take a slow one seconds.
struct Timing {
  std::chrono::milliseconds quick{6'000};
  std::chrono::milliseconds long_work{90'000};
};

// What is to be transferred while requests already run: request i begins when needs[i] of the blocks are in
// their slots.
struct Supply {
  std::vector<PushBlock> blocks;
  std::vector<std::size_t> needs;
};

class Alarm;

class AgentLink {
 public:
  explicit AgentLink(std::unique_ptr<transport::Transport> transport, Timing timing = {});

  // Opens a new session. A board may still be booting, so this one waits, and asks a few times a second.
  asio::awaitable<Result<DeviceIdentity>> hello(Boot boot = Boot());

  // What the first slots hold, at least `count` of them or all; all zero for an empty one.
  asio::awaitable<Result<std::vector<Digest>>> inventory(SlotKind kind, std::size_t count = SIZE_MAX);

  // Of a part of the firmware as it lies in the device's flash; offsets begin with the first byte of the
  // range.
  asio::awaitable<Result<Digest>> segment(std::uint32_t offset, std::uint32_t size);

  // Fills slots and has the device check their content against the digests: past the line where the transport
  // can write the device's memory and the device tells where slots lie, else by frames.
  asio::awaitable<Result<void>> push(std::vector<PushBlock> blocks);
  // Whether push() fills larger slots past the line; then there is little to overlap with inferences.
  bool places() const;
  // How many slots frames had to fill all the same, and why; empty when none.
  std::string detours() const;

  asio::awaitable<Result<LoadedModel>> load(std::uint16_t slot);

  // All rows of all requests, none twice, to `sink`. `report` says how far it came.
  asio::awaitable<Result<void>> run(std::vector<RunRequest> requests, RunStream::Sink sink,
                                    RunReport& report);

  // Both at once, transfer and inference overlapping, each request as soon as it has what it needs. For
  // RunMode::throughput.
  asio::awaitable<Result<void>> stream(Supply supply, std::vector<RunRequest> requests, RunStream::Sink sink,
                                       RunReport& report);

  // Runs an energy window until one is whole, a few times at most.
  asio::awaitable<Result<WindowReport>> window(WindowRequest request);

  // Raises the line's rate as far as the transport's ladder goes and test frames come back unharmed, else
  // returns to the last good rate. The rate in use in the end; 0 when line or device have none to set.
  asio::awaitable<Result<int>> climb();

  bool polls_memory() const { return transport_->polls_memory(); }
  std::optional<CoreDump> take_core_dump() { return transport_->take_core_dump(); }
  asio::awaitable<void> examine_core() { return transport_->examine_core(); }
  std::string describe() const { return transport_->describe(); }
  Session::Counters counters() const { return session_.counters(); }
  std::string stray() const { return session_.stray(); }    // what came besides good frames
  std::string logged() const { return session_.logged(); }  // what the board said through its agent

 private:
  asio::awaitable<Result<Frame>> exchange(std::uint8_t type, std::vector<std::uint8_t> payload,
                                          Patience patience);
  // Until all are finished, one has a fault, the device resets or the line ends.
  asio::awaitable<Result<void>> drive(std::vector<Activity*> activities);
  asio::awaitable<void> wait(Alarm& alarm, Time deadline);
  asio::awaitable<void> let_pieces_gather() const;
  Result<void> receive(const std::vector<Activity*>& activities);
  asio::awaitable<Result<void>> keep_quiet(std::chrono::milliseconds limit);
  asio::awaitable<Result<Frame>> greet(std::uint32_t nonce, int round, std::chrono::milliseconds left);
  asio::awaitable<Result<void>> ask_all(std::vector<Exchange>& exchanges);
  asio::awaitable<Result<std::vector<std::uint32_t>>> open_places(std::span<const PushBlock> batch);
  asio::awaitable<Result<void>> write_at(std::uint32_t address, std::span<const std::uint8_t> content);
  asio::awaitable<Result<void>> place(std::span<const PushBlock> batch);
  void note_detour(const Fault& fault, std::size_t slots);
  asio::awaitable<Result<bool>> try_rate(int rate);
  asio::awaitable<Result<unsigned>> count_lost_echoes();
  std::string evidence();

  std::unique_ptr<transport::Transport> transport_;
  Timing timing_;
  Session session_;
  std::vector<std::uint8_t> chunk_;  // read from the transport
  bool greeting_ = false;
  int pieces_ = 0;  // of a frame, looked at one after the other
  bool device_changes_rate_ = false;
  bool device_tells_places_ = false;
  unsigned detours_ = 0;            // times that slots could not be placed, and frames filled them
  std::size_t slots_detoured_ = 0;  // then
  std::string why_detour_;          // the last time
  bool raised_ = false;             // the line runs faster than it started
};

}  // namespace tinyhil::device
