// SPDX-License-Identifier: Apache-2.0
#include "daemon_address.hpp"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::string_view kUnix = "unix:";
constexpr std::string_view kHttp = "http://";

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw Error(ErrorKind::usage, why, text,
              "write unix:/run/tinyhil/daemon.sock, or http://127.0.0.1:PORT; forward another host's socket "
              "with ssh -L");
}

std::uint16_t parse_port(std::string_view digits, const std::string& text) {
  std::uint16_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, failure] = std::from_chars(digits.data(), end, port);
  if (failure != std::errc() || stopped != end || port == 0) refuse(text, "this names no port");
  return port;
}

std::string loopback(std::string_view host, const std::string& text) {
  if (host == "127.0.0.1" || host == "localhost") return "127.0.0.1";
  if (host == "[::1]") return "::1";
  refuse(text, "another host can be asked only with TLS and tokens");
}

}  // namespace

DaemonAddress parse_daemon_address(const std::string& text) {
  std::string_view rest = text;
  DaemonAddress address;
  address.text = text;
  if (rest.starts_with(kUnix)) {
    address.socket = rest.substr(kUnix.size());
    constexpr std::size_t kPathMost = 107;  // Linux, unix(7)
    const bool fits = !address.socket.empty() && address.socket.size() <= kPathMost;
    if (!fits) refuse(text, "the path of a socket has 1 to 107 characters");
    return address;
  }
  if (!rest.starts_with(kHttp)) refuse(text, "this is no address of a daemon");
  rest.remove_prefix(kHttp.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos) refuse(text, "this names no port");
  address.host = loopback(rest.substr(0, colon), text);
  address.port = parse_port(rest.substr(colon + 1), text);
  return address;
}

DaemonAddress with_credentials(DaemonAddress address) {
  const char* token = std::getenv("TINYHIL_TOKEN");
  if (address.socket.empty() && token != nullptr) address.token = token;
  return address;
}

}  // namespace tinyhil::daemon
