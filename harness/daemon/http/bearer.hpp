// SPDX-License-Identifier: Apache-2.0
// Who shows a bearer token. A server asks a rule; what makes the rules is its user's: tokens of a file
// (named_tokens.hpp), tokens that somebody else signed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "route.hpp"

namespace tinyhil::daemon {

struct Bearer {
  std::optional<Caller> caller{};                   // nothing: it is nobody's
  std::string why_not = "this token is not known";  // told to whoever showed it; nothing of the token
};
using BearerRule = std::function<Bearer(std::string_view token)>;

}  // namespace tinyhil::daemon
