// SPDX-License-Identifier: Apache-2.0
#include "monitor.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"

namespace tinyhil::sim {

namespace {

constexpr const char* kLine = "line";  // how the board's serial port is called (bench/emulated_board.cpp)

nlohmann::json parsed(const std::string& line) {
  return nlohmann::json::parse(line, nullptr, false);  // what is no JSON is no message that we know
}

}  // namespace

Monitor::Monitor(const std::filesystem::path& path) : socket_(path) {
  socket_.line();  // its greeting
  execute("qmp_capabilities");
}

void Monitor::note(const nlohmann::json& message) {
  if (!message.is_object() || message.value("event", "") != "RESET") return;
  const bool by_guest = message.contains("data") && message["data"].value("guest", false);
  (by_guest ? reset_by_guest_ : reset_by_us_) = true;
}

nlohmann::json Monitor::ask(const std::string& command) {
  socket_.send(nlohmann::json{{"execute", command}}.dump() + "\n");
  for (;;) {
    nlohmann::json message = parsed(socket_.line());
    if (message.is_object() && message.contains("return")) return message["return"];
    if (message.is_object() && message.contains("error")) {
      throw Error(ErrorKind::bench_fault, "the emulator refuses `" + command + "`", message.dump(),
                  "use the emulator of Debian 12, QEMU 7.2");
    }
    note(message);
  }
}

void Monitor::execute(const std::string& command) { ask(command); }

void Monitor::reset() {
  reset_by_us_ = false;
  ask("system_reset");
  while (!reset_by_us_) note(parsed(socket_.line()));
}

bool Monitor::guest_has_reset() {
  while (socket_.has_byte()) note(parsed(socket_.line()));
  return std::exchange(reset_by_guest_, false);
}

std::string Monitor::serial_port() {
  for (const nlohmann::json& device : ask("query-chardev")) {
    if (device.value("label", "") == kLine) return device.value("filename", "");
  }
  return {};
}

}  // namespace tinyhil::sim
