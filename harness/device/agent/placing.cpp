// SPDX-License-Identifier: Apache-2.0
// AgentLink::push: content that the transport can write into the device's memory goes straight into its slot,
// and the device's digest proves it. All else goes as frames.
#include <algorithm>

#include "agent_link.hpp"
#include "base/hex.hpp"
#include "device/agent/internal/refusal.hpp"
#include "transport/target_memory.hpp"

namespace tinyhil::device {

namespace {

constexpr std::size_t kPlacedAtLeast = 2048;  // bytes; what fits two frames is there as soon by frames
constexpr std::size_t kPlacedTogether = 16;   // slots
constexpr int kWriteTries = 2;                // a bad contact passes
constexpr unsigned kDetoursMost = 3;          // after which nothing more is placed over this line

Exchange exchange_of(const PushFrame& frame, Patience patience) {
  return {frame.type, {frame.payload.begin(), frame.payload.end()}, patience};
}

Fault not_a_variable(std::uint32_t address) {
  return {FaultKind::refused,
          "the device's slot lies at " + hexadecimal(address) + ", where its image has no variables",
          {},
          "name the image that runs on the board; slots are placed in memory that it reserves (.bss)"};
}

}  // namespace

bool AgentLink::places() const {
  return device_tells_places_ && detours_ < kDetoursMost && transport_->memory() != nullptr;
}

// As many at a time as the device grants, so that a probe is not waited for between any two.
asio::awaitable<Result<void>> AgentLink::ask_all(std::vector<Exchange>& exchanges) {
  std::vector<Activity*> all;
  for (Exchange& exchange : exchanges) all.push_back(&exchange);
  co_return co_await drive(std::move(all));
}

asio::awaitable<Result<std::vector<std::uint32_t>>> AgentLink::open_places(std::span<const PushBlock> batch) {
  const Patience patience{timing_.quick};
  std::vector<Exchange> exchanges;
  for (const PushBlock& block : batch) {
    PayloadBuffer buffer;
    exchanges.push_back(exchange_of(begin_frame(block, buffer), patience));
    const thil_place place{0, static_cast<std::uint8_t>(block.kind), block.slot};
    exchanges.emplace_back(std::uint8_t{THIL_ID_place}, pack(place), patience);
  }
  const Result<void> opened = co_await ask_all(exchanges);
  if (!opened) co_return opened.error();
  std::vector<std::uint32_t> addresses;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto placed = unpack<thil_placed>(exchanges[2 * i + 1].reply().view());
    if (!placed) co_return malformed("placed");
    const std::size_t size = batch[i].content.size();
    if (!transport_->memory()->covers(placed->address, size)) co_return not_a_variable(placed->address);
    addresses.push_back(placed->address);
  }
  co_return addresses;
}

asio::awaitable<Result<void>> AgentLink::write_at(std::uint32_t address,
                                                  std::span<const std::uint8_t> content) {
  for (int left = kWriteTries;; --left) {
    std::vector<std::uint8_t> bytes(content.begin(), content.end());
    Result<void> written = co_await transport_->memory()->write(address, std::move(bytes));
    if (written || written.error().kind != FaultKind::refused || left == 1) co_return written;
  }
}

asio::awaitable<Result<void>> AgentLink::place(std::span<const PushBlock> batch) {
  const Result<std::vector<std::uint32_t>> addresses = co_await open_places(batch);
  if (!addresses) co_return addresses.error();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const Result<void> written = co_await write_at((*addresses)[i], batch[i].content);
    if (!written) co_return written;
  }
  const Patience patience{timing_.long_work, true};
  std::vector<Exchange> proofs;
  for (const PushBlock& block : batch) {
    PayloadBuffer buffer;
    proofs.push_back(exchange_of(end_frame(block, buffer), patience));
  }
  co_return co_await ask_all(proofs);
}

// A refusal, of the device or of the probe, costs the time that frames take; the line is as good as before.
asio::awaitable<Result<void>> AgentLink::push(std::vector<PushBlock> blocks) {
  const auto is_large = [](const PushBlock& block) { return block.content.size() >= kPlacedAtLeast; };
  auto left = std::stable_partition(blocks.begin(), blocks.end(), is_large);
  std::vector<PushBlock> by_frames(left, blocks.end());
  blocks.erase(left, blocks.end());
  for (std::size_t at = 0; at < blocks.size(); at += kPlacedTogether) {
    const auto batch = std::span(blocks).subspan(at).first(std::min(kPlacedTogether, blocks.size() - at));
    if (places()) {
      const Result<void> placed = co_await place(batch);
      if (placed) continue;
      if (placed.error().kind != FaultKind::refused) co_return placed;
      note_detour(placed.error(), batch.size());
    }
    by_frames.insert(by_frames.end(), batch.begin(), batch.end());
  }
  PushStream push(std::move(by_frames), timing_.long_work);
  std::vector<Activity*> only{&push};
  co_return co_await drive(std::move(only));
}

void AgentLink::note_detour(const Fault& fault, std::size_t slots) {
  ++detours_;
  slots_detoured_ += slots;
  why_detour_ = fault.what;
}

std::string AgentLink::detours() const {
  if (detours_ == 0) return {};
  return std::to_string(slots_detoured_) + (slots_detoured_ == 1 ? " slot: " : " slots: ") + why_detour_;
}

}  // namespace tinyhil::device
