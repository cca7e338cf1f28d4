// SPDX-License-Identifier: Apache-2.0
#include "tcl_text.hpp"

#include <array>
#include <charconv>
#include <limits>

#include "base/hex.hpp"

namespace tinyhil::probe {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }

char unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'v':
      return '\v';
    default:
      return c;
  }
}

class ListReader {
 public:
  explicit ListReader(std::string_view text) : text_(text) { skip_space(); }

  bool at_end() const { return at_ == text_.size(); }

  // False when there is no whole element.
  bool next(std::string& element) {
    element.clear();
    const char first = text_[at_];
    const bool good = first == '{' ? braced(element) : first == '"' ? quoted(element) : bare(element);
    if (!good || (!at_end() && !is_space(text_[at_]))) return false;
    skip_space();
    return true;
  }

 private:
  void skip_space() {
    while (!at_end() && is_space(text_[at_])) ++at_;
  }

  // Backslashes stay as they are in braces.
  bool braced(std::string& element) {
    const std::size_t begin = ++at_;
    std::size_t depth = 1;
    for (; !at_end(); ++at_) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        ++at_;
      } else if (c == '{') {
        ++depth;
      } else if (c == '}' && --depth == 0) {
        element = text_.substr(begin, at_++ - begin);
        return true;
      }
    }
    return false;
  }

  bool quoted(std::string& element) {
    for (++at_; !at_end(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        return true;
      }
      take(element);
    }
    return false;
  }

  bool bare(std::string& element) {
    for (; !at_end() && !is_space(text_[at_]); ++at_) take(element);
    return true;
  }

  void take(std::string& element) {
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
      element += unescaped(text_[++at_]);
    } else {
      element += text_[at_];
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::vector<std::string>> tcl_list(std::string_view text, std::size_t most) {
  std::vector<std::string> elements;
  ListReader reader(text);
  while (!reader.at_end()) {
    std::string element;
    if (elements.size() == most || !reader.next(element)) return std::nullopt;
    elements.push_back(std::move(element));
  }
  return elements;
}

std::string tcl_word(std::string_view text) {
  if (text.empty()) return "{}";
  std::string word;
  for (const char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          c == '_' || c == '-' || c == '/' || c == '.' || c == ':' ||
                          static_cast<unsigned char>(c) >= 0x80;
    if (c == '\n') {
      word += "\\n";
    } else if (is_plain) {
      word += c;
    } else {
      word += '\\';
      word += c;
    }
  }
  return word;
}

std::string checked(std::string_view command) {
  return "list [catch {" + std::string(command) + "} thil_answer] $thil_answer";
}

std::optional<TclReply> tcl_reply(std::string_view text) {
  const auto parts = tcl_list(text, 2);
  if (!parts || parts->size() != 2) return std::nullopt;
  const std::string& code = (*parts)[0];
  TclReply reply;
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), reply.status);
  if (error != std::errc() || end != code.data() + code.size()) return std::nullopt;
  reply.text = (*parts)[1];
  return reply;
}

std::optional<std::vector<std::uint32_t>> tcl_numbers(std::string_view text, std::size_t most) {
  std::vector<std::uint32_t> numbers;
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && is_space(text[at])) ++at;
    if (at == text.size()) return numbers;
    std::size_t end = at;
    while (end < text.size() && !is_space(text[end])) ++end;
    const std::optional<std::uint64_t> number = parse_address(text.substr(at, end - at));
    if (!number || *number > std::numeric_limits<std::uint32_t>::max() || numbers.size() == most)
      return std::nullopt;
    numbers.push_back(static_cast<std::uint32_t>(*number));
    at = end;
  }
}

}  // namespace tinyhil::probe
