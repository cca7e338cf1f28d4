// SPDX-License-Identifier: Apache-2.0
// driver: serial    port: /dev/ttyACM0    baud: 115200    ladder: [921600, 2000000]
#include <fcntl.h>
#include <libserialport.h>
#include <linux/serial.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "model/error.hpp"
#include "stream_transport.hpp"

namespace tinyhil {

namespace {

struct PortDeleter {
  void operator()(sp_port* port) const { sp_free_port(port); }
};
using Port = std::unique_ptr<sp_port, PortDeleter>;

[[noreturn]] void fail(const std::string& what, const std::string& path, const std::string& remedy) {
  throw Error(ExitCode::bench_fault, what, path, remedy);
}

int open_descriptor(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor >= 0) return descriptor;
  const int error = errno;
  const std::string remedy = error == EACCES
                                 ? "add your user to the group that owns the port (often `dialout`)"
                             : error == ENOENT ? "plug the board in, or correct `port` in the bench file"
                                               : "close the program that holds the port";
  fail(std::string("cannot open the serial port: ") + std::strerror(error), path, remedy);
}

// Advisory, as other terminal programs do it, and exclusive for those that do not look.
void take_exclusively(int descriptor, const std::string& path) {
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    fail("the serial port is already in use", path,
         "close the program that holds it, for example a terminal");
  }
}

// Raw bytes, 8N1, no flow control. libserialport knows every adapter's baud rates but no pseudo-terminals:
// those have no line to configure, only a terminal layer to switch off, and a rate that a simulated line at
// their other end may look at. A rate that has no name there stays what it was.
bool configure(int descriptor, const std::string& path, int baud) {
  termios settings{};
  if (::tcgetattr(descriptor, &settings) != 0) return false;
  ::cfmakeraw(&settings);
  sp_port* found = nullptr;
  const bool pseudo_terminal = sp_get_port_by_name(path.c_str(), &found) != SP_OK;
  const Port port(found);
  if (pseudo_terminal) ::cfsetspeed(&settings, static_cast<speed_t>(baud));
  if (::tcsetattr(descriptor, TCSADRAIN, &settings) != 0) return false;
  if (pseudo_terminal) return true;
  return sp_open(port.get(), SP_MODE_READ_WRITE) == SP_OK && sp_set_baudrate(port.get(), baud) == SP_OK &&
         sp_set_bits(port.get(), 8) == SP_OK && sp_set_parity(port.get(), SP_PARITY_NONE) == SP_OK &&
         sp_set_stopbits(port.get(), 1) == SP_OK &&
         sp_set_flowcontrol(port.get(), SP_FLOWCONTROL_NONE) == SP_OK && sp_close(port.get()) == SP_OK;
}

// Has the adapter hand over what it received at once; FTDI's gathers for 16 ms otherwise. False where the
// driver does not allow it.
bool lower_latency(int descriptor) {
  serial_struct settings{};
  if (::ioctl(descriptor, TIOCGSERIAL, &settings) != 0) return false;
  settings.flags |= ASYNC_LOW_LATENCY;
  return ::ioctl(descriptor, TIOCSSERIAL, &settings) == 0;
}

std::vector<int> read_ladder(const Section& link) {
  std::vector<int> ladder;
  for (const std::string& text : link.texts("ladder")) {
    int rate = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), rate);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || rate < 300 ||
        rate > 12'000'000) {
      link.fail_at("ladder", "`" + text + "` in `ladder` is no baud rate",
                   "list rates such as [921600, 2000000]");
    }
    ladder.push_back(rate);
  }
  return ladder;
}

class SerialTransport : public StreamTransport<asio::posix::stream_descriptor> {
 public:
  SerialTransport(asio::posix::stream_descriptor stream, std::string path, Rates rates)
      : StreamTransport(std::move(stream), ""), path_(std::move(path)), rates_(std::move(rates)) {
    has_low_latency_ = lower_latency(this->stream().native_handle());
    rename(rates_.start);
  }

  Rates rates() const override { return rates_; }

  bool set_rate(int baud) override {
    if (!configure(stream().native_handle(), path_, baud)) return false;
    rename(baud);
    return true;
  }

 private:
  void rename(int baud) {
    redescribe("serial " + path_ + " at " + std::to_string(baud) + (has_low_latency_ ? ", low latency" : ""));
  }

  std::string path_;
  Rates rates_;
  bool has_low_latency_ = false;
};

}  // namespace

std::unique_ptr<Transport> make_serial(asio::any_io_executor executor, const Section& link) {
  link.choice("driver", transport_drivers());
  const std::string path = link.text("port");
  Transport::Rates rates;
  rates.start = static_cast<int>(link.integer("baud", 300, 12'000'000, 115200));
  rates.ladder = read_ladder(link);
  link.finish();
  const int descriptor = open_descriptor(path);
  take_exclusively(descriptor, path);
  asio::posix::stream_descriptor stream(executor, descriptor);
  if (!configure(descriptor, path, rates.start)) {
    fail("the serial port does not take " + std::to_string(rates.start) + " baud, 8N1", path,
         "choose a rate that the adapter supports");
  }
  return std::make_unique<SerialTransport>(std::move(stream), path, std::move(rates));
}

}  // namespace tinyhil
