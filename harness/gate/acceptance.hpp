// SPDX-License-Identifier: Apache-2.0
// What a release accepts as evidence: accept.yaml. It lies where those who make candidates cannot write, and
// pins what a bundle could otherwise choose for itself: by which policy, against which baseline,
// on which vectors and boards, signed by whom. Pure, but for the files that load_acceptance() reads.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "gate.hpp"
#include "model/run_record.hpp"

namespace tinyhil::gate {

struct Acceptance {
  std::filesystem::path file;
  std::string name;
  // Either the policy has this digest, or it lets nothing through that `not_looser_than` would not. One is
  // given.
  std::optional<Digest> policy;
  std::optional<Policy> not_looser_than;
  std::vector<Digest> baselines, vectors, candidates, images;  // the first two are never empty
  std::vector<Provenance> provenance;                          // never empty
  std::vector<std::string> kinds, serials;
  std::vector<Digest> keys;  // ids; never empty
  std::optional<std::string> version_at_least, version_exactly;
  std::optional<std::chrono::nanoseconds> max_age;  // of the run
  std::optional<std::uint64_t> max_earlier_runs;    // of a candidate
  bool takes_waivers = false;
  bool takes_chosen_seeds = true;
};

// Throws Error(usage) with file and line: nothing is pinned by default, so what has to be pinned has to be
// there.
Acceptance load_acceptance(const std::filesystem::path& file);

// What a bundle says, once it was found genuine.
struct Offer {
  const Policy& policy;  // that it was judged by
  const RunRecord& run;
  const std::vector<Verdict>& verdicts;
  Digest baseline, vectors;
  std::vector<Digest> candidates;
  std::vector<BoardIdentity> boards;          // all that ran a part of it
  std::vector<std::string> simulated_meters;  // boards whose current a simulated meter measured
  std::optional<Digest> key;                  // whose signature was checked
  std::string version;                        // of the tinyhil that judged
};

struct Refusal {
  std::string key;     // of accept.yaml: "policy"
  std::string reason;  // "policy 3f.. (release), not 9a..."
};

// Empty when the offer holds to everything. `now` is what the run's age is held against.
std::vector<Refusal> refusals(const Acceptance& acceptance, const Offer& offer, Moment now);

}  // namespace tinyhil::gate
