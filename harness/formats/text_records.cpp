// SPDX-License-Identifier: Apache-2.0
#include "text_records.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>
#include <utility>

#include "base/error.hpp"

namespace tinyhil {
namespace {

using Bytes = std::vector<std::uint8_t>;

int digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  return -1;
}

bool begins_with_record(std::span<const std::uint8_t> content, std::size_t prefix) {
  constexpr std::size_t kDigits = 8;  // of the shortest record that is left after the prefix
  if (content.size() < prefix + kDigits) return false;
  const auto digits = content.subspan(prefix, kDigits);
  return std::all_of(digits.begin(), digits.end(),
                     [](std::uint8_t letter) { return digit(static_cast<char>(letter)) >= 0; });
}

// Line by line, empty ones left out.
class Lines {
 public:
  Lines(std::span<const std::uint8_t> content, const char* noun, const std::string& where)
      : rest_(reinterpret_cast<const char*>(content.data()), content.size()), noun_(noun), where_(where) {}

  bool next() {
    do {
      if (rest_.empty()) return false;
      ++number_;
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      line_ = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      while (!line_.empty() && (line_.back() == '\r' || line_.back() == ' ')) line_.remove_suffix(1);
    } while (line_.empty());
    return true;
  }

  std::string_view text() const { return line_; }

  // What follows the prefix, as bytes.
  Bytes bytes_after(std::size_t prefix) const {
    const std::string_view digits = line_.substr(std::min(prefix, line_.size()));
    if (digits.size() % 2 != 0) refuse("is cut off");
    Bytes bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
      const int high = digit(digits[i]);
      const int low = digit(digits[i + 1]);
      if (high < 0 || low < 0) refuse("has a character that is no hexadecimal digit");
      bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return bytes;
  }

  // Takes every line; `take` says which one is the end record, after which nothing may come.
  template <class Take>
  void each(Take take) {
    bool has_ended = false;
    while (next()) {
      if (has_ended) refuse("comes after the end record");
      has_ended = take();
    }
    if (!has_ended) refuse_end();
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::usage, std::string(noun_) + " record " + what,
                where_ + ':' + std::to_string(number_), "make the file again (objcopy), or copy it anew");
  }
  [[noreturn]] void refuse_end() const {
    throw Error(ErrorKind::usage, std::string("the ") + noun_ + " file ends without an end record", where_,
                "make the file again (objcopy), or copy it anew: it is cut off");
  }

 private:
  std::string_view rest_;
  std::string_view line_;
  const char* noun_;
  const std::string& where_;
  std::size_t number_ = 0;
};

// Records come in order: most go on where the last one ended.
void put(std::vector<FlashSegment>& segments, std::uint64_t address, std::span<const std::uint8_t> bytes) {
  if (segments.empty() || segments.back().end() != address) segments.push_back({address, {}});
  auto& last = segments.back().bytes;
  last.insert(last.end(), bytes.begin(), bytes.end());
}

std::uint64_t number(std::span<const std::uint8_t> bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), std::uint64_t{0},
                         [](std::uint64_t value, std::uint8_t byte) { return value << 8 | byte; });
}

std::uint8_t sum(const Bytes& bytes) {
  return static_cast<std::uint8_t>(std::accumulate(bytes.begin(), bytes.end(), 0u));
}

// A record: length, address (2), kind, content, checksum.
class IntelHex {
 public:
  IntelHex(std::span<const std::uint8_t> content, const std::string& where)
      : lines_(content, "Intel HEX", where) {}

  std::vector<FlashSegment> read() {
    lines_.each([this] { return take(); });
    return std::move(segments_);
  }

 private:
  enum Kind : std::uint8_t { bytes = 0, end = 1, segment = 2, start = 3, linear = 4, linear_start = 5 };
  static constexpr std::size_t kFrame = 5;  // a record without content

  bool take() {  // true at the end
    if (lines_.text().front() != ':') lines_.refuse("does not begin with `:`");
    const Bytes record = lines_.bytes_after(1);
    if (record.size() < kFrame || record.size() != kFrame + record[0]) lines_.refuse("is cut off");
    if (sum(record) != 0) lines_.refuse("has a wrong checksum");
    const std::span<const std::uint8_t> content(record.data() + 4, record[0]);
    switch (record[3]) {
      case Kind::bytes:
        put(segments_, base_ + number(std::span(record).subspan(1, 2)), content);
        return false;
      case Kind::segment:
      case Kind::linear:
        if (content.size() != 2) lines_.refuse("has an address of another length than 2 bytes");
        base_ = number(content) << (record[3] == Kind::linear ? 16 : 4);
        return false;
      case Kind::start:
      case Kind::linear_start:
        return false;
      case Kind::end:
        return true;
      default:
        lines_.refuse("is of an unknown kind, " + std::to_string(record[3]));
    }
  }

  Lines lines_;
  std::uint64_t base_ = 0;
  std::vector<FlashSegment> segments_;
};

// A record: S, kind, length, address (2 to 4), content, checksum.
class SRecord {
 public:
  SRecord(std::span<const std::uint8_t> content, const std::string& where)
      : lines_(content, "Motorola S", where) {}

  std::vector<FlashSegment> read() {
    lines_.each([this] { return take(); });
    return std::move(segments_);
  }

 private:
  bool take() {  // true at the end
    const std::string_view text = lines_.text();
    if (text.size() < 2 || text[0] != 'S') lines_.refuse("does not begin with `S`");
    const Bytes record = lines_.bytes_after(2);
    const std::size_t address_size = address_size_of(text[1]);
    if (record.size() < 2 + address_size || record.size() != 1u + record[0]) lines_.refuse("is cut off");
    if (sum(record) != 0xFF) lines_.refuse("has a wrong checksum");
    const auto body = std::span(record).subspan(1, record.size() - 2);
    if (text[1] >= '1' && text[1] <= '3')
      put(segments_, number(body.first(address_size)), body.subspan(address_size));
    return text[1] >= '7';
  }

  std::size_t address_size_of(char kind) const {
    constexpr std::array<std::size_t, 10> kSizes{2, 2, 3, 4, 0, 2, 3, 4, 3, 2};
    const int known = kind >= '0' && kind <= '9' ? kind - '0' : 4;
    if (known == 4) lines_.refuse(std::string("is of an unknown kind, S") + kind);
    return kSizes[static_cast<std::size_t>(known)];
  }

  Lines lines_;
  std::vector<FlashSegment> segments_;
};

}  // namespace

bool is_intel_hex(std::span<const std::uint8_t> content) {
  return !content.empty() && content[0] == ':' && begins_with_record(content, 1);
}

bool is_s_record(std::span<const std::uint8_t> content) {
  return content.size() > 1 && content[0] == 'S' && content[1] >= '0' && content[1] <= '9' &&
         begins_with_record(content, 2);
}

std::vector<FlashSegment> parse_intel_hex(std::span<const std::uint8_t> content, const std::string& where) {
  return in_order(IntelHex(content, where).read(), where);
}

std::vector<FlashSegment> parse_s_record(std::span<const std::uint8_t> content, const std::string& where) {
  return in_order(SRecord(content, where).read(), where);
}

}  // namespace tinyhil
