// SPDX-License-Identifier: Apache-2.0
// driver: serial    port: /dev/ttyACM0    baud: 115200    ladder: [921600, 2000000]
// dtr: low    rts: low    reset: dtr
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "base/error.hpp"
#include "stream_transport.hpp"
#include "tty.hpp"

namespace tinyhil {

namespace {

constexpr int kBaudMin = 300;
constexpr int kBaudMax = 12'000'000;
constexpr int kRateTolerance = 50;                     // 1/50: what a UART bears at both ends together
constexpr std::chrono::milliseconds kResetPulse{100};  // as esptool and avrdude hold it

enum class ResetBy { nothing, dtr, rts, esp32 };

struct SerialKeys {
  std::string port;
  Transport::Rates rates;
  ModemLines rest;              // while the port is open, and after
  bool asks_for_lines = false;  // a port without them is then an error
  ResetBy reset = ResetBy::nothing;
};

std::vector<int> read_ladder(const Section& link) {
  std::vector<int> ladder;
  for (const std::string& text : link.texts("ladder")) {
    int rate = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), rate);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || rate < kBaudMin ||
        rate > kBaudMax) {
      link.fail_at("ladder", "`" + text + "` in `ladder` is no baud rate",
                   "list rates such as [921600, 2000000]");
    }
    ladder.push_back(rate);
  }
  return ladder;
}

bool is_high(const Section& link, std::string_view key) {
  return link.choice(key, {"low", "high"}, "low") == "high";
}

ResetBy read_reset(const Section& link, ModemLines rest) {
  const std::string word = link.choice("reset", {"none", "dtr", "rts", "esp32"}, "none");
  if (word == "none") return ResetBy::nothing;
  if (word == "dtr") return ResetBy::dtr;
  if (word == "rts") return ResetBy::rts;
  if (rest.dtr != rest.rts) {
    link.fail_at(
        "reset",
        "`reset: esp32` and lines that differ: one of them keeps the chip in reset or its boot loader",
        "give `dtr` and `rts` the same value, or leave both out");
  }
  return ResetBy::esp32;
}

SerialKeys read_keys(const Section& link) {
  link.choice("driver", transport_drivers());
  SerialKeys keys;
  keys.port = link.text("port");
  keys.rates.start = static_cast<int>(link.integer("baud", kBaudMin, kBaudMax, 115200));
  keys.rates.ladder = read_ladder(link);
  keys.rest = {is_high(link, "dtr"), is_high(link, "rts")};
  keys.reset = read_reset(link, keys.rest);
  keys.asks_for_lines = keys.reset != ResetBy::nothing || link.has("dtr") || link.has("rts");
  link.finish();
  return keys;
}

// What the lines are while the board is held in reset. An ESP32's EN is low when RTS is asserted and DTR is
// not; the other way round it would start its boot loader.
ModemLines lines_of_reset(const SerialKeys& keys) {
  if (keys.reset == ResetBy::dtr) return {!keys.rest.dtr, keys.rest.rts};
  if (keys.reset == ResetBy::rts) return {keys.rest.dtr, !keys.rest.rts};
  return {false, true};
}

bool settle_lines(int descriptor, const SerialKeys& keys) {
  bool set = set_modem_lines(descriptor, keys.rest);
  if (set && keys.reset != ResetBy::nothing) {
    set = set_modem_lines(descriptor, lines_of_reset(keys));
    std::this_thread::sleep_for(kResetPulse);
    set = set_modem_lines(descriptor, keys.rest) && set;
  }
  return set || !keys.asks_for_lines;
}

bool is_close(int rate, int wanted) { return std::abs(rate - wanted) <= wanted / kRateTolerance; }

class SerialTransport : public StreamTransport<asio::posix::stream_descriptor> {
 public:
  SerialTransport(asio::posix::stream_descriptor stream, SerialKeys keys)
      : StreamTransport(std::move(stream), ""), keys_(std::move(keys)) {
    has_low_latency_ = lower_tty_latency(this->stream().native_handle());
    rename(keys_.rates.start);
  }

  Rates rates() const override { return keys_.rates; }

  bool set_rate(int baud) override {
    const std::optional<int> given = configure_tty(stream().native_handle(), baud);
    if (!given || !is_close(*given, baud)) return false;
    rename(baud);
    return true;
  }

 private:
  void rename(int baud) {
    redescribe("serial " + keys_.port + " at " + std::to_string(baud) +
               (has_low_latency_ ? ", low latency" : ""));
  }

  SerialKeys keys_;
  bool has_low_latency_ = false;
};

[[noreturn]] void fail(const std::string& what, const SerialKeys& keys, const std::string& remedy) {
  throw Error(ErrorKind::bench_fault, what, keys.port, remedy);
}

void set_first_rate(int descriptor, const SerialKeys& keys) {
  const int wanted = keys.rates.start;
  const std::optional<int> given = configure_tty(descriptor, wanted);
  if (!given) {
    fail("the serial port does not take " + std::to_string(wanted) + " baud, 8N1: " + std::strerror(errno),
         keys, "see what `dmesg` says of the port: there may be no hardware behind it");
  }
  if (!is_close(*given, wanted)) {
    fail("the serial port runs at " + std::to_string(*given) + " baud when asked for " +
             std::to_string(wanted),
         keys, "choose a rate that the adapter supports, and build the agent with it");
  }
}

}  // namespace

std::unique_ptr<Transport> make_serial(asio::any_io_executor executor, const Section& link) {
  SerialKeys keys = read_keys(link);
  asio::posix::stream_descriptor stream = open_tty(executor, keys.port);
  if (!settle_lines(stream.native_handle(), keys)) {
    fail("the serial port has no DTR and RTS lines to set", keys,
         "leave `dtr`, `rts` and `reset` out of the bench file");
  }
  set_first_rate(stream.native_handle(), keys);
  return std::make_unique<SerialTransport>(std::move(stream), std::move(keys));
}

}  // namespace tinyhil
