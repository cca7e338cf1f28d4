// SPDX-License-Identifier: Apache-2.0
// driver: serial    port: /dev/ttyACM0    baud: 115200
#include <fcntl.h>
#include <libserialport.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
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
  if (::tcsetattr(descriptor, TCSANOW, &settings) != 0) return false;
  if (pseudo_terminal) return true;
  return sp_open(port.get(), SP_MODE_READ_WRITE) == SP_OK && sp_set_baudrate(port.get(), baud) == SP_OK &&
         sp_set_bits(port.get(), 8) == SP_OK && sp_set_parity(port.get(), SP_PARITY_NONE) == SP_OK &&
         sp_set_stopbits(port.get(), 1) == SP_OK &&
         sp_set_flowcontrol(port.get(), SP_FLOWCONTROL_NONE) == SP_OK && sp_close(port.get()) == SP_OK;
}

}  // namespace

std::unique_ptr<Transport> make_serial(asio::any_io_executor executor, const Section& link) {
  link.choice("driver", transport_drivers());
  const std::string path = link.text("port");
  const int baud = static_cast<int>(link.integer("baud", 300, 12'000'000, 115200));
  link.finish();
  const int descriptor = open_descriptor(path);
  take_exclusively(descriptor, path);
  asio::posix::stream_descriptor stream(executor, descriptor);
  if (!configure(descriptor, path, baud)) {
    fail("the serial port does not take " + std::to_string(baud) + " baud, 8N1", path,
         "choose a rate that the adapter supports");
  }
  return std::make_unique<StreamTransport<asio::posix::stream_descriptor>>(
      std::move(stream), "serial " + path + " at " + std::to_string(baud));
}

}  // namespace tinyhil
