// SPDX-License-Identifier: Apache-2.0
#include "websocket_frames.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "base/visible.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kControlMost = 125;  // bytes of content
constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kReserved = 0x70;  // of extensions, which nobody asked for
constexpr std::uint8_t kMasked = 0x80;
constexpr std::uint8_t kLength16 = 126;
constexpr std::uint8_t kLength64 = 127;
constexpr std::size_t kMaskSize = 4;

std::uint8_t byte_at(const std::string& bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::size_t length_bytes(std::uint8_t length) {
  return length == kLength16 ? 2 : length == kLength64 ? 8 : 0;
}

// Big-endian.
std::uint64_t number_in(const std::string& bytes, std::size_t from, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8U | byte_at(bytes, from + i);
  return number;
}

bool may_be_sent(std::uint64_t code) {
  const bool is_defined = code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
  return is_defined || (code >= 3000 && code <= 4999);
}

bool is_close_content(const std::string& content) {
  if (content.empty()) return true;
  return content.size() >= 2 && may_be_sent(number_in(content, 0, 2)) && is_utf8(content.substr(2));
}

Frame::Kind kind_of_control(std::uint8_t opcode) {
  return opcode == 8 ? Frame::Kind::close : opcode == 9 ? Frame::Kind::ping : Frame::Kind::pong;
}

std::uint8_t opcode_of(Frame::Kind kind) {
  switch (kind) {
    case Frame::Kind::data:
      return 2;
    case Frame::Kind::close:
      return 8;
    case Frame::Kind::ping:
      return 9;
    case Frame::Kind::pong:
      return 10;
  }
  return 8;
}

}  // namespace

// As far as is known from what there is of it.
std::size_t FrameReader::header_size() const {
  if (header_.size() < 2) return 2;
  const std::uint8_t second = byte_at(header_, 1);
  return 2 + length_bytes(second & ~kMasked) + ((second & kMasked) != 0 ? kMaskSize : 0);
}

bool FrameReader::check(std::uint64_t length) {
  const std::uint8_t first = byte_at(header_, 0);
  const bool is_masked = (byte_at(header_, 1) & kMasked) != 0;
  const bool is_control = opcode_ >= Opcode::close;
  const bool is_known = opcode_ <= Opcode::binary || (is_control && opcode_ <= Opcode::pong);
  const bool is_in_order = is_control || (opcode_ == Opcode::more) == in_message_;
  failure_ = close_code::kProtocol;
  if ((first & kReserved) != 0 || !is_known || is_masked != (sender_ == Masks::yes)) return false;
  if (!is_in_order || (is_control && (!is_final_ || length > kControlMost))) return false;
  failure_ = close_code::kNotBinary;
  if (opcode_ == Opcode::text) return false;
  failure_ = close_code::kTooLarge;
  if (!is_control && length > message_most_ - message_.size()) return false;
  failure_ = 0;
  return true;
}

bool FrameReader::begin() {
  const std::uint8_t second = byte_at(header_, 1);
  const std::size_t extra = length_bytes(second & ~kMasked);
  is_final_ = (byte_at(header_, 0) & kFinal) != 0;
  opcode_ = static_cast<Opcode>(byte_at(header_, 0) & 0x0fU);
  left_ = extra == 0 ? second & ~kMasked : number_in(header_, 2, extra);
  if (!check(left_)) return false;
  for (std::size_t i = 0; (second & kMasked) != 0 && i < kMaskSize; ++i)
    mask_.at(i) = byte_at(header_, 2 + extra + i);
  taken_ = 0;
  header_.clear();
  in_content_ = true;
  return true;
}

void FrameReader::end() {
  in_content_ = false;
  if (opcode_ >= Opcode::close) {
    if (opcode_ == Opcode::close && !is_close_content(control_)) failure_ = close_code::kProtocol;
    if (failure_ == 0) whole_.push_back({kind_of_control(static_cast<std::uint8_t>(opcode_)), control_});
    control_.clear();
    return;
  }
  in_message_ = !is_final_;
  if (!is_final_) return;
  whole_.push_back({Frame::Kind::data, std::move(message_)});
  message_.clear();
}

bool FrameReader::put(std::string_view bytes) {
  while (failure_ == 0 && (!bytes.empty() || (in_content_ && left_ == 0))) {
    if (!in_content_) {
      const std::size_t count = std::min(bytes.size(), header_size() - header_.size());
      header_ += bytes.substr(0, count);
      bytes.remove_prefix(count);
      if (header_.size() == header_size() && !begin()) return false;
      continue;
    }
    std::string& content = opcode_ >= Opcode::close ? control_ : message_;
    const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), left_));
    for (std::size_t i = 0; i < count; ++i) {
      const auto key = sender_ == Masks::yes ? mask_[(taken_ + i) % kMaskSize] : std::uint8_t{0};
      content += static_cast<char>(static_cast<std::uint8_t>(bytes[i]) ^ key);
    }
    bytes.remove_prefix(count);
    taken_ += count;
    left_ -= count;
    if (left_ == 0) end();
  }
  return failure_ == 0;
}

std::optional<Frame> FrameReader::next() {
  if (whole_.empty()) return std::nullopt;
  std::optional<Frame> frame(std::move(whole_.front()));
  whole_.pop_front();
  return frame;
}

std::string frame_bytes(const Frame& frame, const std::optional<std::array<std::uint8_t, 4>>& mask) {
  const std::size_t size = frame.content.size();
  const std::uint8_t masked = mask ? kMasked : 0;
  const std::uint8_t length = size < kLength16 ? static_cast<std::uint8_t>(size)
                              : size <= 0xffff ? kLength16
                                               : kLength64;
  std::string bytes;
  bytes.reserve(size + 14);
  bytes += static_cast<char>(kFinal | opcode_of(frame.kind));
  bytes += static_cast<char>(masked | length);
  for (std::size_t left = length_bytes(length); left > 0; --left)
    bytes += static_cast<char>(static_cast<std::uint64_t>(size) >> (8 * (left - 1)));
  if (mask) bytes.append(mask->begin(), mask->end());
  const std::size_t begin = bytes.size();
  bytes += frame.content;
  for (std::size_t i = 0; mask && i < size; ++i)
    bytes[begin + i] =
        static_cast<char>(static_cast<std::uint8_t>(bytes[begin + i]) ^ (*mask)[i % kMaskSize]);
  return bytes;
}

std::string close_content(std::uint16_t code, std::string_view reason) {
  std::string_view cut = reason.substr(0, kControlMost - 2);
  if (cut.size() < reason.size()) cut = cut.substr(0, whole_characters(cut));
  std::string content{static_cast<char>(code >> 8U), static_cast<char>(code)};
  return is_utf8(std::string(cut)) ? content + std::string(cut) : content;
}

}  // namespace tinyhil::daemon
