// SPDX-License-Identifier: Apache-2.0
#include "emulated_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/hex.hpp"
#include "little_endian.hpp"
#include "transport/process.hpp"

namespace tinyhil::sim {

namespace {

constexpr std::size_t kAtOnce = 16384;  // bytes of a request to the bus
constexpr std::uint32_t kVectors = 0;
constexpr unsigned kProgramCounter = 15;
constexpr std::uint32_t kEnableInterrupts = 0xE000E100, kDisableInterrupts = 0xE000E180,
                        kPendInterrupts = 0xE000E200, kUnpendInterrupts = 0xE000E280;
constexpr std::uint32_t kWaker = 1U << 31;  // the last of the first 32 interrupts

std::string escaped(const std::string& value) {
  std::string result;
  for (const char each : value) result += each == ',' ? ",," : std::string(1, each);
  return result;
}

std::vector<std::string> controlled(std::vector<std::string> command, const std::filesystem::path& folder) {
  const auto socket = [&](const char* name) {
    return escaped((folder / name).string()) + ",server=on,wait=off";
  };
  for (const std::string& word :
       {std::string("-S"), std::string("-qmp"), "unix:" + socket("monitor"), std::string("-qtest"),
        "unix:" + socket("bus"), std::string("-qtest-log"), std::string("none"), std::string("-chardev"),
        "socket,id=core,path=" + socket("core"), std::string("-gdb"), std::string("chardev:core")}) {
    command.push_back(word);
  }
  return command;
}

// Of "00ff..." at most as many bytes as there is room for.
void unhex(std::string_view digits, std::span<std::uint8_t> into) {
  const auto bytes = from_hex(digits.substr(0, 2 * into.size()));
  if (bytes) std::ranges::copy(*bytes, into.begin());
}

// GDB's number of a register, and which half of it; none: QEMU does not show it.
struct Place {
  unsigned number;
  std::size_t offset = 0, size = 4;
};
std::optional<Place> place_of(unsigned selector) {
  constexpr unsigned kStatus = 25, kFloats = 26, kFloatStatus = 42;
  if (selector <= kProgramCounter) return Place{selector};
  if (selector == 16) return Place{kStatus};
  if (selector == 17) return Place{13};  // the main stack's, as long as it is the one in use
  if (selector == 33) return Place{kFloatStatus};
  if (selector >= 64 && selector < 96) return Place{kFloats + (selector - 64) / 2, 4 * (selector % 2), 8};
  return std::nullopt;
}

// How it ended, and the line by which it gave up; the registers that follow are too much.
std::string in_short(const std::string& words) {
  const std::size_t reason = words.find("qemu: fatal");
  if (reason == std::string::npos) return words;
  return words.substr(0, words.find(':')) + ": " + words.substr(reason, words.find('\n', reason) - reason);
}

std::string answer(EmulatorSocket& bus, const std::string& request) {
  bus.send(request);
  std::string line = bus.line();
  if (line.starts_with("OK")) return line;
  throw Error(ErrorKind::bench_fault, "the emulator's test interface answers `" + line + "`", request,
              "use the emulator of Debian 12, QEMU 7.2");
}

}  // namespace

EmulatedTarget::EmulatedTarget(const asio::any_io_executor& executor, Board board)
    : process_(transport::open_process(executor, controlled(std::move(board.command), folder_.path()))),
      map_(std::move(board.map)),
      flash_(board.flash_size),
      monitor_(folder_.path() / "monitor"),
      bus_(folder_.path() / "bus") {
  for (const FlashSegment& segment : board.image) {
    const bool is_address = segment.end() <= std::uint64_t{1} << 32;
    if (is_address && write(static_cast<std::uint32_t>(segment.address), segment.bytes)) continue;
    throw Error(ErrorKind::usage, "the image does not fit into the emulated board",
                fmt::format("address {:#x}", segment.address), "build it for this board");
  }
  EmulatedTarget::reset(After::runs);
}

EmulatedTarget::~EmulatedTarget() = default;

bool EmulatedTarget::read(std::uint32_t address, std::span<std::uint8_t> into) {
  if (!contains(map_, address, into.size())) return false;
  for (; !into.empty(); into = into.subspan(std::min(into.size(), kAtOnce)), address += kAtOnce) {
    const std::size_t size = std::min(into.size(), kAtOnce);
    const std::string line = answer(bus_, fmt::format("read {:#x} {:#x}\n", address, size));
    unhex(std::string_view(line).substr(std::min<std::size_t>(line.size(), 5)),
          into.first(size));  // after "OK 0x"
  }
  return true;
}

bool EmulatedTarget::write(std::uint32_t address, std::span<const std::uint8_t> bytes) {
  if (!contains(map_, address, bytes.size())) return false;
  if (address >= flash_.size()) {
    store(address, bytes);
    return true;
  }
  if (is_running_) {
    halt();
    locked_up_ = true;
  }
  is_stale_ = true;
  store(address, bytes);
  const std::size_t size = std::min(bytes.size(), flash_.size() - address);
  std::copy_n(bytes.begin(), size, flash_.begin() + address);
  const bool is_erased = std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0xFF; });
  if (!is_erased) programmed_ = std::max(programmed_, static_cast<std::uint32_t>(address + size));
  return true;
}

void EmulatedTarget::store(std::uint32_t address, std::span<const std::uint8_t> bytes) {
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), kAtOnce)), address += kAtOnce) {
    const std::size_t size = std::min(bytes.size(), kAtOnce);
    answer(bus_, fmt::format("write {:#x} {:#x} 0x{}\n", address, size, to_hex(bytes.first(size))));
  }
}

