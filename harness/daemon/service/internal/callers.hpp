// SPDX-License-Identifier: Apache-2.0
// Who may call over TCP, by what they show: tokens of a file, and tokens that an issuer signed. Read anew at
// SIGHUP. Example:
//
//   Callers callers(settings.callers);
//   options.tcp->bearers = [&callers](std::string_view token) { return callers.bearer(token); };
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "daemon/http/bearer.hpp"
#include "daemon/http/named_tokens.hpp"
#include "daemon/service/daemon.hpp"
#include "daemon/service/internal/oidc_policy.hpp"

namespace tinyhil::daemon {

class Callers {
 public:
  // Throws Error(usage): a file is not right, or has a selector that is none.
  explicit Callers(CallerFiles files);

  bool are_any() const { return !files_.tokens.empty() || !files_.oidc.empty(); }
  void reload();  // throws the same, and keeps those that there were
  Bearer bearer(std::string_view token);

 private:
  CallerFiles files_;
  NamedTokens tokens_;
  OidcPolicy oidc_;
};

// A selector of boards that `caller` may lease and that meet `selector`, too.
std::string confined(const std::string& selector, const Caller& caller);

}  // namespace tinyhil::daemon
