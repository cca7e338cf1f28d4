// SPDX-License-Identifier: Apache-2.0
// One execution of a campaign on a bench: what ties its trials together.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "digest.hpp"

namespace tinyhil {

struct RunRecord {
  std::int64_t id = 0;
  std::string campaign;       // name
  std::string campaign_file;  // as given
  Digest campaign_digest;
  std::string bench;
  Digest policy_digest;
  std::string started_at;  // UTC, "2026-11-23T14:05:09Z"
  std::string host;        // kernel, architecture
  std::string version;     // of tinyhil
  std::string sampling{};  // as to_text(Sampling); empty: the whole set as it is, looked at once
  std::uint64_t order_seed = 0;
  std::vector<std::string> boards{};  // names, in the order of their shares (share.hpp); empty: one ran all
};

}  // namespace tinyhil
