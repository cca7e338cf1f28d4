// SPDX-License-Identifier: Apache-2.0
// What a bundle of evidence holds, besides manifest and envelopes: its inputs as they were, and all that
// follows from them. Made by `bundle`, made again by `verify`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "evidence/archive.hpp"
#include "judgement.hpp"

namespace tinyhil::campaign {

namespace bundle {
inline constexpr const char* kCampaign = "campaign.yaml";
inline constexpr const char* kPolicy = "gate.yaml";
inline constexpr const char* kVectors = "vectors.npz";
inline constexpr const char* kModels = "models";  // folder
inline constexpr const char* kResults = "results.db";
inline constexpr const char* kReport = "results.json";
inline constexpr const char* kStatement = "statement.json";
inline constexpr const char* kDetail = "detail.json";
}  // namespace bundle

// The files that are signed one by one.
inline const std::vector<std::string> kStatements = {bundle::kStatement, bundle::kDetail};

struct Dossier {
  Inputs inputs;
  Judgement judgement;
  std::string snapshot;  // bytes of the database
  Digest chain_head;
  Moment judged_at;
  std::optional<std::string> key_id;  // of the key that signs
  bool of_older_schema = false;       // the snapshot, so that an older tinyhil made it
};

evidence::Files input_files(const Dossier& dossier);
evidence::Files rendered_files(const Dossier& dossier);

// Both migrate the snapshot's file where an older tinyhil made it; Dossier::snapshot is what it was before.
// Throws Error(fail) at the first row that is not what the run's chain says.
void check_snapshot(const std::filesystem::path& snapshot, std::int64_t run);

// Judges the one run of a snapshot. Throws Error(fail) at the place in the bundle when the snapshot's rows
// are not what its chain says.
Dossier judge_snapshot(const std::filesystem::path& snapshot, std::int64_t run, Inputs inputs, Moment now);

}  // namespace tinyhil::campaign
