// SPDX-License-Identifier: Apache-2.0
#include "st_link_server.hpp"

#include <algorithm>

#include "little_endian.hpp"

namespace tinyhil::sim {

namespace {

constexpr std::uint8_t kRefresh = 0, kCount = 1, kDescribe = 2, kOpen = 3, kClose = 4, kCommand = 5,
                       kVersion = 6;
constexpr std::uint8_t kWrite = 0;  // the direction of a command; the others read
constexpr std::size_t kCommandHeader = 32;
constexpr std::size_t kSerialSize = 32;
constexpr std::uint32_t kDone = 1, kBadParameter = 0x1002;
constexpr std::uint32_t kProbe = 1, kConnection = 1;
constexpr std::size_t kAnswerMax = 10240;  // of ST's server and of its clients

// Old probes have 12 bytes for a serial number, any bytes. ST's server tells their digits, and OpenOCD
// expects them.
constexpr std::size_t kOldSerial = 12;
std::string digits_of(const std::string& serial) {
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string digits;
  for (const char each : serial) {
    digits += kDigits[static_cast<unsigned char>(each) >> 4];
    digits += kDigits[each & 15];
  }
  return digits;
}

void append(std::vector<std::uint8_t>& to, std::uint32_t value) {
  const auto bytes = bytes_of(value);
  to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace

std::size_t StLinkServer::size_of(std::span<const std::uint8_t> request) const {
  switch (request[0]) {
    case kCount:
      return 1;
    case kRefresh:
      return 2;
    case kVersion:
      return 4;
    case kDescribe:
    case kOpen:
    case kClose:
      return 8;
    default:
      break;
  }
  if (request.size() < kCommandHeader) return kCommandHeader;
  return kCommandHeader + (request[24] == kWrite ? load32(request.subspan(28)) : 0);
}

bool StLinkServer::receive(std::span<const std::uint8_t> bytes, std::vector<std::uint8_t>& reply) {
  waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
  std::span<const std::uint8_t> rest(waiting_);
  while (!rest.empty()) {
    if (rest[0] > kVersion) return false;
    const std::size_t size = size_of(rest);
    if (size > kCommandHeader + StLink::kDataMax) return false;
    if (rest.size() < size) break;
    answer(rest.first(size), reply);
    rest = rest.subspan(size);
  }
  waiting_.erase(waiting_.begin(), waiting_.end() - static_cast<std::ptrdiff_t>(rest.size()));
  return true;
}

void StLinkServer::answer(std::span<const std::uint8_t> request, std::vector<std::uint8_t>& reply) {
  switch (request[0]) {
    case kCount:
      return append(reply, 1);
    case kDescribe:
      return describe(reply);
    case kCommand:
      return pass_on(request, reply);
    case kVersion:
      for (const std::uint32_t part : {2U, 2U, 1U, 1U}) append(reply, part);  // API, then the version
      return;
    case kOpen:
      append(reply, kDone);
      return append(reply, kConnection);
    default:
      return append(reply, kDone);
  }
}

void StLinkServer::describe(std::vector<std::uint8_t>& reply) const {
  append(reply, kDone);
  append(reply, kProbe);
  std::string serial = serial_.size() == kOldSerial ? digits_of(serial_) : serial_;
  serial.resize(kSerialSize);
  reply.insert(reply.end(), serial.begin(), serial.end());
  append(reply, StLink::kVendor | std::uint32_t{StLink::kProduct} << 16);
  reply.push_back(0);  // nobody else uses it
}

void StLinkServer::pass_on(std::span<const std::uint8_t> request, std::vector<std::uint8_t>& reply) {
  const StLink::Command command = request.subspan(8).first<StLink::kCommandSize>();
  const bool writes = request[24] == kWrite;
  const std::size_t size = writes ? 0 : load32(request.subspan(28));
  if (size > kAnswerMax) return append(reply, kBadParameter);
  std::vector<std::uint8_t> answer = probe_.execute(command, request.subspan(kCommandHeader));
  answer.resize(size);
  append(reply, kDone);
  reply.insert(reply.end(), answer.begin(), answer.end());
}

}  // namespace tinyhil::sim