// In QEMU the core can store there as into any memory.
void EmulatedTarget::restore_flash() { store(0, std::span(flash_).first(programmed_)); }

Target::News EmulatedTarget::poll() {
  if (core_ && is_running_ && core_->has_stopped()) {
    is_running_ = false;
    stopped_ = true;
  }
  return {std::exchange(stopped_, false), monitor_.guest_has_reset(), locked_up_};
}

// What stopped by itself at this moment is no news: it is halted, as was asked for.
void EmulatedTarget::pause() {
  if (!core_) {
    core_ = std::make_unique<GdbRemote>(folder_.path() / "core", is_running_);
  } else if (is_running_ && !core_->has_stopped()) {
    core_->interrupt();
  }
  is_running_ = false;
}

// The stub lets it run once it was asked to; before, the monitor does. What has lost its program locks up:
// OpenOCD lets a core go a moment before it resets it.
void EmulatedTarget::run() {
  locked_up_ = is_stale_ || (is_fresh_ && !can_start());
  if (locked_up_ || is_running_) return;
  if (core_) {
    core_->resume();
  } else {
    monitor_.execute("cont");
  }
  is_running_ = true;
  is_fresh_ = false;
}

bool EmulatedTarget::can_start() {
  std::array<std::uint8_t, 8> vectors{};
  const bool is_there = read(kVectors, vectors);
  const std::uint32_t entry = load32(std::span(vectors).subspan(4));
  return is_there && (entry & 1) != 0 && contains(map_, entry & ~1U, 2);
}

void EmulatedTarget::halt() {
  may_sleep_ = is_running_;
  pause();
  locked_up_ = false;
}

// A debugger that halts a core wakes it out of WFI. In QEMU only a step does, which must not jump over a
// breakpoint.
void EmulatedTarget::resume() {
  if (may_sleep_ && breakpoints_.contains(read_register(kProgramCounter))) {
    stopped_ = true;
    return;
  }
  if (may_sleep_) step();
  run();
}

// QEMU's core wakes for an interrupt, and its stub steps without taking one.
void EmulatedTarget::step() {
  locked_up_ = is_stale_ || (is_fresh_ && !can_start());
  if (locked_up_) return;
  const std::uint32_t enabled = read_word(kEnableInterrupts), pending = read_word(kPendInterrupts);
  write(kEnableInterrupts, bytes_of(kWaker));
  write(kPendInterrupts, bytes_of(kWaker));
  core_->step();
  write(kUnpendInterrupts, bytes_of(kWaker & ~pending));
  write(kDisableInterrupts, bytes_of(kWaker & ~enabled));
  is_fresh_ = may_sleep_ = false;
}

std::uint32_t EmulatedTarget::read_word(std::uint32_t address) {
  std::array<std::uint8_t, 4> bytes{};
  read(address, bytes);
  return load32(bytes);
}

std::uint32_t EmulatedTarget::read_register(unsigned selector) {
  const std::optional<Place> place = place_of(selector);
  if (!place) return 0;
  std::array<std::uint8_t, 8> bytes{};
  unhex(core_->read_register(place->number), std::span(bytes).first(place->size));
  return load32(std::span(bytes).subspan(place->offset));
}

void EmulatedTarget::write_register(unsigned selector, std::uint32_t value) {
  const std::optional<Place> place = place_of(selector);
  if (!place) return;
  std::array<std::uint8_t, 8> bytes{};
  if (place->size > 4) unhex(core_->read_register(place->number), bytes);
  std::ranges::copy(bytes_of(value), bytes.begin() + static_cast<std::ptrdiff_t>(place->offset));
  core_->write_register(place->number, to_hex(std::span(bytes).first(place->size)));
  if (selector != kProgramCounter) return;
  may_sleep_ = true;
  is_fresh_ = is_stale_ = false;
}

// The stub listens only to a stopped core.
void EmulatedTarget::set_breakpoint(std::uint32_t address) {
  const bool was_running = is_running_;
  pause();
  core_->set_breakpoint(address);
  breakpoints_.insert(address);
  if (was_running) run();
}

void EmulatedTarget::clear_breakpoint(std::uint32_t address) {
  const bool was_running = is_running_;
  pause();
  core_->clear_breakpoint(address);
  breakpoints_.erase(address);
  if (was_running) run();
}

void EmulatedTarget::reset(After after) {
  if (after == After::is_halted) pause();
  if (!is_running_) restore_flash();
  monitor_.reset();
  is_fresh_ = true;
  is_stale_ = may_sleep_ = false;
  stopped_ = locked_up_ = false;
  if (after == After::runs) run();
}

asio::awaitable<std::string> EmulatedTarget::wait_for_end() {
  std::array<std::uint8_t, 256> nothing{};
  for (;;) {
    const Result<std::size_t> size = co_await process_->read(nothing);
    if (!size) co_return in_short(size.error().evidence);
  }
}

std::string EmulatedTarget::last_words() { return in_short(process_->last_words()); }

std::string EmulatedTarget::serial_port() {
  std::string name = monitor_.serial_port();
  for (const std::string_view prefix : {"disconnected:", "pty:", "tcp:"}) {
    if (name.starts_with(prefix)) name.erase(0, prefix.size());
  }
  return name.substr(0, name.find(','));
}

}  // namespace tinyhil::sim
