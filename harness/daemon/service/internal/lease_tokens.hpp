// SPDX-License-Identifier: Apache-2.0
// A bearer token for each lease, by which its holder is known when what the lease was asked with is over: a
// CI provider's token lasts minutes, a campaign hours. It is made from the lease's number and a key that
// stands in the state folder, so that it holds when the daemon is started again. Example:
//
//   document["token"] = tokens.token(lease.id);
//   if (const std::optional<RequestId> id = tokens.lease_of(shown)) ...
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/farm.hpp"

namespace tinyhil::daemon {

class LeaseTokens {
 public:
  // The key is made when there is none. Throws Error: usage for a key that others may read or that is none,
  // bench_fault when it cannot be made.
  explicit LeaseTokens(const std::filesystem::path& state_folder);

  std::string token(RequestId id) const;
  // Nothing: it is no lease's token. Whether the lease still lasts is not known here.
  std::optional<RequestId> lease_of(std::string_view token) const;

 private:
  std::string key_;
};

}  // namespace tinyhil::daemon
