// SPDX-License-Identifier: Apache-2.0
// The tokens of several callers, each with a name and a role. Only their digests are in the file and here.
// Example:
//
//   # name role sha256-of-the-token [selector]
//   ada admin 5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5
//   ci-nightly user 8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92 pool=ci,chip!=nrf53
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "bearer.hpp"
#include "route.hpp"

namespace tinyhil::daemon {

class NamedTokens {
 public:
  // Throws Error(usage), with the line: not as above, a name twice; a file that others may read.
  explicit NamedTokens(const std::filesystem::path& file);
  NamedTokens() = default;  // there are none

  Bearer bearer(std::string_view shown) const;
  std::vector<Caller> callers() const;

 private:
  struct Entry {
    Digest digest;
    Caller caller;
  };
  std::vector<Entry> entries_;
};

// 43 characters from the system's random numbers, and its line for the file.
struct NewToken {
  std::string token;
  std::string line;
};
NewToken new_token(const Caller& caller);

}  // namespace tinyhil::daemon
