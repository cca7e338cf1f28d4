// SPDX-License-Identifier: Apache-2.0
// The line to one board and the device at its end: who it is, and how it is found again after a fault.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "campaign/internal/image_match.hpp"
#include "device/device.hpp"
#include "device/run_report.hpp"
#include "formats/core_dump.hpp"
#include "formats/firmware_image.hpp"
#include "model/bench.hpp"

namespace tinyhil::campaign {

// Opens the line anew; throws Error.
using Connect = std::function<asio::awaitable<std::unique_ptr<device::Device>>()>;

// Keeps a core dump's file, and says where in a few words. None: it is not kept.
using KeepCore = std::function<std::string(std::span<const std::uint8_t> file)>;

// What stopped a run, from what was seen of it. What follows from that is said by Runner::recover() for a
// campaign and by BoardSession::recover() for a batch.
enum class StopCause {
  preparing,  // the device failed while it made a model ready
  crash,      // it left a record of a crash
  slow,       // an inference took longer than it may, by the device's own clock
  hang,       // it is there, and gives no result
  silence,    // it gives no result, or the line holds it back
  line,       // anything else: a reset from outside, a line that ended
};

// Whatever keeps the board from being the one that the bench describes is thrown as Error: bench_fault for a
// line that does not open or stays silent, wrong_image, or usage for another provenance.
class BoardLine {
 public:
  // The board must outlive it. Reads the image that the bench names, opens nothing.
  BoardLine(const Board& board, Connect connect, KeepCore keep_core = {});

  // Opens the line anew and asks who is there; a plug that was pulled may be put back for a while.
  asio::awaitable<void> greet();

  // After a fault of a run, or of a model that was prepared: finds the device again, and says what stopped
  // it. `has_new_crash`: a record of a crash that it shows now is of this run.
  asio::awaitable<StopCause> recover(const Fault& fault, const device::RunReport& report, bool has_new_crash);

  // The firmware that a probe has put on the board and read back: from now on the device has to say the same
  // whenever it is greeted. Lets the line go.
  void expect(const FirmwareImage& read_back);

  bool is_open() const { return device_ != nullptr; }
  void close() { let_go(); }
  device::Device& device() { return *device_; }
  // Frames that arrived damaged since the first greeting, of how many, and what else the board said: as text
  // on the line, and by messages of its agent.
  struct Damage {
    std::uint64_t frames = 0;
    std::uint64_t of = 0;
    std::string stray = {};
    std::string logged = {};
    std::string detours = {};  // device::Traffic
  };
  Damage damage() const;
  bool polls_memory() const { return polls_memory_; }  // the line to the device that was greeted last
  const DeviceIdentity& identity() const { return identity_; }  // as it said at the last greeting

  // Whether the image is the firmware on the device, which is asked once a greeting. Throws as greet() when
  // the device does not answer.
  asio::awaitable<ImageMatch> compare(const FirmwareImage& image);
  // Whether the model is for this device: any model file, or the image that is on it.
  asio::awaitable<bool> is_on(const ModelFile& model);

  // As a probe saw it at the last recover(), if it did.
  const std::optional<CoreDump>& core() const { return core_; }
  // The device crashed, in the words of what it left behind, and where in the source that is as far as the
  // image that is on it tells: of a board behind a debug probe all calls on its stack, else two.
  Fault crash_fault(const CrashRecord& crash) const;
  // The same fault, and where the core was when the last recover() had it looked at, if it had.
  Fault with_core(Fault fault) const;

 private:
  asio::awaitable<void> examine_core(FaultKind after);
  asio::awaitable<void> greet_anew();
  asio::awaitable<void> reconnect();
  asio::awaitable<void> greet_again(FaultKind after);
  void let_go();  // of the line, whose damage stays counted
  asio::awaitable<void> adopt(DeviceIdentity identity);

  const Board& board_;
  Connect connect_;
  KeepCore keep_core_;
  std::optional<FirmwareImage> image_;
  std::filesystem::path running_;  // the image that was found on the device; empty: none was compared
  bool polls_memory_ = false;
  bool is_read_back_ = false;              // over a probe, not by the device alone
  std::map<Digest, ImageMatch> compared_;  // files, by their digest, with this device
  std::unique_ptr<device::Device> device_;
  DeviceIdentity identity_;
  std::optional<CoreDump> core_;  // as a probe saw it at the last fault
  std::string core_kept_;         // where its file is
  device::Traffic at_greeting_;   // of this line: what was lost before is a board that boots
  Damage earlier_;                // on lines that were let go
};

[[noreturn]] void throw_bench_fault(const Board& board, const Fault& fault);

// What no device of ours says: there is no going on with it.
bool is_nonsense(const Fault& fault);

}  // namespace tinyhil::campaign
