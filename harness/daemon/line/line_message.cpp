// SPDX-License-Identifier: Apache-2.0
#include "line_message.hpp"

#include <nlohmann/json.hpp>

namespace tinyhil::daemon {

namespace {

using nlohmann::json;

enum class Kind : char { bytes = 1, taken = 2, begun = 3, ended = 4 };

constexpr std::size_t kOffsetSize = 8;

// Little-endian, as on the wire to a device.
std::string offset_bytes(Kind kind, std::uint64_t offset) {
  std::string bytes(1, static_cast<char>(kind));
  for (std::size_t i = 0; i < kOffsetSize; ++i) bytes += static_cast<char>(offset >> (8 * i));
  return bytes;
}

std::string dumped(Kind kind, const json& fields) {
  return std::string(1, static_cast<char>(kind)) +
         fields.dump(-1, ' ', false, json::error_handler_t::replace);
}

struct Encode {
  std::string operator()(const LineBytes& message) const {
    return offset_bytes(Kind::bytes, message.offset) + message.bytes;
  }
  std::string operator()(const LineTaken& message) const { return offset_bytes(Kind::taken, message.offset); }
  std::string operator()(const LineBegun& message) const {
    return dumped(Kind::begun, {{"line", message.line},
                                {"description", message.description},
                                {"next", message.next},
                                {"taken", message.taken}});
  }
  std::string operator()(const LineEnded& message) const {
    return dumped(Kind::ended, {{"what", message.what}, {"last_words", message.last_words}});
  }
};

std::optional<LineMessage> with_offset(Kind kind, std::string_view content) {
  if (content.size() < kOffsetSize || (kind == Kind::taken && content.size() != kOffsetSize))
    return std::nullopt;
  std::uint64_t offset = 0;
  for (std::size_t i = kOffsetSize; i > 0; --i)
    offset = offset << 8U | static_cast<std::uint8_t>(content[i - 1]);
  content.remove_prefix(kOffsetSize);
  if (kind == Kind::taken) return LineTaken{offset};
  if (offset > UINT64_MAX - content.size()) return std::nullopt;
  return LineBytes{offset, std::string(content)};
}

std::optional<LineMessage> with_fields(Kind kind, std::string_view content) {
  const json fields = json::parse(content, nullptr, false);
  if (!fields.is_object()) return std::nullopt;
  try {
    if (kind == Kind::ended)
      return LineEnded{fields.at("what").get<std::string>(), fields.at("last_words").get<std::string>()};
    return LineBegun{fields.at("line").get<std::string>(), fields.at("description").get<std::string>(),
                     fields.at("next").get<std::uint64_t>(), fields.at("taken").get<std::uint64_t>()};
  } catch (const json::exception&) {  // a field is missing, or of another type
    return std::nullopt;
  }
}

}  // namespace

std::string to_message(const LineMessage& message) { return std::visit(Encode{}, message); }

std::optional<LineMessage> line_message(std::string_view message) {
  if (message.empty()) return std::nullopt;
  const auto kind = static_cast<Kind>(message.front());
  const std::string_view content = message.substr(1);
  if (kind == Kind::bytes || kind == Kind::taken) return with_offset(kind, content);
  if (kind == Kind::begun || kind == Kind::ended) return with_fields(kind, content);
  return std::nullopt;
}

}  // namespace tinyhil::daemon
