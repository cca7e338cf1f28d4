// SPDX-License-Identifier: Apache-2.0
// The public keys of whoever signs tokens, as RFC 7517 writes them. Keys for RS256 (2,048 bits or more) and
// ES256 are taken, each for its one algorithm; all others are left out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tinyhil::daemon {

struct SigningKeyOfIssuer {
  std::string algorithm;  // "RS256" or "ES256"
  std::string pem;
};

class JwkSet {
 public:
  JwkSet() = default;
  // Throws Error(usage), with `where`: no JSON, no key that can be used, two with one name.
  JwkSet(std::string_view json, const std::string& where);

  const SigningKeyOfIssuer* find(const std::string& key_id) const;  // nullptr: there is none

 private:
  std::map<std::string, SigningKeyOfIssuer> keys_;
};

}  // namespace tinyhil::daemon
