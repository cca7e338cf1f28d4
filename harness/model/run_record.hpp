// SPDX-License-Identifier: Apache-2.0
// One execution of a campaign on a bench: what ties its trials together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "run_sampling.hpp"

namespace tinyhil {

inline constexpr std::size_t kEndingsKept = 20;  // of a candidate's earlier runs: the last ones

// One of the run's models, by its file, as it was before any board was asked.
struct ModelOfRun {
  std::string name;
  Digest digest;
  bool is_candidate = false;
  // Of a candidate: how many runs, whole or not, the store had of it on these vectors, and how the last of
  // them ended, oldest first: "fail", "not finished".
  std::uint64_t earlier = 0;
  std::vector<std::string> earlier_ended{};
};

// Another earlier run of a candidate, later than those before.
void add_earlier_run(ModelOfRun& model, std::string ending);

// What the candidate's digest has to do with the order: `drawn` from the system's randomness after the digest
// was stored, `chosen` by the policy; `unstated` in runs of older versions, and before an order was settled.
enum class SeedOrigin { unstated, drawn, chosen };

const char* to_string(SeedOrigin origin);

inline constexpr std::size_t kFailedAttemptsMax = 100;

// A try at the campaign that failed for the bench's or a board's sake, after which it was tried again.
struct FailedAttempt {
  std::vector<std::string> boards;
  std::string failure_class;  // "bench"
  std::string what;
};

struct RunRecord {
  std::int64_t id = 0;
  std::string campaign;       // name
  std::string campaign_file;  // as given
  Digest campaign_digest;
  std::string bench;
  Digest policy_digest;
  std::string started_at;                 // UTC, "2026-11-23T14:05:09Z"
  std::string host;                       // kernel, architecture
  std::string version;                    // of tinyhil
  std::optional<RunSampling> sampling{};  // nothing: the whole set as it is, looked at once
  std::uint64_t order_seed = 0;
  SeedOrigin seed_origin = SeedOrigin::unstated;
  std::vector<std::string> boards{};  // names, in the order of their shares (share.hpp); empty: one ran all
  Digest vectors_digest{};            // zero in runs of older versions, as `models` is empty
  std::vector<ModelOfRun> models{};
  // Who began it and where; empty: not known, as in runs of older versions.
  std::string machine{};  // the host's name
  std::string user{};     // of the operating system
  std::string
      commit{};  // of the campaign's folder in Git: hex digits, then "-dirty" when files differ from it
  std::vector<FailedAttempt> failed_attempts{};  // oldest first, at most kFailedAttemptsMax
};

}  // namespace tinyhil
