// SPDX-License-Identifier: Apache-2.0
// Who may call by a token that somebody else signed, such as a CI provider for a job: OpenID Connect. A file
// says which issuers are trusted and what their claims come to. Example:
//
//   issuers:
//     - issuer: https://token.actions.githubusercontent.com
//       audience: tinyhil-lab
//       keys: github.jwks.json
//       rules:
//         - claims: {repository: example/wake-word, ref: refs/heads/main}
//           name: ci-{repository}
//           role: user
//           boards: pool=ci
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/bearer.hpp"
#include "daemon/service/internal/jwk_set.hpp"

namespace tinyhil::daemon {

using ClaimPatterns = std::map<std::string, std::string>;  // a claim's text; a star stands for any part of it

struct OidcRule {
  ClaimPatterns claims;  // all of them
  std::string name;      // "{claim}" stands for the claim's text
  Role role = Role::user;
  std::string boards{};
};

class OidcIssuer {
 public:
  std::string issuer;
  std::string audience;
  std::filesystem::path keys_file;
  std::vector<OidcRule> rules;  // the first that fits is it

  void read_keys();  // throws Error(usage)
  // Keys that the issuer has changed to are read when a token names one that is not known.
  const SigningKeyOfIssuer* key(const std::string& key_id);

 private:
  JwkSet keys_;
  std::filesystem::file_time_type keys_of_{};
};

class OidcPolicy {
 public:
  OidcPolicy() = default;  // trusts nobody
  // Throws Error(usage) with file and line.
  explicit OidcPolicy(const std::filesystem::path& file);

  bool is_empty() const { return issuers_.empty(); }
  Bearer bearer(std::string_view token, std::chrono::system_clock::time_point now);

 private:
  std::vector<OidcIssuer> issuers_;
};

}  // namespace tinyhil::daemon
