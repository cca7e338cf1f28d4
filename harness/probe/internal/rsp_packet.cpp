// SPDX-License-Identifier: Apache-2.0
#include "rsp_packet.hpp"

#include "base/hex.hpp"
#include "rsp_text.hpp"

namespace tinyhil::probe {

namespace {

constexpr char kEscape = '}';
constexpr char kRun = '*';
constexpr unsigned char kFlip = 0x20;
constexpr int kRunBase = 29;  // a printable character stands for a count

unsigned sum_of(std::string_view text) {
  unsigned sum = 0;
  for (const char each : text) sum += static_cast<unsigned char>(each);
  return sum & 0xFF;
}

bool is_special(char each) { return each == '$' || each == '#' || each == kEscape || each == kRun; }

char flipped(char each) { return static_cast<char>(static_cast<unsigned char>(each) ^ kFlip); }

// Nothing: it breaks off within an escape or a run, or becomes too long.
std::optional<std::string> meant(std::string_view sent) {
  std::string content;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (sent[i] != kEscape && sent[i] != kRun) {
      content += sent[i];
    } else if (++i == sent.size()) {
      return std::nullopt;
    } else if (sent[i - 1] == kEscape) {
      content += flipped(sent[i]);
    } else {
      const int count = static_cast<unsigned char>(sent[i]) - kRunBase;
      if (content.empty() || count < 3) return std::nullopt;
      content.append(static_cast<std::size_t>(count), content.back());
    }
    if (content.size() > kRspContentMost) return std::nullopt;
  }
  return content;
}

}  // namespace

std::string rsp_packet(std::string_view content) {
  std::string body;
  for (const char each : content) {
    if (is_special(each)) body += kEscape;
    body += is_special(each) ? flipped(each) : each;
  }
  const unsigned char sum = static_cast<unsigned char>(sum_of(body));
  return "$" + body + "#" + to_hex({&sum, 1});
}

void RspReader::push(std::string_view bytes) {
  bytes_.erase(0, done_);
  done_ = 0;
  bytes_ += bytes;
}

// A packet or a notification; nothing when its end has not come.
std::optional<RspItem> RspReader::whole_item() {
  const std::string_view rest = std::string_view(bytes_).substr(done_);
  const std::size_t end = rest.find('#');
  if (end == std::string_view::npos && rest.size() > kRspContentMost) {
    done_ = bytes_.size();
    return RspItem{RspItem::Kind::damaged};
  }
  if (end == std::string_view::npos || end + 3 > rest.size()) return std::nullopt;
  RspItem item{rest[0] == '$' ? RspItem::Kind::packet : RspItem::Kind::notification};
  const std::string_view body = rest.substr(1, end - 1);
  const auto sum = from_hex(rest.substr(end + 1, 2));
  std::optional<std::string> content = meant(body);
  if (!sum || sum->front() != sum_of(body) || !content) {
    item.kind = RspItem::Kind::damaged;
  } else {
    item.content = std::move(*content);
  }
  done_ += end + 3;
  return item;
}

std::optional<RspItem> RspReader::next() {
  for (; done_ < bytes_.size(); ++done_) {
    const char each = bytes_[done_];
    if (each == '$' || each == '%') return whole_item();
    if (each != '+' && each != '-') continue;
    ++done_;
    return RspItem{each == '+' ? RspItem::Kind::accepted : RspItem::Kind::rejected};
  }
  return std::nullopt;
}

}  // namespace tinyhil::probe
