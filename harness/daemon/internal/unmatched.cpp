// SPDX-License-Identifier: Apache-2.0
#include "unmatched.hpp"

#include <set>
#include <tuple>

#include "base/nearest.hpp"

namespace tinyhil::daemon {
namespace {

constexpr std::size_t kShown = 8;  // labels in a message

using Words = std::set<std::string>;

// "did you mean `a`? " and so on: only `nearest` looks at all of them.
std::string choice(const std::string& word, const Words& words) {
  const std::vector<std::string> all(words.begin(), words.end());
  std::vector<std::string> shown = all;
  if (shown.size() > kShown) shown.resize(kShown);
  const auto near = nearest(word, all);
  std::string text = near ? "did you mean `" + *near + "`? " : "";
  text += "there is " + quoted_list(shown);
  if (all.size() > kShown) text += " and " + std::to_string(all.size() - kShown) + " more";
  return text;
}

Words keys(const BoardIndex& boards) {
  Words keys;
  for (std::size_t i = 0; i < boards.size(); ++i) {
    for (const auto& [key, value] : boards[i].labels) keys.insert(key);
  }
  return keys;
}

Words values(const BoardIndex& boards, const BoardSet& of, const std::string& key) {
  Words values;
  of.for_each_common(of, [&](std::size_t board) {
    const auto label = boards[board].labels.find(key);
    if (label != boards[board].labels.end()) values.insert(label->second);
  });
  return values;
}

std::string remedy(const SelectorTerm& term, const BoardIndex& boards, const BoardSet& others) {
  if (term.test == LabelTest::absent || term.test == LabelTest::not_in) return "drop `" + term.text() + '`';
  const Words known = keys(boards);
  if (!known.contains(term.key)) return "no board has a label `" + term.key + "`: " + choice(term.key, known);
  const Words there = values(boards, others, term.key);
  if (term.test == LabelTest::exists || there.empty()) return "drop `" + term.text() + '`';
  return "of `" + term.key + "`, " + choice(term.values.front(), there);
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
    worst = {term.text(), alone, without_it, remedy(term, boards, to_choose_from)};
    found = true;
  }
  return worst;
}

}  // namespace tinyhil::daemon
