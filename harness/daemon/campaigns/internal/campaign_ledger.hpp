// SPDX-License-Identifier: Apache-2.0
// The campaigns that a daemon must still know after it was killed. What a call has written is on the disk
// when it returns. One thread at a time; another daemon has its own file.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "campaign_record.hpp"
#include "store/sqlite/connection.hpp"

namespace tinyhil::daemon {

// Which campaigns are meant.
struct CampaignFilter {
  std::optional<std::string> owner{};
  std::optional<CampaignState> state{};
};

class CampaignLedger {
 public:
  // Makes the file if it is not there. Throws Error(bench_fault): it cannot be opened, is damaged, is
  // something else, belongs to another version of tinyhil, or another daemon has it. So does every call when
  // the disk refuses; then nothing has changed.
  explicit CampaignLedger(const std::filesystem::path& file);

  CampaignId add(const CampaignWish& wish, Moment now);
  void save(const CampaignRecord& record);  // all but its id and what was asked for
  void remove(CampaignId id);

  std::optional<CampaignRecord> find(CampaignId id);
  std::optional<CampaignRecord> asked_with(const std::string& owner, const std::string& key);
  std::vector<CampaignRecord> latest(const CampaignFilter& filter, std::size_t most);  // newest first
  std::vector<CampaignRecord> open();                                                  // by id
  std::map<CampaignState, std::uint64_t> counts();
  // Of those that are over, all but the newest `kept`.
  std::vector<CampaignId> old(std::size_t kept);

 private:
  store::Connection connection_;
};

}  // namespace tinyhil::daemon
