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
constexpr std::string_view kHttps = "https://";
constexpr std::size_t kHostMost = 253;  // characters of a name, RFC 1035

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw Error(ErrorKind::usage, why, text,
              "write unix:/run/tinyhil/daemon.sock, https://HOST:PORT, or http://127.0.0.1:PORT");
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
  refuse(text, "another host can be asked only over https");
}

std::string any_host(std::string_view host, const std::string& text) {
  const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  const bool fits =
      !host.empty() && host.size() <= kHostMost &&
      host.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:") ==
          std::string_view::npos &&
      (is_bracketed || host.find(':') == std::string_view::npos);
  if (!fits) refuse(text, "this names no host");
  return std::string(host);
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
  address.is_tls = rest.starts_with(kHttps);
  if (!address.is_tls && !rest.starts_with(kHttp)) refuse(text, "this is no address of a daemon");
  rest.remove_prefix(address.is_tls ? kHttps.size() : kHttp.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos) refuse(text, "this names no port");
  const std::string_view host = rest.substr(0, colon);
  address.host = address.is_tls ? any_host(host, text) : loopback(host, text);
  address.port = parse_port(rest.substr(colon + 1), text);
  return address;
}

DaemonAddress with_credentials(DaemonAddress address) {
  const char* token = std::getenv("TINYHIL_TOKEN");
  const char* trusted = std::getenv("TINYHIL_CA");
  if (address.socket.empty() && token != nullptr) address.token = token;
  if (address.is_tls && trusted != nullptr) address.trusted = trusted;
  return address;
}

}  // namespace tinyhil::daemon
