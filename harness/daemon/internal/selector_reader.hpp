// SPDX-License-Identifier: Apache-2.0
// Reads the terms of a selector, in the order in which they are written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/selector.hpp"

namespace tinyhil::daemon {

class SelectorReader {
 public:
  explicit SelectorReader(std::string_view text) : text_(text) {}

  // Once. Throws Error(usage) with the column and the remedy.
  std::vector<SelectorTerm> terms();

 private:
  SelectorTerm term();
  SelectorTerm compared(std::string key);  // what follows a key
  std::vector<std::string> list();
  std::string word(const std::string& purpose, const std::string& remedy);

  void skip_blanks();
  bool take(std::string_view symbol);
  bool at_end() const { return at_ == text_.size(); }
  std::string_view next_word() const;
  std::string found() const;  // what stands here, for a message
  [[noreturn]] void fail_operator(std::string_view word) const;
  [[noreturn]] void fail(const std::string& what, const std::string& remedy) const;

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace tinyhil::daemon
