// SPDX-License-Identifier: Apache-2.0
// What an instrument answers to a query, in fragments of any size (IEEE 488.2): a line, or a block of bytes
// of definite length, #<digits of the length><length><bytes>, and a line feed. Pure; memory is taken once.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tinyhil::meter {

class ScpiAnswer {
 public:
  enum class Kind : std::uint8_t { line, block };
  enum class State : std::uint8_t { more, whole, broken };

  // No longer than so many bytes; a longer one is broken.
  ScpiAnswer(Kind kind, std::size_t most);

  // Takes what belongs to this answer off `bytes`, which are what came next.
  State feed(std::span<const std::uint8_t>& bytes);
  State state() const { return state_; }

  std::span<const std::uint8_t> bytes() const { return content_; }  // without frame and line end
  std::string text() const;                                         // made safe to print

 private:
  void take(std::uint8_t byte);
  void take_of_line(std::uint8_t byte);
  void take_of_head(std::uint8_t byte);

  Kind kind_;
  std::size_t most_;
  State state_ = State::more;
  std::vector<std::uint8_t> content_;
  std::size_t head_ = 0;    // bytes of the head that have come
  std::size_t digits_ = 0;  // of the length
  std::size_t length_ = 0;
};

}  // namespace tinyhil::meter
