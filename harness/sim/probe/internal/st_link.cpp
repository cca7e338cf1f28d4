// SPDX-License-Identifier: Apache-2.0
#include "st_link.hpp"

#include <algorithm>

#include "little_endian.hpp"

namespace tinyhil::sim {

namespace {

constexpr std::uint8_t kGetVersion = 0xF1, kDebug = 0xF2, kGetMode = 0xF5, kGetVoltage = 0xF7;
constexpr std::uint8_t kExit = 0x21, kEnter = 0x30, kReadIds = 0x31, kDriveReset = 0x3C, kLastStatus = 0x3B,
                       kLastStatusAndPlace = 0x3E, kSwdSpeed = 0x43, kJtagSpeed = 0x44, kReadRegister = 0x45,
                       kWriteRegister = 0x46, kInitPort = 0x4B, kClosePort = 0x4C;
constexpr std::uint8_t kRead32 = 0x07, kWrite32 = 0x08, kRead8 = 0x0C, kWrite8 = 0x0D, kRead16 = 0x47,
                       kWrite16 = 0x48, kWrite32InPlace = 0x50, kRead32InPlace = 0x54;
constexpr std::uint8_t kOk = 0x80, kUnknown = 0x81, kApWait = 0x10, kApFault = 0x11, kDpWait = 0x14,
                       kDpFault = 0x15, kNoId = 0x09, kBadPort = 0x1D;
constexpr std::uint8_t kMassStorageMode = 1, kDebugMode = 2;
constexpr std::uint16_t kDebugPort = 0xFFFF;

constexpr std::uint32_t kUsualCsw = 0x23000000, kIncrement = 0x10, kIncrementRange = 4096;
constexpr unsigned kWaitsMax = 8;  // after which it lets the host ask again

std::uint8_t access_status(Ack ack) { return ack == Ack::ok ? kOk : ack == Ack::wait ? kApWait : kApFault; }
std::uint8_t port_status(Ack ack) { return ack == Ack::ok ? kOk : ack == Ack::wait ? kDpWait : kDpFault; }

std::vector<std::uint8_t> with_value(std::uint8_t status, std::uint32_t value, std::size_t size) {
  std::vector<std::uint8_t> reply(size, 0);
  reply[0] = status;
  std::ranges::copy(bytes_of(value), reply.begin() + 4);
  return reply;
}

std::vector<std::uint8_t> version() {
  constexpr unsigned kHardware = 2, kDebugFirmware = 37, kStorageFirmware = 26;
  constexpr unsigned kVersion = kHardware << 12 | kDebugFirmware << 6 | kStorageFirmware;
  return {kVersion >> 8,        kVersion & 0xFF,         StLink::kVendor & 0xFF,
          StLink::kVendor >> 8, StLink::kProduct & 0xFF, StLink::kProduct >> 8};
}

// Its reference of 1.2 V, and half the target's 3.3 V, as one converter sees them.
std::vector<std::uint8_t> voltage() {
  std::vector<std::uint8_t> reply;
  for (const std::uint32_t reading : {1489U, 2048U}) {
    const auto bytes = bytes_of(reading);
    reply.insert(reply.end(), bytes.begin(), bytes.end());
  }
  return reply;
}

std::uint32_t stride(std::uint8_t command) {
  switch (command) {
    case kRead8:
    case kWrite8:
      return 1;
    case kRead16:
    case kWrite16:
      return 2;
    default:
      return 4;
  }
}

}  // namespace

std::vector<std::uint8_t> StLink::execute(Command command, std::span<const std::uint8_t> data) {
  switch (command[0]) {
    case kGetVersion:
      return version();
    case kGetMode:
      return {is_debugging_ ? kDebugMode : kMassStorageMode, 0};
    case kGetVoltage:
      return voltage();
    case kDebug:
      return debug(command, data);
    default:
      return {};  // leaving a mode that it is never in, among them
  }
}

std::vector<std::uint8_t> StLink::debug(Command command, std::span<const std::uint8_t> data) {
  const std::uint8_t which = command[1];
  switch (which) {
    case kEnter:
      is_debugging_ = true;
      wires_.port.reset_line();
      wires_.port.write_port(DebugPort::kAbort, DebugPort::kClearAll);
      wires_.port.write_port(DebugPort::kControl, DebugPort::kPower);
      return {wires_.port.is_there() ? kOk : kNoId, 0};
    case kExit:
      is_debugging_ = false;
      return {};
    case kReadIds:
      return with_value(kOk, wires_.port.id(DebugPort::kSwdId), 12);
    case kDriveReset:
      return {drive_reset(command[2]), 0};
    case kSwdSpeed:
    case kJtagSpeed:
    case kClosePort:
      return {kOk, 0};
    case kInitPort:
      return {command[2] == 0 ? kOk : kBadPort, 0};
    case kReadRegister:
      return read_register(command);
    case kWriteRegister:
      return {write_register(command), 0};
    case kRead8:
    case kRead16:
    case kRead32:
    case kRead32InPlace:
      return read_memory(command, stride(which));
    case kWrite8:
    case kWrite16:
    case kWrite32:
    case kWrite32InPlace:
      return write_memory(command, data, stride(which));
    case kLastStatus:
      return {status_, 0};
    case kLastStatusAndPlace:
      return last_status();
    default:
      return {kUnknown, 0};
  }
}

std::vector<std::uint8_t> StLink::last_status() const { return with_value(status_, failed_at_, 12); }

std::uint8_t StLink::drive_reset(std::uint8_t how) {
  constexpr std::uint8_t kLow = 0, kPulse = 2;
  if (how == kLow || how == kPulse) wires_.core.drive_reset_pin(true);
  if (how != kLow) wires_.core.drive_reset_pin(false);
  return kOk;
}

std::vector<std::uint8_t> StLink::read_register(Command command) {
  const std::uint16_t port = load16(command.subspan(2)), address = load16(command.subspan(4));
  if (port == kDebugPort) {
    const DebugPort::Answer answer = wires_.port.read_port(static_cast<std::uint8_t>(address & 0xC));
    return with_value(port_status(answer.ack), answer.value, 8);
  }
  const DebugPort::Answer answer =
      wires_.port.read_access(static_cast<std::uint8_t>(port), static_cast<std::uint8_t>(address));
  return with_value(access_status(answer.ack), answer.value, 8);
}

std::uint8_t StLink::write_register(Command command) {
  const std::uint16_t port = load16(command.subspan(2)), address = load16(command.subspan(4));
  const std::uint32_t value = load32(command.subspan(6));
  if (port == kDebugPort)
    return port_status(wires_.port.write_port(static_cast<std::uint8_t>(address & 0xC), value));
  return access_status(
      wires_.port.write_access(static_cast<std::uint8_t>(port), static_cast<std::uint8_t>(address), value));
}

// Its firmware programs the access port for each of these commands: size, address, and the flags that came
// along.
bool StLink::select(Command command, std::uint32_t size) {
  const std::uint8_t port = command[8];
  const std::uint32_t flags = (load32(command.subspan(8)) & 0xFFFFFF00);
  const bool in_place = command[1] == kRead32InPlace || command[1] == kWrite32InPlace;
  const std::uint32_t csw = (flags != 0 ? flags : kUsualCsw) | (in_place ? 0 : kIncrement) | size / 2;
  failed_at_ = load32(command.subspan(2));
  if (port != 0) {
    status_ = kBadPort;
    return false;
  }
  Ack ack = wires_.port.write_access(port, AccessPort::kCsw, csw);
  if (ack == Ack::ok) ack = wires_.port.write_access(port, AccessPort::kTar, failed_at_);
  status_ = access_status(ack);
  return ack == Ack::ok;
}

// TAR counts within so many bytes; the probe writes it anew for each of them. Returns how many were
// transferred.
template <class Transfer>
std::size_t StLink::in_pieces(Command command, std::uint32_t size, std::size_t count, Transfer transfer) {
  const bool in_place = command[1] == kRead32InPlace || command[1] == kWrite32InPlace;
  std::size_t done = 0;
  unsigned waits = 0;
  while (done < count) {
    const std::size_t left = (kIncrementRange - failed_at_ % kIncrementRange + size - 1) / size;
    const std::size_t piece = in_place ? count : std::min(count - done, left);
    const DebugPort::Block block = transfer(done, piece);
    waits = block.count > 0 ? 0 : waits + 1;
    done += block.count;
    if (!in_place) failed_at_ += static_cast<std::uint32_t>(block.count) * size;
    status_ = access_status(block.ack);
    if (block.ack == Ack::wait && waits < kWaitsMax) continue;
    if (block.ack != Ack::ok) break;
    if (done < count) wires_.port.write_access(0, AccessPort::kTar, failed_at_);
  }
  return done;
}

std::vector<std::uint8_t> StLink::read_memory(Command command, std::uint32_t size) {
  const std::size_t wanted = std::min<std::size_t>(load16(command.subspan(6)), kDataMax);
  std::vector<std::uint8_t> reply(std::max<std::size_t>(wanted, 2), 0);
  const std::uint32_t address = load32(command.subspan(2));
  if (!select(command, size)) return reply;
  std::vector<std::uint32_t> values(wanted / size);
  const std::size_t done = in_pieces(command, size, values.size(), [&](std::size_t first, std::size_t count) {
    return wires_.port.read_block(std::span(values).subspan(first, count));
  });
  for (std::size_t n = 0; n < done * size; ++n) {
    const unsigned lane = command[1] == kRead32InPlace ? n & 3 : (address + n) & 3;
    reply[n] = static_cast<std::uint8_t>(values[n / size] >> 8 * lane);
  }
  return reply;
}

std::vector<std::uint8_t> StLink::write_memory(Command command, std::span<const std::uint8_t> data,
                                               std::uint32_t size) {
  const std::uint32_t address = load32(command.subspan(2));
  if (!select(command, size)) return {};
  std::vector<std::uint32_t> values(std::min<std::size_t>(data.size(), load16(command.subspan(6))) / size, 0);
  for (std::size_t n = 0; n < values.size() * size; ++n) {
    const unsigned lane = command[1] == kWrite32InPlace ? n & 3 : (address + n) & 3;
    values[n / size] |= static_cast<std::uint32_t>(data[n]) << 8 * lane;
  }
  in_pieces(command, size, values.size(), [&](std::size_t first, std::size_t count) {
    return wires_.port.write_block(std::span(values).subspan(first, count));
  });
  return {};
}

}  // namespace tinyhil::sim
