// SPDX-License-Identifier: Apache-2.0
#include "selector_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/nearest.hpp"
#include "base/visible.hpp"

namespace tinyhil::daemon {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_label_character(char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; }

}  // namespace

std::vector<SelectorTerm> SelectorReader::terms() {
  if (text_.size() > kSelectorTextMax) {
    at_ = kSelectorTextMax;
    fail("the selector has more than " + std::to_string(kSelectorTextMax) + " characters", "shorten it");
  }
  std::vector<SelectorTerm> terms;
  skip_blanks();
  if (at_end()) return terms;
  do {
    if (terms.size() == kSelectorTermsMax)
      fail("the selector has more than " + std::to_string(kSelectorTermsMax) + " terms", "drop some of them");
    terms.push_back(term());
  } while (take(","));
  if (!at_end())
    fail(found() + " follows a whole term", "separate terms by commas, as in `chip=stm32f4,probe`");
  return terms;
}

SelectorTerm SelectorReader::term() {
  const std::string key_remedy = "write a term here, as in `chip=stm32f4`, `probe` or `!meter`";
  if (take("!")) return {word("the label that must be absent", key_remedy), LabelTest::absent, {}};
  return compared(word("the name of a label", key_remedy));
}

SelectorTerm SelectorReader::compared(std::string key) {
  const std::string value_remedy =
      "write a value here, or `" + key + "` alone for boards that have the label at all";
  if (take("!=")) return {std::move(key), LabelTest::not_in, {word("a value", value_remedy)}};
  if (take("==") || take("=")) return {std::move(key), LabelTest::in, {word("a value", value_remedy)}};
  const std::string_view following = next_word();
  if (following.empty()) return {std::move(key), LabelTest::exists, {}};
  if (following != "in" && following != "notin") fail_operator(following);
  const LabelTest test = following == "in" ? LabelTest::in : LabelTest::not_in;
  take(following);
  return {std::move(key), test, list()};
}

void SelectorReader::fail_operator(std::string_view word) const {
  std::string remedy = "separate terms by commas; operators are =, ==, !=, in and notin";
  if (word == "not") remedy = "write `notin`, in one word";
  if (const auto near = nearest(word, {"in", "notin"})) remedy = "did you mean `" + *near + "`? " + remedy;
  fail(found() + " is no operator", remedy);
}

std::vector<std::string> SelectorReader::list() {
  const std::string remedy = "write the values in parentheses, as in `board in (a, b)`";
  if (!take("(")) fail(found() + " stands where a list begins", remedy);
  std::vector<std::string> values;
  do {
    values.push_back(word("a value", remedy));
  } while (take(","));
  if (!take(")")) fail(found() + " stands where the list ends", remedy);
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::string SelectorReader::word(const std::string& purpose, const std::string& remedy) {
  skip_blanks();
  const std::string_view word = next_word();
  if (word.empty()) fail(found() + " stands where " + purpose + " is expected", remedy);
  if (!is_alphanumeric(word.front()))
    fail(found() + " does not begin with a letter or a digit", "labels and their values all do");
  if (word.size() > kLabelWordMax)
    fail("a word has more than " + std::to_string(kLabelWordMax) + " characters", "shorten it");
  at_ += word.size();
  skip_blanks();
  return std::string(word);
}

void SelectorReader::skip_blanks() {
  while (!at_end() && is_blank(text_[at_])) ++at_;
}

bool SelectorReader::take(std::string_view symbol) {
  if (!text_.substr(at_).starts_with(symbol)) return false;
  at_ += symbol.size();
  skip_blanks();
  return true;
}

std::string_view SelectorReader::next_word() const {
  const std::string_view rest = text_.substr(at_);
  const auto end = std::ranges::find_if_not(rest, is_label_character);
  return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
}

std::string SelectorReader::found() const {
  if (at_end()) return "the end";
  if (const std::string_view word = next_word(); !word.empty()) return '`' + std::string(word) + '`';
  std::size_t size = 1;  // a character of UTF-8 is shown whole
  while (at_ + size < text_.size() && (static_cast<unsigned char>(text_[at_ + size]) & 0xC0) == 0x80) ++size;
  return '`' + visible_line(text_.substr(at_, size)) + '`';
}

void SelectorReader::fail(const std::string& what, const std::string& remedy) const {
  throw Error(ErrorKind::usage, what, "selector, column " + std::to_string(at_ + 1), remedy);
}

}  // namespace tinyhil::daemon
