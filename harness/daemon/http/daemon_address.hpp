// SPDX-License-Identifier: Apache-2.0
// Where a daemon listens, as a user writes it.
#pragma once

#include <cstdint>
#include <string>

namespace tinyhil::daemon {

struct DaemonAddress {
  std::string text;    // as it was written, for sentences
  std::string socket;  // path; empty: TCP
  std::string host;    // a name or an IP address; without TLS only 127.0.0.1 and ::1
  std::uint16_t port = 0;
  bool is_tls = false;
  std::string trusted;  // file of the certificates to trust; empty: the system's
  std::string token;    // shown over TCP; empty: none
};

// "unix:/run/tinyhil/daemon.sock", "https://lab.example:8443", "http://127.0.0.1:8080", also with localhost
// or [::1]; without a token.
// Throws Error(usage) for anything else.
DaemonAddress parse_daemon_address(const std::string& text);

// The same, with what this process may show and trusts: the token of $TINYHIL_TOKEN, not over a Unix socket,
// and the certificates of the file $TINYHIL_CA.
DaemonAddress with_credentials(DaemonAddress address);

}  // namespace tinyhil::daemon
