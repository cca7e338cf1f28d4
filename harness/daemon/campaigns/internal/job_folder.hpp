// SPDX-License-Identifier: Apache-2.0
// Where the files of one submitted campaign lie: those that were sent, and what its run writes.
#pragma once

#include <filesystem>

#include "blob_store.hpp"
#include "campaign_record.hpp"

namespace tinyhil::daemon {

class JobFolder {
 public:
  JobFolder(const std::filesystem::path& jobs, CampaignId id) : path_(jobs / std::to_string(id.value)) {}

  std::filesystem::path files() const { return path_ / "files"; }   // exactly those that were sent
  std::filesystem::path store() const { return path_ / "run.db"; }  // of the run, traces beside it
  std::filesystem::path report() const { return path_ / "report"; }
  std::filesystem::path events() const { return path_ / "events.jsonl"; }
  std::filesystem::path output() const {
    return path_ / "verdict.json";
  }  // as `tinyhil run --json` writes it
  std::filesystem::path attempts() const { return path_ / "attempts.json"; }  // those that failed before
  std::filesystem::path log() const { return path_ / "log"; }

  // Links what was sent into files(). Throws as BlobStore::link().
  void lay_out(const CampaignWish& wish, const BlobStore& blobs) const;
  void remove() const;  // with all that is in it; throws Error(output)

 private:
  std::filesystem::path path_;
};

// Throws Error(usage) for a path of a sent file that leads out of its folder, or is no path that every file
// system takes.
void check_sent_path(const std::string& path);

}  // namespace tinyhil::daemon
