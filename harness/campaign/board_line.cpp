// SPDX-License-Identifier: Apache-2.0
#include "board_line.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/error.hpp"
#include "device/run_report.hpp"
#include "formats/call_chain.hpp"
#include "formats/source_lines.hpp"
#include "identity_check.hpp"

namespace tinyhil::campaign {

namespace {

constexpr std::chrono::seconds kReplugLimit{10};
constexpr std::chrono::milliseconds kReplugPause{250};

// "PC in conv_2d (conv.c:88), called from invoke (engine.c:12)"; empty where the image has no debug
// information. A return address is behind its call, and its lowest bit is no part of it on Arm.
std::string places_of(const CrashRecord& crash, const std::filesystem::path& image) {
  if (crash.pc == 0) return "";  // it is not known: the stack was full
  const SourceLines lines(image);
  const auto crashed = lines.at(crash.pc & ~1U), called = lines.at((crash.lr & ~1U) - 2);
  if (!crashed) return "";
  return "; PC in " + crashed->describe() + (called ? ", called from " + called->describe() : "");
}

std::string with(const std::string& text) { return text.empty() ? "" : "; " + text; }

}  // namespace

void throw_bench_fault(const Board& board, const Fault& fault) {
  throw Error(
      ErrorKind::bench_fault, describe(fault), "board " + board.name,
      fault.remedy.empty() ? "check power, cable and port, then run again with --resume" : fault.remedy);
}

bool is_nonsense(const Fault& fault) {
  return fault.kind == FaultKind::corrupt || fault.kind == FaultKind::wrong_image;
}

Fault BoardLine::crash_fault(const CrashRecord& crash) const {
  const bool was_caught = core_ && core_->is_fault;
  const bool is_there = was_caught && (core_->pc() & ~1U) == (crash.pc & ~1U);
  std::string places = running_.empty() ? "" : places_of(crash, running_);
  if (is_there && !places.empty()) places = "; PC in " + describe(call_chain(running_, *core_));
  Fault fault{FaultKind::reset, "the device crashed", crash.describe() + places, ""};
  if (was_caught) fault.evidence += with(core_->words) + with(core_kept_);
  if (places.empty() && crash.pc != 0) {
    fault.remedy = "look the PC up in the image: arm-none-eabi-addr2line -e " +
                   (running_.empty() ? "agent.elf" : running_.filename().string()) + " ADDRESS";
  }
  return fault;
}

Fault BoardLine::with_core(Fault fault) const {
  if (!core_) return fault;
  const std::filesystem::path image = !running_.empty() ? running_ : image_ ? image_->file : "";
  fault.evidence += std::string(fault.evidence.empty() ? "" : "; ") + "the core was in " +
                    describe(call_chain(image, *core_)) + with(core_->words) + with(core_kept_);
  return fault;
}

BoardLine::BoardLine(const Board& board, Connect connect, KeepCore keep_core)
    : board_(board), connect_(std::move(connect)), keep_core_(std::move(keep_core)) {
  if (board.image) image_ = load_firmware_image(*board.image);
}

void BoardLine::expect(const FirmwareImage& read_back) {
  let_go();
  image_ = read_back;
  is_read_back_ = true;
}

// A plug that was pulled may be put back.
asio::awaitable<void> BoardLine::reconnect() {
  const auto limit = std::chrono::steady_clock::now() + kReplugLimit;
  const bool may_come_back = device_ != nullptr;
  let_go();  // the old line first: a port has one user
  while (!device_) {
    try {
      device_ = co_await connect_();
    } catch (const Error& error) {
      if (!may_come_back || error.kind() != ErrorKind::bench_fault ||
          std::chrono::steady_clock::now() >= limit)
        throw;
    }
    if (device_) co_return;
    asio::steady_timer pause(co_await asio::this_coro::executor, kReplugPause);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

BoardLine::Damage BoardLine::damage() const {
  Damage all = earlier_;
  if (!device_) return all;
  const device::Traffic now = device_->traffic();
  const std::uint32_t damaged = now.frames_bad - at_greeting_.frames_bad;
  all.frames += damaged;
  all.of += damaged + now.frames_good - at_greeting_.frames_good;
  if (all.stray.empty()) all.stray = now.stray;
  if (all.logged.empty()) all.logged = now.logged;
  if (all.detours.empty()) all.detours = now.detours;
  return all;
}

void BoardLine::let_go() {
  earlier_ = damage();
  at_greeting_ = {};
  device_.reset();
}

asio::awaitable<void> BoardLine::greet() {
  core_.reset();
  co_await greet_anew();
}

asio::awaitable<void> BoardLine::greet_anew() {
  co_await reconnect();
  Result<DeviceIdentity> identity = co_await device_->greet(device::Boot(board_.boot, board_.quiet_boot));
  if (!identity) throw_bench_fault(board_, with_core(identity.error()));
  co_await adopt(*identity);
}

// On the line as it is, when there is still somebody: a new one may mean a new process or emulator, and what
// a crash left behind is gone.
asio::awaitable<void> BoardLine::greet_again(FaultKind after) {
  if (after == FaultKind::reset && device_) {
    Result<DeviceIdentity> identity = co_await device_->greet(device::Boot(board_.boot, board_.quiet_boot));
    if (identity) {
      co_await adopt(*identity);
      co_return;
    }
  }
  co_await greet_anew();
}

// Before anything is said to the device or resets it. One that fell silent runs, and is looked at now.
asio::awaitable<void> BoardLine::examine_core(FaultKind after) {
  core_.reset();
  core_kept_.clear();
  if (!device_) co_return;
  if (after == FaultKind::timeout) co_await device_->examine_core();
  core_ = device_->take_core_dump();
  if (core_ && keep_core_) core_kept_ = keep_core_(elf_core(*core_));
}

// A model that is too slow is no reason for a new line.
asio::awaitable<StopCause> BoardLine::recover(const Fault& fault, const device::RunReport& report,
                                              bool has_new_crash) {
  if (!report.slow) co_await examine_core(fault.kind);
  co_await greet_again(report.slow ? FaultKind::reset : fault.kind);
  if (report.preparing) co_return StopCause::preparing;
  if (has_new_crash && identity_.crash) co_return StopCause::crash;
  if (report.slow) co_return StopCause::slow;
  if (report.silence == device::Silence::of_the_device) co_return StopCause::hang;
  if (report.silence == device::Silence::unexplained) co_return StopCause::silence;
  co_return StopCause::line;
}

asio::awaitable<void> BoardLine::adopt(DeviceIdentity identity) {
  identity_ = std::move(identity);
  polls_memory_ = device_->polls_memory();
  identity_.board.name = board_.name;
  compared_.clear();
  check_identity(board_, identity_);
  if (image_) {
    const ImageMatch match = co_await compare(*image_);
    if (is_read_back_ && !match.is_same) throw other_than_read_back(*image_, match, identity_);
    check_image(*image_, match, identity_);
    running_ = image_->file;
    identity_.board.flash_size = image_->flash_size;
    identity_.board.ram_size = image_->ram_size;
  }
  const Result<void> faster = co_await device_->speed_up();
  if (!faster) throw_bench_fault(board_, faster.error());
  if (at_greeting_.frames_good == 0) at_greeting_ = device_->traffic();
}

asio::awaitable<ImageMatch> BoardLine::compare(const FirmwareImage& image) {
  const auto known = compared_.find(image.raw);
  if (known != compared_.end()) co_return known->second;
  device::Device& device = *device_;
  const AskSegment ask = [&device](std::uint32_t offset, std::uint32_t size) {
    return device.segment(offset, size);
  };
  Result<ImageMatch> match = co_await match_image(image, identity_, ask);
  if (!match) throw_bench_fault(board_, match.error());
  compared_[image.raw] = *match;
  co_return *match;
}

asio::awaitable<bool> BoardLine::is_on(const ModelFile& model) {
  if (!model.image) co_return true;
  const ImageMatch match = co_await compare(*model.image);
  if (match.is_same) running_ = model.image->file;
  co_return match.is_same;
}

}  // namespace tinyhil::campaign
