// SPDX-License-Identifier: Apache-2.0
#include "access_port.hpp"

#include <array>

#include "component_id.hpp"
#include "little_endian.hpp"

namespace tinyhil::sim {

namespace {

constexpr std::uint32_t kSizeBits = 7, kIncrement = 0x30, kSingle = 0x10, kEnabled = 0x40;
constexpr std::uint32_t kKept = 0x7F000000 | kSizeBits;
constexpr std::uint8_t kBanked = 0x10, kBankedEnd = 0x20, kBase = 0xF8, kId = 0xFC;
constexpr std::uint32_t kAhbPort = 0x24770011;
constexpr std::uint32_t kIncrementRange = 0x1000;  // TAR wraps in it

}  // namespace

std::uint32_t AccessPort::size() const { return 1U << (csw_ & kSizeBits); }

bool AccessPort::read(std::uint8_t address, std::uint32_t& value) {
  value = 0;
  if (address >= kBanked && address < kBankedEnd) return read_data((tar_ & ~15U) + (address & 15U), value);
  switch (address) {
    case kCsw:
      value = csw_ | kEnabled;
      return true;
    case kTar:
      value = tar_;
      return true;
    case kBase:
      value = kRomTable | 3;
      return true;
    case kId:
      value = kAhbPort;
      return true;
    case kDrw:
      break;
    default:
      return true;  // CFG among them: little-endian, 32 bits
  }
  if (!read_data(tar_, value)) return false;
  advance(size());
  return true;
}

bool AccessPort::write(std::uint8_t address, std::uint32_t value) {
  if (address >= kBanked && address < kBankedEnd) return write_data((tar_ & ~15U) + (address & 15U), value);
  if (address == kCsw) {
    const std::uint32_t width = (value & kSizeBits) > 2 ? 2 : value & kSizeBits;
    csw_ = (value & kKept & ~kSizeBits) | width | ((value & kIncrement) != 0 ? kSingle : 0);
  }
  if (address == kTar) tar_ = value;
  if (address != kDrw) return true;
  if (!write_data(tar_, value)) return false;
  advance(size());
  return true;
}

void AccessPort::advance(std::uint32_t bytes) {
  if ((csw_ & kIncrement) == 0) return;
  tar_ = (tar_ & ~(kIncrementRange - 1)) | ((tar_ + bytes) & (kIncrementRange - 1));
}

// Byte lanes are those of the address.
bool AccessPort::read_data(std::uint32_t address, std::uint32_t& value) {
  std::array<std::uint8_t, 4> lanes{};
  const std::uint32_t lane = address & 3 & ~(size() - 1);
  if (!bus_.read(address & ~(size() - 1), std::span(lanes).subspan(lane, size()))) return false;
  value = load32(lanes);
  return true;
}

bool AccessPort::write_data(std::uint32_t address, std::uint32_t value) {
  const auto lanes = bytes_of(value);
  const std::uint32_t lane = address & 3 & ~(size() - 1);
  return bus_.write(address & ~(size() - 1), std::span(lanes).subspan(lane, size()));
}

// A run of memory is read at once; a peripheral's registers are read one by one, each as wide as asked for.
bool AccessPort::is_run(std::size_t count) const {
  const std::uint32_t region = tar_ >> 29;
  const bool is_memory = region == 0 || region == 1 || region == 3 || region == 4;
  const std::uint32_t left = kIncrementRange - (tar_ & (kIncrementRange - 1));
  return is_memory && (csw_ & kIncrement) != 0 && tar_ % size() == 0 && count <= left / size();
}

unsigned AccessPort::lane_shift(std::size_t n) const {
  return 8 * ((tar_ + static_cast<std::uint32_t>(n) * size()) & 3);
}

bool AccessPort::read_block(std::span<std::uint32_t> values) {
  if (!is_run(values.size())) {
    for (std::uint32_t& value : values)
      if (!read(kDrw, value)) return false;
    return true;
  }
  run_.assign(size() * values.size() + 3, 0);
  if (!bus_.read(tar_, std::span(run_).first(size() * values.size()))) return false;
  const std::uint32_t kept = size() == 4 ? ~0U : (1U << 8 * size()) - 1;
  for (std::size_t n = 0; n < values.size(); ++n) {
    values[n] = (load32(std::span(run_).subspan(size() * n)) & kept) << lane_shift(n);
  }
  advance(size() * static_cast<std::uint32_t>(values.size()));
  return true;
}

bool AccessPort::write_block(std::span<const std::uint32_t> values) {
  if (!is_run(values.size())) {
    for (const std::uint32_t value : values)
      if (!write(kDrw, value)) return false;
    return true;
  }
  run_.clear();
  for (std::size_t n = 0; n < values.size(); ++n) {
    const auto bytes = bytes_of(values[n] >> lane_shift(n));
    run_.insert(run_.end(), bytes.begin(), bytes.begin() + size());
  }
  if (!bus_.write(tar_, run_)) return false;
  advance(static_cast<std::uint32_t>(run_.size()));
  return true;
}

}  // namespace tinyhil::sim
