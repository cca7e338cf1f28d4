// SPDX-License-Identifier: Apache-2.0
// A set of boards of one farm, which are numbered from 0.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tinyhil::daemon {

class BoardSet {
 public:
  explicit BoardSet(std::size_t boards) : words_((boards + kBits - 1) / kBits) {}

  void add(std::size_t board) { words_[board / kBits] |= bit(board); }
  void remove(std::size_t board) { words_[board / kBits] &= ~bit(board); }
  bool has(std::size_t board) const { return (words_[board / kBits] & bit(board)) != 0; }
  bool empty() const {
    return std::ranges::all_of(words_, [](std::uint64_t word) { return word == 0; });
  }
  std::size_t size() const {
    std::size_t count = 0;
    for (const std::uint64_t word : words_) count += static_cast<std::size_t>(std::popcount(word));
    return count;
  }

  // With a set of the same farm.
  BoardSet& operator&=(const BoardSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
  }
  BoardSet& operator|=(const BoardSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }
  BoardSet& operator-=(const BoardSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
    return *this;
  }
  bool meets(const BoardSet& other) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if ((words_[i] & other.words_[i]) != 0) return true;
    }
    return false;
  }

  // Calls visit(board) for each that is in both sets, in ascending order.
  template <class Visit>
  void for_each_common(const BoardSet& other, const Visit& visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t left = words_[i] & other.words_[i]; left != 0; left &= left - 1)
        visit(i * kBits + static_cast<std::size_t>(std::countr_zero(left)));
    }
  }

 private:
  static constexpr std::size_t kBits = 64;
  static std::uint64_t bit(std::size_t board) { return std::uint64_t{1} << (board % kBits); }

  std::vector<std::uint64_t> words_;
};

}  // namespace tinyhil::daemon
