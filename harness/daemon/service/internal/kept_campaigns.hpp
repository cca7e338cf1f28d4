// SPDX-License-Identifier: Apache-2.0
// Campaigns that lie on the daemon's host, where those who make candidates cannot write: policy, vectors,
// labels, golden outputs and baseline are not theirs to bring. One is a folder with a campaign.yaml and all
// that it names. They are read anew whenever they are asked for. Example:
//
//   const KeptCampaigns kept("/etc/tinyhil/campaigns");
//   const KeptCampaign campaign = kept.campaign("wake_word");
//   CampaignWish wish = wish_for(campaign, {{"slim", digest_of_an_upload}}, blobs);
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "daemon/campaigns/internal/blob_store.hpp"
#include "daemon/campaigns/internal/campaign_record.hpp"

namespace tinyhil::daemon {

struct KeptCampaign {
  std::string name;                                      // of its folder
  std::map<std::string, std::filesystem::path> files{};  // all of it, by its path in the folder
  std::map<std::string, std::string> candidates{};       // to the path of its model
  std::string baseline{};                                // empty: none
  Digest policy{};
};

class KeptCampaigns {
 public:
  explicit KeptCampaigns(std::filesystem::path folder)
      : folder_(std::move(folder)) {}  // empty: none are kept

  std::vector<std::string> names() const;  // in their order
  // Throws Error(not_found); Error(usage) for one whose files have a mistake, are more than 300, or are
  // links.
  KeptCampaign campaign(const std::string& name) const;

 private:
  std::filesystem::path folder_;
};

// Runs it with these models, by candidate, in place of those that it has; the others are left out. Its files
// become blobs. Throws Error(not_allowed) for a model that is no candidate, and as BlobWriter.
CampaignWish wish_for(const KeptCampaign& kept, const std::map<std::string, Digest>& models,
                      BlobStore& blobs);

}  // namespace tinyhil::daemon
