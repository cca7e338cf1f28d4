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

OidcPolicy read_policy(const std::filesystem::path& file) {
  return file.empty() ? OidcPolicy() : OidcPolicy(file);
}

}  // namespace

Callers::Callers(CallerFiles files)
    : files_(std::move(files)), tokens_(read_tokens(files_.tokens)), oidc_(read_policy(files_.oidc)) {}

void Callers::reload() {
  NamedTokens tokens = read_tokens(files_.tokens);
  oidc_ = read_policy(files_.oidc);
  tokens_ = std::move(tokens);
}

Bearer Callers::bearer(std::string_view token) {
  Bearer bearer = tokens_.bearer(token);
  if (!bearer.caller && !oidc_.is_empty()) bearer = oidc_.bearer(token, std::chrono::system_clock::now());
  return bearer;
}

std::string confined(const std::string& selector, const Caller& caller) {
  if (caller.boards.empty() || selector.empty()) return caller.boards + selector;
  return caller.boards + "," + selector;
}

}  // namespace tinyhil::daemon
