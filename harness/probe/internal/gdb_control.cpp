// SPDX-License-Identifier: Apache-2.0
// Of GdbRemote: the core's registers, its running and standing, its reset and its flash.
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

#include "base/hex.hpp"
#include "base/visible.hpp"
#include "gdb_remote.hpp"

namespace tinyhil::probe {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Bytes = std::vector<std::uint8_t>;

constexpr milliseconds kStopLimit{5'000};
constexpr milliseconds kResetLimit{2'000};
constexpr milliseconds kResetPause{5};
constexpr milliseconds kFlashLimit{60'000};  // of one command: a chip erases for seconds
constexpr std::uint32_t kResetVector = 4;    // of a core whose vectors are at 0

// What an ARM core without a description has: GDB's numbers.
RspRegisters usual_registers() {
  RspRegisters registers = {{"sp", {13, 32}}, {"lr", {14, 32}}, {"pc", {15, 32}}, {"xpsr", {25, 32}}};
  for (unsigned i = 0; i <= 12; ++i) registers["r" + std::to_string(i)] = {i, 32};
  return registers;
}

Fault bad_register(const std::string& name, const std::string& answer) {
  return {FaultKind::refused, "the GDB server does not give register " + name,
          visible_line(answer.substr(0, 80))};
}

const RspFlash* flash_around(const std::vector<RspFlash>& flash, const FlashSegment& segment) {
  for (const RspFlash& region : flash)
    if (segment.address >= region.begin && segment.end() <= region.begin + region.size) return &region;
  return nullptr;
}

}  // namespace

// QEMU takes a register's number only after its description was read.
asio::awaitable<Result<void>> GdbRemote::learn_registers() {
  if (!registers_.empty()) co_return Result<void>();
  registers_ = usual_registers();
  for (unsigned i = 0; i < 8; ++i) registers_["f" + std::to_string(i)] = {16 + i, 96};  // in "g", before xpsr
  registers_["fps"] = {24, 32};
  if (!offers("qXfer:features:read")) co_return Result<void>();
  const Result<std::string> whole = co_await document("features", "target.xml");
  if (!whole) co_return whole.error();
  unsigned next = 0;
  RspRegisters found = rsp_registers(*whole, next);
  for (const std::string& part : rsp_includes(*whole)) {
    const Result<std::string> text = co_await document("features", part);
    if (!text) co_return text.error();
    found.merge(rsp_registers(*text, next));
  }
  if (found.contains("pc")) registers_ = std::move(found);
  co_return Result<void>();
}

// One by one, since "g" may have hundreds of bytes; pyOCD 0.46 knows "g" only.
asio::awaitable<Result<std::map<std::string, std::uint32_t>>> GdbRemote::registers() {
  const Result<void> learnt = co_await learn_registers();
  if (!learnt) co_return learnt.error();
  const RspRegisters wanted = usual_registers();
  std::map<std::string, std::uint32_t> values;
  for (const auto& [name, usual] : wanted) {
    const auto known = registers_.find(name);
    if (known == registers_.end()) continue;
    std::string asked = "p" + rsp_number(known->second.number);
    const Result<std::string> answer = co_await ask(std::move(asked));
    if (!answer) co_return answer.error();
    if (answer->empty()) break;
    const auto bytes = from_hex(*answer);
    if (bytes && bytes->size() == 4) values[name] = rsp_word(*bytes);
  }
  if (!values.contains("pc")) {
    std::string all = "g";
    const Result<std::string> answer = co_await ask(std::move(all));
    if (!answer) co_return answer.error();
    values = rsp_values(*answer, registers_);
    std::erase_if(values, [&wanted](const auto& each) { return !wanted.contains(each.first); });
  }
  if (!values.contains("pc")) co_return bad_register("pc", "");
  co_return values;
}

asio::awaitable<Result<void>> GdbRemote::write_register(std::string name, std::uint32_t value) {
  const Result<void> learnt = co_await learn_registers();
  if (!learnt) co_return learnt.error();
  const auto known = registers_.find(name);
  if (known == registers_.end()) co_return bad_register(name, "");
  Bytes bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
  std::string asked = "P" + rsp_number(known->second.number) + "=" + to_hex(bytes);
  co_return co_await tell(std::move(asked));
}

asio::awaitable<Result<std::optional<int>>> GdbRemote::wait_stop(milliseconds limit) {
  // Standing already: asked, since the stop may have come between other answers.
  if (!is_running_) {
    std::string why = "?";
    const Result<void> sent = co_await connection_.send(std::move(why));
    if (!sent) co_return sent.error();
    limit = std::max(limit, settings_.limit);
  }
  const auto end = steady_clock::now() + limit;
  while (true) {
    const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
    const Result<std::optional<std::string>> packet =
        co_await connection_.receive_within(std::max(left, milliseconds(0)));
    if (!packet) co_return packet.error();
    if (!*packet) co_return std::optional<int>();
    const std::optional<int> signal = rsp_stop_signal(**packet);
    if (!signal) continue;  // what the program prints
    is_running_ = false;
    co_return signal;
  }
}

asio::awaitable<Result<void>> GdbRemote::halt() {
  if (!is_running_) co_return Result<void>();
  const Result<void> sent = co_await connection_.send_interrupt();
  if (!sent) co_return sent;
  const Result<std::optional<int>> stopped = co_await wait_stop(kStopLimit);
  if (!stopped) co_return stopped.error();
  if (!*stopped) co_return Fault{FaultKind::timeout, "the core does not halt", {}};
  co_return Result<void>();
}

asio::awaitable<Result<void>> GdbRemote::resume() {
  if (is_running_) co_return Result<void>();
  std::string go = "c";
  const Result<void> sent = co_await connection_.send(std::move(go));
  if (sent) is_running_ = true;
  co_return sent;
}

asio::awaitable<Result<void>> GdbRemote::step() {
  std::string one = "s";
  const Result<void> sent = co_await connection_.send(std::move(one));
  if (!sent) co_return sent;
  is_running_ = true;
  const Result<std::optional<int>> stopped = co_await wait_stop(kStopLimit);
  if (!stopped) co_return stopped.error();
  if (!*stopped) co_return Fault{FaultKind::timeout, "the core does not end a step", {}};
  co_return Result<void>();
}

// A server that resets later has done so when the core stands where its vector leads.
asio::awaitable<Result<void>> GdbRemote::stand_at_reset() {
  const auto end = steady_clock::now() + kResetLimit;
  const Result<Bytes> vector = co_await read(kResetVector, 4);
  if (!vector) co_return vector.error();
  while (steady_clock::now() < end) {
    const auto values = co_await registers();
    if (!values) co_return values.error();
    const auto pc = values->find("pc");
    if (pc != values->end() && pc->second == (rsp_word(*vector) & ~1U)) co_return Result<void>();
    asio::steady_timer pause(co_await asio::this_coro::executor, kResetPause);
    co_await pause.async_wait(asio::use_awaitable);
  }
  co_return Fault{FaultKind::timeout, "the core does not stand at its reset vector", {}};
}

asio::awaitable<Result<void>> GdbRemote::reset_halt() {
  Result<void> done = co_await halt();
  if (!done) co_return done;
  done = co_await take(server_->reset_halt);
  if (!done || !server_->resets_later) co_return done;
  co_return co_await stand_at_reset();
}

asio::awaitable<Result<void>> GdbRemote::reset_run() {
  const Result<void> done = co_await reset_halt();
  if (!done) co_return done;
  co_return co_await resume();
}

// Whole blocks, each once: two segments may share one.
asio::awaitable<Result<void>> GdbRemote::erase(const FirmwareImage& image,
                                               const std::vector<RspFlash>& flash) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> blocks;
  for (const FlashSegment& segment : image.segments) {
    const RspFlash* region = flash_around(flash, segment);
    if (region == nullptr) {
      co_return Fault{FaultKind::refused,
                      "the GDB server knows no flash at " + hex_address(segment.address) + " for " +
                          std::to_string(segment.bytes.size()) + " bytes",
                      {}};
    }
    const std::uint64_t first = (segment.address - region->begin) / region->block;
    const std::uint64_t end = (segment.end() - region->begin + region->block - 1) / region->block;
    for (std::uint64_t i = first; i < end; ++i)
      blocks.emplace(region->begin + i * region->block, region->block);
  }
  for (const auto& [begin, size] : blocks) {
    std::string asked = "vFlashErase:" + rsp_number(begin) + "," + rsp_number(size);
    const Result<void> done = co_await tell(std::move(asked), kFlashLimit);
    if (!done) co_return done;
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> GdbRemote::put(std::uint32_t address, const Bytes& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const std::size_t part = std::min(bytes.size() - done, packet_room() / 2);
    std::string asked = "vFlashWrite:" + rsp_number(address + done) + ":" +
                        std::string(bytes.begin() + static_cast<std::ptrdiff_t>(done),
                                    bytes.begin() + static_cast<std::ptrdiff_t>(done + part));
    const Result<void> written = co_await tell(std::move(asked), kFlashLimit);
    if (!written) co_return written;
    done += part;
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> GdbRemote::flash(const FirmwareImage& image) {
  if (!offers("qXfer:memory-map:read"))
    co_return Fault{FaultKind::refused, "this GDB server does not say what flash its core has", {}};
  Result<void> done = co_await reset_halt();
  if (!done) co_return done;
  const Result<std::string> map = co_await document("memory-map", "");
  if (!map) co_return map.error();
  const std::vector<RspFlash> regions = rsp_flash(*map);
  done = co_await erase(image, regions);
  if (!done) co_return done;
  for (const FlashSegment& segment : image.segments) {
    done = co_await put(static_cast<std::uint32_t>(segment.address), segment.bytes);
    if (!done) co_return done;
  }
  std::string end = "vFlashDone";
  done = co_await tell(std::move(end), kFlashLimit);
  if (!done) co_return done;
  for (const FlashSegment& segment : image.segments) {
    const auto there = co_await read(static_cast<std::uint32_t>(segment.address),
                                     static_cast<std::uint32_t>(segment.bytes.size()));
    if (!there) co_return there.error();
    if (*there == segment.bytes) continue;
    co_return Fault{FaultKind::wrong_image,
                    "the flash does not hold what was written to it",
                    {},
                    "check write protection and the supply"};
  }
  co_return co_await reset_halt();
}

}  // namespace tinyhil::probe
