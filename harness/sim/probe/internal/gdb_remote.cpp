// SPDX-License-Identifier: Apache-2.0
#include "gdb_remote.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace tinyhil::sim {

namespace {

constexpr std::size_t kPacketMax = 1 << 16;
constexpr char kInterrupt = '\x03';

bool is_stop(const std::string& packet) { return !packet.empty() && (packet[0] == 'T' || packet[0] == 'S'); }

}  // namespace

GdbRemote::GdbRemote(const std::filesystem::path& path, bool is_running) : socket_(path) {
  while (is_running && !is_stop(receive())) {
  }
  ask("qSupported");
  ask("qXfer:features:read:target.xml:0,ffb");  // only then does it know registers by their number
}

void GdbRemote::send(const std::string& packet) {
  unsigned sum = 0;
  for (const char each : packet) sum += static_cast<unsigned char>(each);
  socket_.send(fmt::format("${}#{:02x}", packet, sum & 0xFF));
}

std::string GdbRemote::receive() {
  while (socket_.byte() != '$') {
  }
  std::string packet;
  for (char each = socket_.byte(); each != '#'; each = socket_.byte()) {
    packet += each;
    if (packet.size() > kPacketMax) {
      throw Error(ErrorKind::bench_fault, "the emulator's debug stub sends no end of a packet", "gdb",
                  "report it");
    }
  }
  socket_.byte();
  socket_.byte();  // a socket needs no checksum
  socket_.send("+");
  return packet;
}

std::string GdbRemote::ask(const std::string& packet) {
  send(packet);
  return receive();
}

void GdbRemote::interrupt() {
  socket_.send(std::string_view(&kInterrupt, 1));
  while (!is_stop(receive())) {
  }
}

void GdbRemote::resume() { send("c"); }

void GdbRemote::step() {
  send("s");
  while (!is_stop(receive())) {
  }
}

// An acknowledgement of what we said is no stop.
bool GdbRemote::has_stopped() {
  while (socket_.has_byte()) {
    if (socket_.peek() == '$') return is_stop(receive());
    socket_.byte();
  }
  return false;
}

std::string GdbRemote::read_register(unsigned number) { return ask(fmt::format("p{:x}", number)); }

void GdbRemote::write_register(unsigned number, const std::string& digits) {
  ask(fmt::format("P{:x}={}", number, digits));
}

void GdbRemote::set_breakpoint(std::uint32_t address) { ask(fmt::format("Z1,{:x},2", address)); }

void GdbRemote::clear_breakpoint(std::uint32_t address) { ask(fmt::format("z1,{:x},2", address)); }

}  // namespace tinyhil::sim
