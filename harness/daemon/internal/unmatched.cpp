// SPDX-License-Identifier: Apache-2.0
#include "unmatched.hpp"

#include <set>
#include <tuple>

#include "base/nearest.hpp"

namespace tinyhil::daemon {
namespace {

constexpr std::size_t kLabelsShown = 8;  // labels in a message

using LabelWords = std::set<std::string>;

// "labels are `a`, `b` and 2 more"
std::string listed(const std::string& what, const LabelWords& words) {
  std::vector<std::string> shown(words.begin(), words.end());
  if (shown.size() > kLabelsShown) shown.resize(kLabelsShown);
  std::string text = what + ' ' + quoted_list(shown);
  if (words.size() > kLabelsShown) text += " and " + std::to_string(words.size() - kLabelsShown) + " more";
  return text;
}

// "did you mean `probe`? ", or nothing.
std::string nearest_label(const std::string& word, const LabelWords& words, const std::string& before = "") {
  const auto near = nearest(word, {words.begin(), words.end()});
  return near ? "did you mean `" + before + *near + "`? " : "";
}

LabelWords label_keys(const BoardIndex& boards) {
  LabelWords keys;
  for (std::size_t i = 0; i < boards.size(); ++i) {
    for (const auto& [key, value] : boards[i].labels) keys.insert(key);
  }
  return keys;
}

LabelWords label_values(const BoardIndex& boards, const BoardSet& of, const std::string& key) {
  LabelWords values;
  of.for_each_common(of, [&](std::size_t board) {
    const auto label = boards[board].labels.find(key);
    if (label != boards[board].labels.end()) values.insert(label->second);
  });
  return values;
}

std::string term_remedy(const SelectorTerm& term, const BoardIndex& boards, const BoardSet& others) {
  if (term.test == LabelTest::absent || term.test == LabelTest::not_in) return "drop `" + term.text() + '`';
  const LabelWords known = label_keys(boards);
  if (!known.contains(term.key)) return nearest_label(term.key, known) + listed("labels are", known);
  const LabelWords there = label_values(boards, others, term.key);
  if (term.test == LabelTest::exists || there.empty()) return "drop `" + term.text() + '`';
  return nearest_label(term.values.front(), there, term.key + '=') +
         listed("values of `" + term.key + "` are", there);
}

}  // namespace

UnmatchedTerm unmatched_term(const Selector& selector, const BoardIndex& boards) {
  if (selector.terms().empty()) return {.term = "", .remedy = "add boards to the farm; it has none"};
  UnmatchedTerm worst;
  bool found = false;
  for (const SelectorTerm& term : selector.terms()) {
    BoardSet others = boards.matching(Selector());
    for (const SelectorTerm& other : selector.terms()) {
      if (other != term) others &= boards.matching(other);
    }
    const bool alone = boards.matching(term).empty();
    const std::size_t without_it = others.size();
    if (found && std::tuple(without_it, alone) <= std::tuple(worst.without_it, worst.alone)) continue;
    const BoardSet& to_choose_from = without_it > 0 ? others : boards.matching(Selector());
    worst = {term.text(), alone, without_it, term_remedy(term, boards, to_choose_from)};
    found = true;
  }
  return worst;
}

}  // namespace tinyhil::daemon
