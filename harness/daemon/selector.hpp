// SPDX-License-Identifier: Apache-2.0
// Which boards a request may have: Kubernetes' label selectors. Terms are separated by commas, and all of
// them must hold. What is written, and which boards it matches:
//
//   chip=stm32f4            their label `chip` is `stm32f4` (`==` means the same)
//   pool!=lab               it is not, or they have no such label
//   board in (a, b)         it is one of these
//   board notin (a, b)      it is none of these, or they have no such label
//   probe                   they have the label, whatever its value
//   !meter                  they have no such label
//
// The empty selector matches every board. Keys and values are words as a bench file allows them for labels:
// up to 64 letters, digits and any of . _ - after the first; so unlike Kubernetes, a key has no prefix before
// a slash, and a value is not empty. Example:
//
//   const Selector selector = Selector::parse("probe, chip==stm32f4");
//   selector.matches({{"chip", "stm32f4"}, {"probe", "st-link"}});  // true
//   selector.text();                                                // "chip=stm32f4,probe"
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tinyhil::daemon {

inline constexpr std::size_t kSelectorTextMax = 1024;  // characters, as written and as canonical text
inline constexpr std::size_t kSelectorTermsMax = 32;
inline constexpr std::size_t kLabelWordMax = 64;  // characters of a key or a value

using Labels = std::map<std::string, std::string>;  // of one board

enum class LabelTest { exists, absent, in, not_in };

struct SelectorTerm {
  std::string key{};
  LabelTest test = LabelTest::exists;
  std::vector<std::string> values{};  // in order, each once; none for exists and absent

  bool matches(const Labels& labels) const;
  std::string text() const;  // canonical: "probe", "board in (a,b)"
  auto operator<=>(const SelectorTerm&) const = default;
};

class Selector {
 public:
  Selector() = default;  // matches every board

  // Throws Error(usage) with the column, from 1, and the remedy.
  static Selector parse(std::string_view text);

  bool matches(const Labels& labels) const;
  const std::vector<SelectorTerm>& terms() const { return terms_; }  // in order, each once

  // Canonical: selectors that are written alike but for order, blanks and repetition have one text, and it
  // reads as the same selector.
  const std::string& text() const { return text_; }
  bool operator==(const Selector& other) const { return text_ == other.text_; }

 private:
  std::vector<SelectorTerm> terms_;
  std::string text_;
};

}  // namespace tinyhil::daemon
