// SPDX-License-Identifier: Apache-2.0
#include "rsp_text.hpp"

#include <algorithm>

#include "base/hex.hpp"

namespace tinyhil::probe {

namespace {

constexpr std::size_t kFeaturesMost = 256;
constexpr std::size_t kRegistersMost = 512;
constexpr unsigned kNumberMost = 0xFFFF;
constexpr unsigned kBitsMost = 1024;
constexpr std::size_t kIncludesMost = 8;
constexpr std::size_t kFlashMost = 64;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& each : result)
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  return result;
}

// The next element of this name, without its brackets: ` name="r0" bitsize="32"/`; `from` moves behind it.
std::optional<std::string_view> next_element(std::string_view xml, std::string_view name, std::size_t& from) {
  const std::string open = "<" + std::string(name);
  while (true) {
    const std::size_t begin = xml.find(open, from);
    const std::size_t end = begin == std::string_view::npos ? begin : xml.find('>', begin);
    if (end == std::string_view::npos) return std::nullopt;
    from = end + 1;
    const std::string_view rest = xml.substr(begin + open.size(), end - begin - open.size());
    if (rest.empty() || rest.front() == ' ' || rest.front() == '\n' || rest.front() == '\t') return rest;
  }
}

std::optional<std::string_view> attribute(std::string_view element, std::string_view name) {
  const std::string key = std::string(name) + "=";
  for (std::size_t at = element.find(key); at != std::string_view::npos; at = element.find(key, at + 1)) {
    const std::size_t quote = at + key.size();
    const bool is_whole =
        at > 0 && (element[at - 1] == ' ' || element[at - 1] == '\n' || element[at - 1] == '\t');
    if (!is_whole || quote >= element.size()) continue;
    const std::size_t end = element.find(element[quote], quote + 1);
    if (end == std::string_view::npos) return std::nullopt;
    return element.substr(quote + 1, end - quote - 1);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> number(std::optional<std::string_view> text) {
  return text ? parse_address(*text) : std::nullopt;
}

// The text of `<property name="blocksize">0x400</property>` before `end`.
std::uint64_t block_size(std::string_view xml, std::size_t from, std::size_t end) {
  while (const auto property = next_element(xml, "property", from)) {
    if (from > end) return 0;
    if (attribute(*property, "name") != "blocksize") continue;
    return number(xml.substr(from, xml.find('<', from) - from)).value_or(0);
  }
  return 0;
}

}  // namespace

std::string rsp_hex(std::string_view text) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string rsp_number(std::uint64_t value) { return hexadecimal(value).substr(2); }

std::optional<int> rsp_stop_signal(std::string_view packet) {
  if (packet.size() < 3 || (packet[0] != 'T' && packet[0] != 'S')) return std::nullopt;
  if (packet[0] == 'S' && packet.size() != 3) return std::nullopt;
  const auto signal = from_hex(packet.substr(1, 2));
  return signal ? std::optional<int>(signal->front()) : std::nullopt;
}

bool rsp_is_error(std::string_view packet) {
  if (packet.starts_with("E.")) return true;
  return packet.size() == 3 && packet[0] == 'E' && from_hex(packet.substr(1));
}

std::map<std::string, std::string> rsp_features(std::string_view reply) {
  std::map<std::string, std::string> features;
  while (!reply.empty() && features.size() < kFeaturesMost) {
    const std::size_t end = reply.find(';');
    const std::string_view each = reply.substr(0, end);
    reply = end == std::string_view::npos ? std::string_view() : reply.substr(end + 1);
    if (each.empty()) continue;
    const std::size_t sign = each.find('=');
    if (sign != std::string_view::npos) {
      features.emplace(each.substr(0, sign), each.substr(sign + 1));
    } else {
      features.emplace(each.substr(0, each.size() - 1), each.substr(each.size() - 1));
    }
  }
  return features;
}

RspRegisters rsp_registers(std::string_view xml, unsigned& next) {
  RspRegisters registers;
  for (std::size_t from = 0; const auto element = next_element(xml, "reg", from);) {
    const auto name = attribute(*element, "name");
    const std::uint64_t own = number(attribute(*element, "regnum")).value_or(next);
    const std::uint64_t bits = number(attribute(*element, "bitsize")).value_or(0);
    if (!name || own > kNumberMost || bits == 0 || bits > kBitsMost || registers.size() == kRegistersMost)
      break;
    next = static_cast<unsigned>(own) + 1;
    registers.emplace(lower(*name), RspRegister{static_cast<unsigned>(own), static_cast<unsigned>(bits)});
  }
  return registers;
}

std::map<std::string, std::uint32_t> rsp_values(std::string_view digits, const RspRegisters& registers) {
  std::map<unsigned, std::pair<std::string, unsigned>> by_number;
  for (const auto& [name, each] : registers) by_number.emplace(each.number, std::pair(name, each.bits));
  std::map<std::string, std::uint32_t> values;
  for (const auto& [unused, each] : by_number) {
    const std::size_t size = 2 * std::size_t{(each.second + 7) / 8};
    if (size > digits.size()) break;
    const auto bytes = from_hex(digits.substr(0, size));  // "xx": not known
    digits.remove_prefix(size);
    if (bytes && each.second <= 32) values[each.first] = rsp_word(*bytes);
  }
  return values;
}

std::uint32_t rsp_word(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4 && i < bytes.size(); ++i) value |= std::uint32_t{bytes[i]} << (8 * i);
  return value;
}

std::vector<std::string> rsp_includes(std::string_view xml) {
  std::vector<std::string> names;
  for (std::size_t from = 0; const auto element = next_element(xml, "xi:include", from);) {
    const auto name = attribute(*element, "href");
    if (name && names.size() < kIncludesMost) names.emplace_back(*name);
  }
  return names;
}

std::vector<RspFlash> rsp_flash(std::string_view xml) {
  std::vector<RspFlash> regions;
  for (std::size_t from = 0; const auto element = next_element(xml, "memory", from);) {
    if (attribute(*element, "type") != "flash" || regions.size() == kFlashMost) continue;
    const auto begin = number(attribute(*element, "start"));
    const auto size = number(attribute(*element, "length"));
    const std::size_t end = xml.find("</memory>", from);
    const std::uint64_t block = block_size(xml, from, std::min(end, xml.size()));
    if (!begin || !size || *size == 0 || block == 0 || *begin + *size < *begin) continue;
    regions.push_back({*begin, *size, block});
  }
  return regions;
}

}  // namespace tinyhil::probe
