// SPDX-License-Identifier: Apache-2.0
#include "named_tokens.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "internal/target.hpp"
#include "secret_file.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kTokensFileMost = 1024UL * 1024;
constexpr std::size_t kCallerNameMost = 64;
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kTokenSize = 43;  // 258 bits

struct RoleWord {
  std::string_view word;
  Role role;
};
constexpr std::array kRoleWords{RoleWord{"viewer", Role::viewer}, RoleWord{"runner", Role::runner},
                                RoleWord{"user", Role::user}, RoleWord{"admin", Role::admin}};

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string_view word : split(line, ' '))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

[[noreturn]] void refuse_line(const std::string& where, const std::string& what) {
  throw Error(ErrorKind::usage, what, where,
              "write NAME ROLE SHA256 [SELECTOR]; `tinyhil token` makes such a line");
}

bool is_caller_name(const std::string& name) {
  return name.size() <= kCallerNameMost &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@/-") ==
             std::string::npos;
}

Caller caller_in(const std::vector<std::string>& words, const std::string& where) {
  if (words.size() < 3 || words.size() > 4) refuse_line(where, "this is no line of a token");
  if (!is_caller_name(words[0])) refuse_line(where, "`" + words[0] + "` is no name");
  const auto* const role = std::find_if(kRoleWords.begin(), kRoleWords.end(),
                                        [&](const RoleWord& known) { return known.word == words[1]; });
  if (role == kRoleWords.end())
    refuse_line(where, "`" + words[1] + "` is no role: viewer, runner, user or admin");
  Caller caller{words[0], role->role};
  if (words.size() == 4) caller.boards = words[3];
  return caller;
}

Digest digest_in(const std::string& word, const std::string& where) {
  try {
    return Digest::from_hex(word);
  } catch (const std::invalid_argument&) {
    refuse_line(where, "this is no SHA-256");  // what stands there may be a token: it is not repeated
  }
}

}  // namespace

NamedTokens::NamedTokens(const std::filesystem::path& file) {
  check_secrecy(file, "the tokens");
  const std::vector<std::uint8_t> content = read_file(file, kTokensFileMost, "file of tokens");
  const std::string text(content.begin(), content.end());
  int number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    const std::vector<std::string> words = words_of(line);
    if (words.empty() || words[0].front() == '#') continue;
    const std::string where = file.string() + ":" + std::to_string(number);
    Caller caller = caller_in(words, where);
    const bool is_known = std::any_of(entries_.begin(), entries_.end(),
                                      [&](const Entry& entry) { return entry.caller.name == caller.name; });
    if (is_known) refuse_line(where, "`" + caller.name + "` has a token already");
    entries_.push_back({digest_in(words[2], where), std::move(caller)});
  }
}

Bearer NamedTokens::bearer(std::string_view shown) const {
  Bearer bearer;
  const Digest digest = sha256(shown);
  for (const Entry& entry : entries_)
    if (entry.digest == digest) bearer.caller = entry.caller;
  return bearer;
}

std::vector<Caller> NamedTokens::callers() const {
  std::vector<Caller> callers;
  for (const Entry& entry : entries_) callers.push_back(entry.caller);
  return callers;
}

NewToken new_token(const Caller& caller) {
  std::random_device source;
  std::string token;
  for (std::size_t i = 0; i < kTokenSize; ++i) token += kAlphabet[source() % kAlphabet.size()];
  const auto* const role = std::find_if(kRoleWords.begin(), kRoleWords.end(),
                                        [&](const RoleWord& known) { return known.role == caller.role; });
  if (role == kRoleWords.end() || !is_caller_name(caller.name))
    throw Error(ErrorKind::usage, "`" + caller.name + "` is no name of a caller", "token",
                "use letters, digits, dots, hyphens, slashes and @, at most 64");
  if (caller.boards.find_first_of(" \t\n") != std::string::npos)
    throw Error(ErrorKind::usage, "a selector of a token is written without blanks", caller.boards,
                "write such as pool=ci,chip=stm32f4");
  const std::string boards = caller.boards.empty() ? "" : " " + caller.boards;
  std::string line = caller.name + " " + std::string(role->word) + " " + sha256(token).hex() + boards;
  return {std::move(token), std::move(line)};
}

}  // namespace tinyhil::daemon
