// SPDX-License-Identifier: Apache-2.0
// A PPK2's samples out of its bytes, which come in fragments of any size, with parts missing. Nothing frames
// a sample but its counter, which runs from 0 to 63: where it does not run on, the four places at which a
// word could start are compared over the next 32 words, and the one at which it runs is taken. Pure, of
// bounded memory, without allocations.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "meter/meter.hpp"
#include "ppk2_words.hpp"

namespace tinyhil::meter {

class Ppk2Stream {
 public:
  class Receiver {
   public:
    virtual ~Receiver() = default;
    virtual void words(std::span<const std::uint8_t> whole) = 0;  // lent for the call
    // Samples are missing before the next words, as many as the counter allows, and 64 more or not.
    virtual void lost(std::uint64_t count, GapCause cause) = 0;
  };

  explicit Ppk2Stream(Receiver& receiver) : receiver_(receiver) {}

  void push(std::span<const std::uint8_t> bytes);
  // No more bytes will come.
  void finish();
  // Bytes since the last sample that can be none: of another device, or of one that sends no samples.
  std::uint64_t strange_bytes() const { return skipped_; }

 private:
  struct Start {
    std::size_t offset = 0;  // 0 to 3
    std::size_t word = 0;    // the first that runs on, at that offset
  };

  void process();
  std::size_t good_run() const;
  void resolve();
  std::optional<Start> find_start() const;
  void resume_at(const Start& start);
  void consume(std::size_t bytes);
  std::size_t words_left() const { return (end_ - begin_) / kPpk2WordSize; }
  Ppk2Word word_at(std::size_t offset, std::size_t index) const {
    return ppk2_word(bytes_.data() + begin_ + offset + index * kPpk2WordSize);
  }

  Receiver& receiver_;
  std::array<std::uint8_t, 16 * 1024> bytes_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool aligned_ = false;
  bool started_ = false;       // some sample came, so that others can be missing
  unsigned expected_ = 0;      // counter of the next word, which is not handed on yet
  std::uint64_t skipped_ = 0;  // bytes since that word should have begun
};

}  // namespace tinyhil::meter
