// SPDX-License-Identifier: Apache-2.0
#include "request_text.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "header_line.hpp"
#include "router.hpp"

namespace tinyhil::daemon {

namespace {

bool is_target(const std::string& path) {
  const auto fits = [](char character) { return character > 0x20 && character < 0x7f; };
  return path.starts_with('/') && std::all_of(path.begin(), path.end(), fits);
}

std::string host_header(const DaemonAddress& address) {
  if (!address.socket.empty()) return "localhost";
  const std::string host =
      address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]";
  return host + ":" + std::to_string(address.port);
}

std::string checked_line(const Header& header, const DaemonAddress& address) {
  if (std::optional<std::string> line = header_line(header)) return *line;
  throw Error(ErrorKind::usage, "the header `" + header.name + "` does not fit into its line", address.text,
              "leave control characters out");
}

}  // namespace

std::string request_text(const Question& question, const DaemonAddress& address) {
  if (!is_target(question.path)) {
    throw Error(ErrorKind::usage, "this is no path of a request: `" + question.path + "`", address.text,
                "begin it with a slash, and encode what is not ASCII");
  }
  std::vector<Header> headers{{"Host", host_header(address)}, {"User-Agent", "tinyhil"}};
  if (!address.token.empty()) headers.push_back({"Authorization", "Bearer " + address.token});
  if (!question.body.empty()) headers.push_back({"Content-Type", question.body_type});
  if (question.verb != Verb::get) headers.push_back({"Content-Length", std::to_string(question.body.size())});
  headers.insert(headers.end(), question.headers.begin(), question.headers.end());
  std::string text = std::string(verb_name(question.verb)) + " " + question.path + " HTTP/1.1\r\n";
  for (const Header& header : headers) text += checked_line(header, address);
  return text + "\r\n" + question.body;
}

}  // namespace tinyhil::daemon
