// SPDX-License-Identifier: Apache-2.0
// A secret that a caller over TCP shows instead of the credentials of a process. Only its digest is kept.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/digest.hpp"
#include "daemon/http/route.hpp"

namespace tinyhil::daemon {

class BearerToken {
 public:
  // The token is what stands in the file, without white space around it: 16 to 1,000 visible ASCII
  // characters. Throws Error(usage) when it is something else, the file is not ours or root's, or others may
  // read it.
  BearerToken(const std::filesystem::path& file, Caller bearer);

  // Takes the same time for any text of one length.
  bool is(std::string_view shown) const;
  const Caller& bearer() const { return bearer_; }

 private:
  Digest digest_;
  Caller bearer_;
};

}  // namespace tinyhil::daemon
