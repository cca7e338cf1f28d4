// SPDX-License-Identifier: Apache-2.0
#include "sam_flash.hpp"

#include <algorithm>

#include "little_endian.hpp"

namespace tinyhil::sim {

namespace {

constexpr std::uint32_t kUserPage = 0x00804000;
constexpr std::uint32_t kService = 0x41002000, kServiceFromOutside = 0x41002100, kController = 0x41004000;
constexpr std::uint32_t kUnit = 0x1000;
constexpr std::uint32_t kPrivateBus = 0xE0000000;

// Of the device service unit.
constexpr std::uint32_t kServiceControl = 0x00, kServiceStatus = 0x01, kServiceStatusB = 0x02,
                        kDeviceId = 0x18;
constexpr std::uint32_t kServiceMirror = 0x100;
constexpr std::uint8_t kChipErase = 1 << 4, kEraseDone = 1, kSecured = 1, kDebuggerPresent = 2;
constexpr std::uint32_t kSamE54P20A = 0x61840300;

// Of the controller.
constexpr std::uint32_t kCommand = 0x04, kParameters = 0x08, kFlags = 0x10, kStatus = 0x12, kAddress = 0x14,
                        kLocks = 0x18;
constexpr std::uint32_t kPageSizeCode = 6;  // 512 bytes
constexpr std::uint16_t kDone = 1 << 0, kBadAddress = 1 << 1, kBadCommand = 1 << 2, kLockError = 1 << 3;
constexpr std::uint16_t kReady = 1;
constexpr std::uint16_t kKey = 0xA5;
constexpr std::uint8_t kErasePage = 0x00, kEraseBlock = 0x01, kWritePage = 0x03, kWriteQuadWord = 0x04,
                       kLockRegion = 0x11, kUnlockRegion = 0x12, kClearBuffer = 0x15, kSetSecurity = 0x16;
constexpr std::uint32_t kRegions = 32;

bool on_user_page(std::uint32_t address) { return address - kUserPage < SamFlash::kPage; }
bool on_units(std::uint32_t address) { return address - kService < kUnit || address - kController < kUnit; }

}  // namespace

SamFlash::SamFlash(MemoryBus& bus, bool is_locked) : bus_(bus), is_locked_(is_locked) {
  buffer_.fill(kErased);
  user_page_.fill(kErased);
}

// The core's own bus is not behind the device service unit.
bool SamFlash::is_hidden(std::uint32_t address) const {
  return is_locked_ && address < kPrivateBus && address - kServiceFromOutside >= kServiceMirror;
}

bool SamFlash::read(std::uint32_t address, std::span<std::uint8_t> into) {
  if (is_hidden(address)) return false;
  if (!on_user_page(address) && !on_units(address)) return bus_.read(address, into);
  for (std::uint8_t& byte : into) {
    byte = on_user_page(address) ? user_page_[address - kUserPage] : read_register(address);
    ++address;
  }
  return true;
}

bool SamFlash::write(std::uint32_t address, std::span<const std::uint8_t> bytes) {
  if (is_hidden(address)) return false;
  if (address < kSize || on_user_page(address)) {
    buffer(address, bytes);
  } else if (on_units(address)) {
    write_register(address, bytes);
  } else {
    return bus_.write(address, bytes);
  }
  return true;
}

std::uint8_t SamFlash::read_register(std::uint32_t address) const {
  const auto byte_of = [&](std::uint32_t value) {
    return static_cast<std::uint8_t>(value >> 8 * (address & 3));
  };
  if (address - kService < kUnit) {
    const std::uint32_t offset = (address - kService) % kServiceMirror;
    if (offset == kServiceStatus) return service_status_;
    if (offset == kServiceStatusB) return kDebuggerPresent | (is_locked_ ? kSecured : 0);
    return (offset & ~3U) == kDeviceId ? byte_of(kSamE54P20A) : 0;
  }
  switch ((address - kController) & ~3U) {
    case kParameters:
      return byte_of(kPageSizeCode << 16 | kSize / kPage);
    case kFlags:
      return byte_of(flags_ | std::uint32_t{kReady} << 8 * (kStatus - kFlags));
    case kAddress:
      return byte_of(address_);
    case kLocks:
      return byte_of(unlocked_);
    default:
      return 0;
  }
}

void SamFlash::write_register(std::uint32_t address, std::span<const std::uint8_t> bytes) {
  std::array<std::uint8_t, 4> padded{};
  std::copy_n(bytes.begin(), std::min<std::size_t>(bytes.size(), 4), padded.begin());
  const std::uint32_t value = load32(padded);
  if (address - kService < kUnit) {
    const std::uint32_t offset = (address - kService) % kServiceMirror;
    if (offset == kServiceStatus) service_status_ &= static_cast<std::uint8_t>(~value);
    if (offset == kServiceControl && (value & kChipErase) != 0) erase_all();
    return;
  }
  switch (address - kController) {
    case kCommand:
      if ((value >> 8 & 0xFF) == kKey) return execute(value & 0x7F);
      flags_ |= kBadCommand;
      return;
    case kFlags:
      flags_ &= static_cast<std::uint16_t>(~value);
      return;
    case kAddress:
      address_ = value;
      return;
    default:
      return;
  }
}

// The last address written is the one that is programmed.
void SamFlash::buffer(std::uint32_t address, std::span<const std::uint8_t> bytes) {
  for (const std::uint8_t byte : bytes) {
    buffer_[address % kPage] = byte;
    address_ = address++;
  }
}

void SamFlash::execute(std::uint8_t command) {
  flags_ |= kDone;
  const std::uint32_t region = address_ / (kSize / kRegions) % kRegions;
  switch (command) {
    case kErasePage:
    case kEraseBlock:
      return erase(address_);
    case kWritePage:
    case kWriteQuadWord:
      return program();
    case kLockRegion:
      unlocked_ &= ~(1U << region);
      return;
    case kUnlockRegion:
      unlocked_ |= 1U << region;
      return;
    case kClearBuffer:
      buffer_.fill(kErased);
      return;
    case kSetSecurity:
      is_locked_ = true;
      return;
    default:
      flags_ |= kBadCommand;
      return;
  }
}

bool SamFlash::is_protected(std::uint32_t address) {
  if (address >= kSize) {
    flags_ |= kBadAddress;
    return true;
  }
  if ((unlocked_ >> address / (kSize / kRegions) & 1) != 0) return false;
  flags_ |= kLockError;
  return true;
}

void SamFlash::program() {
  std::array<std::uint8_t, kPage> page = user_page_;
  const std::uint32_t first = address_ & ~(kPage - 1);
  const bool is_user_page = on_user_page(address_);
  if (!is_user_page && (is_protected(address_) || !bus_.read(first, page))) return;
  for (std::size_t n = 0; n < kPage; ++n) page[n] &= buffer_[n];
  if (is_user_page) {
    user_page_ = page;
  } else if (!bus_.write(first, page)) {
    flags_ |= kBadAddress;
  }
  buffer_.fill(kErased);
}

void SamFlash::erase(std::uint32_t address) {
  if (on_user_page(address)) {
    user_page_.fill(kErased);
  } else if (!is_protected(address)) {
    fill(address & ~(kBlock - 1), kBlock);
  }
}

void SamFlash::erase_all() {
  fill(0, kSize);
  is_locked_ = false;
  unlocked_ = 0xFFFFFFFF;
  service_status_ |= kEraseDone;
}

void SamFlash::fill(std::uint32_t address, std::uint32_t size) {
  const std::vector<std::uint8_t> erased(kBlock, kErased);
  for (; size > 0; size -= kBlock, address += kBlock) {
    if (!bus_.write(address, erased)) flags_ |= kBadAddress;
  }
}

}  // namespace tinyhil::sim
