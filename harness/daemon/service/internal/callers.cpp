// SPDX-License-Identifier: Apache-2.0
#include "callers.hpp"

#include <utility>

#include "daemon/selector.hpp"

namespace tinyhil::daemon {

namespace {

NamedTokens read_tokens(const std::filesystem::path& file) {
  if (file.empty()) return {};
  NamedTokens tokens(file);
  for (const Caller& caller : tokens.callers()) Selector::parse(caller.boards);
  return tokens;
}

}  // namespace

Callers::Callers(CallerFiles files) : files_(std::move(files)), tokens_(read_tokens(files_.tokens)) {}

void Callers::reload() { tokens_ = read_tokens(files_.tokens); }

Bearer Callers::bearer(std::string_view token) const { return tokens_.bearer(token); }

std::string confined(const std::string& selector, const Caller& caller) {
  if (caller.boards.empty() || selector.empty()) return caller.boards + selector;
  return caller.boards + "," + selector;
}

}  // namespace tinyhil::daemon
