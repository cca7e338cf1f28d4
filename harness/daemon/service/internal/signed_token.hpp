// SPDX-License-Identifier: Apache-2.0
// JSON Web Tokens, read and verified by libjwt.
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/service/internal/jwk_set.hpp"

namespace tinyhil::daemon {

// What a token says of itself, to find the key by which it is verified, and for nothing else.
struct UntrustedToken {
  std::string issuer;
  std::string key_id;
};

// Nothing: it is no token, or of an algorithm that is not taken: RS256 and ES256 are. One with `crit`, which
// demands more than this reads, is refused, too.
std::optional<UntrustedToken> read_untrusted(std::string_view token);

// The claims, if the signature is by this key with its algorithm.
std::optional<nlohmann::json> verified_claims(std::string_view token, const SigningKeyOfIssuer& key);

// Why it does not hold now; empty: it does. `exp` has to be there. Clocks may be a minute apart.
std::string time_mistake(const nlohmann::json& claims, std::chrono::system_clock::time_point now);

bool is_for(const nlohmann::json& claims, const std::string& audience);

}  // namespace tinyhil::daemon
