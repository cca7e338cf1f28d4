// SPDX-License-Identifier: Apache-2.0
#include "run_store.hpp"

#include "base/error.hpp"
#include "sqlite/sqlite_store.hpp"

namespace tinyhil::store {

std::optional<RunRecord> RunStore::unfinished_run(const std::string& campaign,
                                                  const Digest& campaign_digest) const {
  std::optional<RunRecord> latest = latest_run(campaign);
  if (!latest || latest->campaign_digest != campaign_digest || has_ended(latest->id)) return std::nullopt;
  return latest;
}

void RunStore::add_new_attempts(std::int64_t id, const std::vector<FailedAttempt>& all) {
  const std::optional<RunRecord> stored = run(id);
  for (std::size_t i = stored ? stored->failed_attempts.size() : 0; i < all.size(); ++i)
    add_failed_attempt(id, all[i]);
}

void RunStore::require_intact(std::int64_t run) const {
  if (const auto broken = verify_chain(run)) fail_broken(run, *broken);
}

void RunStore::fail_broken(std::int64_t run, const BrokenLink& link) const {
  throw Error(ErrorKind::bench_fault,
              "run " + std::to_string(run) + " is not what was stored: table " + link.table + ", row " +
                  std::to_string(link.row) + ": " + link.what,
              place(), "restore a copy of the database, or run the campaign again");
}

std::unique_ptr<RunStore> open_store(const std::filesystem::path& place, StoreAccess access) {
  return std::make_unique<SqliteStore>(SqliteStore::open(place, access));
}

}  // namespace tinyhil::store
