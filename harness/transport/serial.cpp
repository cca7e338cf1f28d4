// SPDX-License-Identifier: Apache-2.0
#include "serial.hpp"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "base/error.hpp"
#include "transport/internal/stream_transport.hpp"
#include "transport/internal/unwatched_serial.hpp"

namespace tinyhil::transport {

namespace {

constexpr int kRateTolerance = 50;                     // 1/50: what a UART bears at both ends together
constexpr std::chrono::milliseconds kResetPulse{100};  // as esptool and avrdude hold it

// What the lines are while the board is held in reset. An ESP32's EN is low when RTS is asserted and DTR is
// not; the other way round it would start its boot loader.
ModemLines lines_of_reset(const SerialSettings& settings) {
  if (settings.reset == ResetBy::dtr) return {!settings.rest.dtr, settings.rest.rts};
  if (settings.reset == ResetBy::rts) return {settings.rest.dtr, !settings.rest.rts};
  return {false, true};
}

bool settle_lines(int descriptor, const SerialSettings& settings) {
  bool set = set_modem_lines(descriptor, settings.rest);
  if (set && settings.reset != ResetBy::nothing) {
    set = set_modem_lines(descriptor, lines_of_reset(settings));
    std::this_thread::sleep_for(kResetPulse);
    set = set_modem_lines(descriptor, settings.rest) && set;
  }
  return set || !(settings.needs_lines || settings.reset != ResetBy::nothing);
}

bool is_close(int rate, int wanted) { return std::abs(rate - wanted) <= wanted / kRateTolerance; }

class SerialTransport : public StreamTransport<asio::posix::stream_descriptor> {
 public:
  SerialTransport(asio::posix::stream_descriptor stream, SerialSettings settings)
      : StreamTransport(std::move(stream), ""), settings_(std::move(settings)) {
    has_low_latency_ = lower_tty_latency(this->stream().native_handle());
    rename(settings_.rates.start);
  }

  Rates rates() const override { return settings_.rates; }

  bool set_rate(int baud) override {
    const std::optional<int> given = configure_tty(stream().native_handle(), baud);
    if (!given || !is_close(*given, baud)) return false;
    rename(baud);
    return true;
  }

 private:
  void rename(int baud) {
    redescribe("serial " + settings_.port + " at " + std::to_string(baud) +
               (has_low_latency_ ? ", low latency" : ""));
  }

  SerialSettings settings_;
  bool has_low_latency_ = false;
};

[[noreturn]] void fail(const std::string& what, const SerialSettings& settings, const std::string& remedy) {
  throw Error(ErrorKind::bench_fault, what, settings.port, remedy);
}

void set_first_rate(int descriptor, const SerialSettings& settings) {
  const int wanted = settings.rates.start;
  const std::optional<int> given = configure_tty(descriptor, wanted);
  if (!given) {
    fail("the serial port does not take " + std::to_string(wanted) + " baud, 8N1: " + std::strerror(errno),
         settings, "see what `dmesg` says of the port: there may be no hardware behind it");
  }
  if (!is_close(*given, wanted)) {
    fail("the serial port runs at " + std::to_string(*given) + " baud when asked for " +
             std::to_string(wanted),
         settings, "choose a rate that the adapter supports, and build the agent with it");
  }
}

}  // namespace

std::unique_ptr<Transport> open_serial(asio::any_io_executor executor, SerialSettings settings) {
  asio::posix::stream_descriptor stream = open_tty(executor, settings.port);
  if (!settle_lines(stream.native_handle(), settings)) {
    fail("the serial port has no DTR and RTS lines to set", settings,
         "leave `dtr`, `rts` and `reset` out of the bench file");
  }
  set_first_rate(stream.native_handle(), settings);
  if (!settings.is_watched)
    return std::make_unique<UnwatchedSerial>(std::move(stream), "serial " + settings.port);
  return std::make_unique<SerialTransport>(std::move(stream), std::move(settings));
}

}  // namespace tinyhil::transport
