// SPDX-License-Identifier: Apache-2.0
#include "selector.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "internal/selector_reader.hpp"

namespace tinyhil::daemon {
namespace {

std::string joined_values(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

}  // namespace

bool SelectorTerm::matches(const Labels& labels) const {
  const auto label = labels.find(key);
  const bool exists = label != labels.end();
  switch (test) {
    case LabelTest::exists:
      return exists;
    case LabelTest::absent:
      return !exists;
    case LabelTest::in:
      return exists && std::ranges::binary_search(values, label->second);
    case LabelTest::not_in:
      return !exists || !std::ranges::binary_search(values, label->second);
  }
  return false;
}

std::string SelectorTerm::text() const {
  switch (test) {
    case LabelTest::exists:
      return key;
    case LabelTest::absent:
      return '!' + key;
    case LabelTest::in:
      return values.size() == 1 ? key + '=' + values.front() : key + " in (" + joined_values(values) + ')';
    case LabelTest::not_in:
      return values.size() == 1 ? key + "!=" + values.front()
                                : key + " notin (" + joined_values(values) + ')';
  }
  return {};
}

Selector Selector::parse(std::string_view text) {
  Selector selector;
  std::vector<SelectorTerm>& terms = selector.terms_;
  terms = SelectorReader(text).terms();
  std::ranges::sort(terms);
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());  // clang 14 has no std::ranges::unique
  for (const SelectorTerm& term : terms) selector.text_ += (selector.text_.empty() ? "" : ",") + term.text();
  // It may be longer than what was written, by a blank for each list, and is to be read again.
  if (selector.text_.size() > kSelectorTextMax) {
    throw Error(ErrorKind::usage,
                "the selector has more than " + std::to_string(kSelectorTextMax) + " characters",
                "selector, column " + std::to_string(kSelectorTextMax + 1), "shorten it");
  }
  return selector;
}

bool Selector::matches(const Labels& labels) const {
  return std::ranges::all_of(terms_, [&](const SelectorTerm& term) { return term.matches(labels); });
}

}  // namespace tinyhil::daemon
