// SPDX-License-Identifier: Apache-2.0
#include "reply_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>
#include <stdexcept>
#include <utility>

#include "header_line.hpp"
#include "status.hpp"
#include "target.hpp"

namespace tinyhil::daemon {

namespace {

// In English whatever the locale is: RFC 9110, 5.6.7.
std::string http_date(std::chrono::system_clock::time_point now) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays.at(utc.tm_wday), utc.tm_mday,
                     kMonths.at(utc.tm_mon), utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string line(const std::string& name, const std::string& value) {
  std::optional<std::string> text = header_line({name, value});
  if (!text) throw std::logic_error("a reply's header `" + name + "` does not fit into its line");
  return std::move(*text);
}

std::string one_line(std::string text) {
  const auto breaks = [](char character) {
    return character == '\n' || character == '\r' || character == '\0';
  };
  std::replace_if(text.begin(), text.end(), breaks, ' ');
  return text;
}

bool says_how_long_it_keeps(const Reply& reply) {
  const auto says = [](const Header& header) { return header.name == "Cache-Control"; };
  return std::any_of(reply.headers.begin(), reply.headers.end(), says);
}

// What says how long the body is.
std::string body_lines(const Reply& reply) {
  if (reply.status == 204 || reply.status == 304) return "";
  if (reply.events) return line("Content-Type", "text/event-stream") + line("Transfer-Encoding", "chunked");
  const std::string type = reply.body.empty() ? "" : line("Content-Type", reply.content_type);
  return type + line("Content-Length", std::to_string(reply.body.size()));
}

}  // namespace

std::string header_text(const Reply& reply, Afterwards afterwards,
                        std::chrono::system_clock::time_point now) {
  std::string text = fmt::format("HTTP/1.1 {} {}\r\n", reply.status, reason_phrase(reply.status));
  text += line("Date", http_date(now));
  if (!says_how_long_it_keeps(reply)) text += line("Cache-Control", "no-store");
  text += line("X-Content-Type-Options", "nosniff") + body_lines(reply);
  for (const Header& header : reply.headers) text += line(header.name, header.value);
  if (afterwards == Afterwards::close) text += line("Connection", "close");
  return text + "\r\n";
}

std::string event_text(const Event& event) {
  std::string text;
  if (!event.id.empty()) text += "id: " + one_line(event.id) + "\n";
  if (!event.name.empty()) text += "event: " + one_line(event.name) + "\n";
  std::string content = event.text;
  std::replace(content.begin(), content.end(), '\r', '\n');
  for (const std::string_view part : split(content, '\n')) text += "data: " + std::string(part) + "\n";
  return text + "\n";
}

std::string chunk_text(const std::string& content) {
  return fmt::format("{:x}\r\n", content.size()) + content + "\r\n";
}

}  // namespace tinyhil::daemon
