// SPDX-License-Identifier: Apache-2.0
#include "rtt_block.hpp"

#include <algorithm>
#include <array>

#include "base/hex.hpp"
#include "tcl_text.hpp"

namespace tinyhil::probe {

namespace {

constexpr std::array<std::uint32_t, 4> kId = {0x47474553, 0x52205245, 0x00005454, 0};  // "SEGGER RTT"
constexpr std::size_t kHeadWords = 6;
constexpr std::size_t kRingWords = 6;
constexpr std::uint32_t kRingLeast = 16;
constexpr std::uint32_t kRingMost = 64 * 1024;

bool has_id(std::span<const std::uint32_t> words) {
  return words.size() >= kId.size() && std::equal(kId.begin(), kId.end(), words.begin());
}

RttRing ring_at(std::span<const std::uint32_t> words, std::size_t index) {
  return {words[index + 1], words[index + 2], words[index + 3], words[index + 4]};
}

bool makes_sense(const RttRing& ring) {
  return ring.bytes != 0 && ring.bytes % 4 == 0 && ring.size % 4 == 0 && ring.size >= kRingLeast &&
         ring.size <= kRingMost && ring.write < ring.size && ring.read < ring.size &&
         ring.bytes + ring.size > ring.bytes;
}

class Writes {
 public:
  explicit Writes(std::uint32_t address) : address_(address) {}

  void put(std::span<const std::uint8_t> bytes) {
    const std::size_t lead = std::min<std::size_t>(bytes.size(), (4 - address_ % 4) % 4);
    const std::size_t whole = (bytes.size() - lead) / 4 * 4;
    put_bytes(bytes.first(lead));
    put_words(bytes.subspan(lead, whole));
    put_bytes(bytes.subspan(lead + whole));
  }
  const std::string& text() const { return text_; }
  void move_to(std::uint32_t address) { address_ = address; }

 private:
  void put_bytes(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return;
    begin(" 8 {");
    for (const std::uint8_t byte : bytes) text_ += std::to_string(byte) + ' ';
    end(bytes.size());
  }
  void put_words(std::span<const std::uint8_t> bytes) {
    if (bytes.empty()) return;
    begin(" 32 {");
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
      const std::uint32_t word = bytes[i] | static_cast<std::uint32_t>(bytes[i + 1]) << 8 |
                                 static_cast<std::uint32_t>(bytes[i + 2]) << 16 |
                                 static_cast<std::uint32_t>(bytes[i + 3]) << 24;
      text_ += hexadecimal(word) + ' ';
    }
    end(bytes.size());
  }
  void begin(const char* kind) { text_ += hexadecimal(address_) + kind; }
  void end(std::size_t size) {
    text_ += "} ";
    address_ += static_cast<std::uint32_t>(size);
  }

  std::uint32_t address_;
  std::string text_;
};

void append(std::vector<std::uint8_t>& bytes, std::span<const std::uint32_t> words, std::size_t skip,
            std::size_t size) {
  for (std::size_t i = skip; i < skip + size; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(words[i / 4] >> (8 * (i % 4))));
  }
}

}  // namespace

std::optional<std::uint32_t> rtt_words(std::span<const std::uint32_t> head) {
  if (head.size() < kHeadWords || !has_id(head)) return std::nullopt;
  const std::uint32_t up = head[4];
  const std::uint32_t down = head[5];
  if (up < 1 || up > kRttRingsMax || down < 1 || down > kRttRingsMax) return std::nullopt;
  return static_cast<std::uint32_t>(kHeadWords + kRingWords * (up + 1));
}

std::optional<RttBlock> rtt_block(std::span<const std::uint32_t> words) {
  const std::optional<std::uint32_t> wanted = rtt_words(words);
  if (!wanted || words.size() < *wanted) return std::nullopt;
  RttBlock block;
  block.words = *wanted;
  block.down_index = static_cast<std::uint32_t>(*wanted - kRingWords);
  block.up = ring_at(words, kHeadWords);
  block.down = ring_at(words, block.down_index);
  if (!makes_sense(block.up) || !makes_sense(block.down)) return std::nullopt;
  return block;
}

std::optional<std::size_t> find_rtt_id(std::span<const std::uint32_t> memory) {
  const auto found = std::search(memory.begin(), memory.end(), kId.begin(), kId.end());
  if (found == memory.end()) return std::nullopt;
  return static_cast<std::size_t>(found - memory.begin());
}

RingPush push_of(const RttRing& ring, std::span<const std::uint8_t> bytes) {
  bytes = bytes.first(std::min<std::size_t>(bytes.size(), ring.room()));
  const std::size_t first = std::min<std::size_t>(bytes.size(), ring.size - ring.write);
  Writes writes(ring.bytes + ring.write);
  writes.put(bytes.first(first));
  writes.move_to(ring.bytes);
  writes.put(bytes.subspan(first));
  return {writes.text(), static_cast<std::uint32_t>((ring.write + bytes.size()) % ring.size)};
}

std::optional<std::vector<std::uint8_t>> pulled(const RttRing& ring, std::uint32_t until,
                                                std::span<const std::uint32_t> words) {
  std::vector<std::uint8_t> bytes;
  if (until >= ring.size) return std::nullopt;
  if (until == ring.read) return bytes;
  const std::size_t skip = ring.read % 4;
  const bool wraps = until < ring.read;
  const std::size_t first = (wraps ? ring.size : until) - ring.read;
  const std::size_t first_words = (skip + first + 3) / 4;
  const std::size_t second = wraps ? until : 0;
  if (words.size() != first_words + (second + 3) / 4) return std::nullopt;
  bytes.reserve(first + second);
  append(bytes, words, skip, first);
  append(bytes, words.subspan(first_words), 0, second);
  return bytes;
}

}  // namespace tinyhil::probe
