// SPDX-License-Identifier: Apache-2.0
// A serial port of the Linux kernel's (8250, USB adapter, CDC-ACM, pseudo-terminal): opened
// exclusively, raw, at any rate, its two modem lines where the user wants them. No library touches it, so
// that what is set here stays set (docs/decisions/0025).
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <optional>
#include <string>

namespace tinyhil::transport {

// Whether each line rests asserted. On TTL adapters an asserted line is at 0 V.
struct ModemLines {
  bool dtr = false;
  bool rts = false;
};

// A non-blocking descriptor of it. Throws Error(bench_fault): it is not there, is no serial port, may not be
// opened, or another process holds it, which is named as far as /proc shows. Linux raises DTR and RTS here.
boost::asio::posix::stream_descriptor open_tty(const boost::asio::any_io_executor& executor,
                                               const std::string& path);

// Raw bytes, 8N1, no flow control, lines kept at close; reading nothing is EAGAIN, never an end of file. What
// was written leaves first, at most for two seconds. The rate that the driver says it has now; nothing when
// it takes none, and errno says why.
std::optional<int> configure_tty(int descriptor, int baud);

// Both at once, in one call of the driver's. False where there are no such lines.
bool set_modem_lines(int descriptor, ModemLines lines);

// Has the adapter hand over what it received at once; FTDI's gathers for 16 ms otherwise. False where the
// driver does not allow it.
bool lower_tty_latency(int descriptor);

}  // namespace tinyhil::transport
