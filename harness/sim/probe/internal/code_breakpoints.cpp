// SPDX-License-Identifier: Apache-2.0
#include "code_breakpoints.hpp"

namespace tinyhil::sim {

namespace {

constexpr std::size_t kPieceMax = 500;  // less than a page of flash
constexpr std::size_t kFoundMax = 256;
constexpr std::uint8_t kBkpt = 0xBE;

}  // namespace

void CodeBreakpoints::note(std::uint32_t address, std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return;
  const auto last = static_cast<std::uint32_t>(address + (bytes.size() - 1));
  found_.erase(found_.lower_bound(address & ~1U), found_.upper_bound(last));
  if (bytes.size() > kPieceMax) return;
  for (std::size_t n = address & 1; n + 1 < bytes.size() && found_.size() < kFoundMax; n += 2) {
    if (bytes[n + 1] == kBkpt) found_.insert(static_cast<std::uint32_t>(address + n));
  }
}

void CodeBreakpoints::apply(Target& target) {
  for (const std::uint32_t address : set_)
    if (!found_.contains(address)) target.clear_breakpoint(address);
  for (const std::uint32_t address : found_)
    if (!set_.contains(address)) target.set_breakpoint(address);
  set_ = found_;
}

}  // namespace tinyhil::sim
