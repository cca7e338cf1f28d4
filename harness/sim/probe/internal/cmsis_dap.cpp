// SPDX-License-Identifier: Apache-2.0
#include "cmsis_dap.hpp"

#include <algorithm>
#include <array>

#include "little_endian.hpp"

namespace tinyhil::sim {

namespace {

constexpr std::uint8_t kInfo = 0x00, kHostStatus = 0x01, kConnect = 0x02, kDisconnect = 0x03,
                       kConfigure = 0x04, kTransfer = 0x05, kTransferBlock = 0x06, kAbort = 0x08,
                       kDelay = 0x09, kResetTarget = 0x0A, kPins = 0x10, kClock = 0x11, kSequence = 0x12,
                       kSwdConfigure = 0x13, kInvalid = 0xFF;
constexpr std::uint8_t kDone = 0x00;
constexpr std::uint8_t kSwd = 1;  // a port of Connect, and a capability of Info
constexpr std::uint8_t kAccess = 1, kReads = 2, kAddress = 0x0C, kMatchValue = 0x10, kMatchMask = 0x20;
constexpr std::uint8_t kMismatch = 0x10;
constexpr std::uint8_t kResetPin = 0x80;
constexpr std::size_t kReports = 4;  // that it takes before the first is answered

std::vector<std::uint8_t> text(const std::string& what) {
  const std::size_t size = std::min(what.size() + 1, CmsisDap::kReport - 2);
  std::vector<std::uint8_t> reply{kInfo, static_cast<std::uint8_t>(size)};
  reply.insert(reply.end(), what.begin(), what.begin() + static_cast<std::ptrdiff_t>(size - 1));
  reply.push_back(0);
  return reply;
}

bool is_data(std::uint8_t how) { return (how & ~kReads) == (kAccess | AccessPort::kDrw); }

void append(std::vector<std::uint8_t>& to, std::uint32_t value) {
  const auto bytes = bytes_of(value);
  to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace

bool CmsisDap::receive(std::span<const std::uint8_t> bytes, std::vector<std::uint8_t>& reply) {
  waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
  std::span<const std::uint8_t> rest(waiting_);
  for (; rest.size() >= kReport; rest = rest.subspan(kReport)) {
    Report answer = execute(rest.first(kReport));
    answer.resize(kReport);
    reply.insert(reply.end(), answer.begin(), answer.end());
  }
  waiting_.erase(waiting_.begin(), waiting_.end() - static_cast<std::ptrdiff_t>(rest.size()));
  return true;
}

CmsisDap::Report CmsisDap::execute(std::span<const std::uint8_t> request) {
  const std::uint8_t which = request[0];
  switch (which) {
    case kInfo:
      return inform(request[1]);
    case kConnect:
      return {which, request[1] <= kSwd ? kSwd : std::uint8_t{0}};
    case kConfigure:
      wait_retries_ = load16(request.subspan(2));
      match_retries_ = load16(request.subspan(4));
      return {which, kDone};
    case kTransfer:
      return transfer(request);
    case kTransferBlock:
      return transfer_block(request);
    case kAbort:
      wires_.port.write_port(DebugPort::kAbort, load32(request.subspan(2)));
      return {which, kDone};
    case kResetTarget:
      return {which, kDone, 0};  // it knows of no sequence that resets this device
    case kPins:
      return drive_pins(request);
    case kSequence:
      return send_sequence(request);
    case kHostStatus:
    case kDisconnect:
    case kDelay:
    case kClock:
    case kSwdConfigure:
      return {which, kDone};
    default:
      return {kInvalid};
  }
}

CmsisDap::Report CmsisDap::inform(std::uint8_t what) const {
  switch (what) {
    case 0x01:
      return text("tinyhil");
    case 0x02:
      return text("simulated CMSIS-DAP");
    case 0x03:
      return text(serial_);
    case 0x04:
      return text("1.3.0");
    case 0xF0:
      return {kInfo, 1, kSwd};
    case 0xFE:
      return {kInfo, 1, kReports};
    case 0xFF:
      return {kInfo, 2, kReport, 0};
    default:
      return {kInfo, 0};
  }
}

CmsisDap::Report CmsisDap::drive_pins(std::span<const std::uint8_t> request) {
  const std::uint8_t output = request[1], selected = request[2];
  if ((selected & kResetPin) != 0) wires_.core.drive_reset_pin((output & kResetPin) == 0);
  const std::uint8_t input = wires_.core.reset_pin_is_low() ? 0 : kResetPin;
  return {kPins, input};
}

// All that a sequence may mean here is 50 ones in a row, which start the wire anew.
CmsisDap::Report CmsisDap::send_sequence(std::span<const std::uint8_t> request) {
  constexpr std::size_t kLineReset = 50;
  const std::size_t bits = request[1] == 0 ? 256 : request[1];
  std::size_t ones = 0;
  for (std::size_t n = 0; n < bits && 2 + n / 8 < request.size(); ++n) {
    ones = (request[2 + n / 8] >> n % 8 & 1) != 0 ? ones + 1 : 0;
    if (ones == kLineReset) wires_.port.reset_line();
  }
  return {kSequence, kDone};
}

DebugPort::Answer CmsisDap::read(std::uint8_t how) {
  const std::uint8_t address = how & kAddress;
  for (unsigned retries = 0;; ++retries) {
    const DebugPort::Answer answer =
        (how & kAccess) != 0 ? wires_.port.read_access(address) : wires_.port.read_port(address);
    if (answer.ack != Ack::wait || retries >= wait_retries_) return answer;
  }
}

Ack CmsisDap::write(std::uint8_t how, std::uint32_t value) {
  const std::uint8_t address = how & kAddress;
  for (unsigned retries = 0;; ++retries) {
    const Ack ack = (how & kAccess) != 0 ? wires_.port.write_access(address, value)
                                         : wires_.port.write_port(address, value);
    if (ack != Ack::wait || retries >= wait_retries_) return ack;
  }
}

Ack CmsisDap::match(std::uint8_t how, std::uint32_t wanted, Report& reply) {
  for (unsigned retries = 0;; ++retries) {
    const DebugPort::Answer answer = read(how);
    if (answer.ack != Ack::ok || (answer.value & match_mask_) == wanted) return answer.ack;
    if (retries < match_retries_) continue;
    reply[2] |= kMismatch;
    return Ack::ok;
  }
}

Ack CmsisDap::transfer_one(std::uint8_t how, std::uint32_t data, Report& reply) {
  if ((how & kReads) == 0) {
    if ((how & kMatchMask) == 0) return write(how, data);
    match_mask_ = data;
    return Ack::ok;
  }
  if ((how & kMatchValue) != 0) return match(how, data, reply);
  const DebugPort::Answer answer = read(how);
  if (answer.ack == Ack::ok) append(reply, answer.value);
  return answer.ack;
}

// Accesses to memory that follow each other, at once. Appends what was read; returns how many were done.
DebugPort::Block CmsisDap::transfer_data(std::span<const Step> steps, Report& reply) {
  const bool reads = (steps[0].how & kReads) != 0;
  std::vector<std::uint32_t> values;
  for (const Step& step : steps) values.push_back(step.data);
  DebugPort::Block all;
  for (unsigned retries = 0; all.count < values.size(); ++retries) {
    const std::span rest = std::span(values).subspan(all.count);
    const DebugPort::Block block = reads ? wires_.port.read_block(rest) : wires_.port.write_block(rest);
    if (block.count > 0) retries = 0;
    all = {block.ack, all.count + block.count};
    if (block.ack == Ack::fault || (block.ack == Ack::wait && retries >= wait_retries_)) break;
  }
  for (std::size_t n = 0; reads && n < all.count; ++n) append(reply, values[n]);
  return all;
}

// How many were done, and in the reply's byte at `status` how the last one went.
std::size_t CmsisDap::transfer_all(std::span<const Step> steps, std::size_t status, Report& reply) {
  std::size_t done = 0;
  while (done < steps.size()) {
    const std::uint8_t how = steps[done].how;
    std::size_t run = done + 1;
    while (is_data(how) && run < steps.size() && steps[run].how == how) ++run;
    DebugPort::Block block{Ack::ok, 1};
    if (run - done > 1 && wires_.port.data_is_selected()) {
      block = transfer_data(steps.subspan(done, run - done), reply);
    } else {
      block.ack = transfer_one(how, steps[done].data, reply);
      if (block.ack != Ack::ok) block.count = 0;
    }
    reply[status] =
        static_cast<std::uint8_t>((reply[status] & kMismatch) | static_cast<std::uint8_t>(block.ack));
    if ((reply[status] & kMismatch) != 0) return done;
    done += block.count;
    if (block.ack != Ack::ok) return done;
  }
  return done;
}

CmsisDap::Report CmsisDap::transfer(std::span<const std::uint8_t> request) {
  Report reply{kTransfer, 0, static_cast<std::uint8_t>(Ack::ok)};
  std::vector<Step> steps;
  std::size_t answered = reply.size();
  std::span<const std::uint8_t> rest = request.subspan(3);
  for (unsigned left = request[2]; left > 0 && !rest.empty(); --left) {
    const std::uint8_t how = rest[0];
    const bool has_data = (how & kReads) == 0 || (how & kMatchValue) != 0;
    if (rest.size() < (has_data ? 5 : 1) || answered + 4 > kReport) break;  // more than a report holds
    if (!has_data) answered += 4;
    steps.push_back({how, has_data ? load32(rest.subspan(1)) : 0});
    rest = rest.subspan(has_data ? 5 : 1);
  }
  reply[1] = static_cast<std::uint8_t>(transfer_all(steps, 2, reply));
  return reply;
}

CmsisDap::Report CmsisDap::transfer_block(std::span<const std::uint8_t> request) {
  Report reply{kTransferBlock, 0, 0, static_cast<std::uint8_t>(Ack::ok)};
  const std::uint8_t how = request[4] & (kAccess | kReads | kAddress);
  const std::size_t room = ((how & kReads) != 0 ? kReport - reply.size() : kReport - 5) / 4;
  std::vector<Step> steps(std::min<std::size_t>(load16(request.subspan(2)), room), {how, 0});
  for (std::size_t n = 0; (how & kReads) == 0 && n < steps.size(); ++n) {
    steps[n].data = load32(request.subspan(5 + 4 * n));
  }
  reply[1] = static_cast<std::uint8_t>(transfer_all(steps, 3, reply));
  return reply;
}

}  // namespace tinyhil::sim
