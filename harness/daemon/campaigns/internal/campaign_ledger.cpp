// SPDX-License-Identifier: Apache-2.0
#include "campaign_ledger.hpp"

#include "base/error.hpp"
#include "campaign_json.hpp"

namespace tinyhil::daemon {

using nlohmann::ordered_json;
using store::Statement;

namespace {

constexpr std::int64_t kCampaignsId = 0x74686C63;  // "thlc"
constexpr std::int64_t kCampaignsVersion = 1;

// Times are microseconds since 1970 UTC. What was asked for is written once.
constexpr const char* kCampaignsSchema = R"(
  CREATE TABLE campaign (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    owner         TEXT NOT NULL,
    key           TEXT NOT NULL,
    wish          TEXT NOT NULL,
    state         TEXT NOT NULL,
    submitted_us  INTEGER NOT NULL,
    started_us    INTEGER,
    ended_us      INTEGER,
    boards        TEXT NOT NULL DEFAULT '[]',
    outcome       TEXT NOT NULL
  );
  CREATE UNIQUE INDEX campaign_one_of_a_key ON campaign (owner, key) WHERE key <> '';
  CREATE INDEX campaign_by_state ON campaign (state);
)";

constexpr const char* kCampaignColumns =
    "SELECT id, wish, state, submitted_us, started_us, ended_us, boards, outcome FROM campaign ";

void set_up_campaigns(store::Connection& connection) {
  connection.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  store::Transaction transaction(connection);
  const std::int64_t version = connection.integer("PRAGMA user_version");
  const std::int64_t application = connection.integer("PRAGMA application_id");
  if (version == 0 && application == 0 && connection.integer("SELECT count(*) FROM sqlite_schema") == 0) {
    connection.execute(kCampaignsSchema);
    connection.execute(("PRAGMA user_version = " + std::to_string(kCampaignsVersion)).c_str());
    connection.execute(("PRAGMA application_id = " + std::to_string(kCampaignsId)).c_str());
  } else if (application != kCampaignsId || version != kCampaignsVersion) {
    throw Error(ErrorKind::bench_fault, "the file holds no campaigns that this version of tinyhil can read",
                connection.file().string(),
                "start the tinyhil that wrote it, or name another folder with --state");
  }
  transaction.commit();
}

std::int64_t micros(Moment moment) { return moment.time_since_epoch().count(); }

void bind_time(Statement& statement, const std::optional<Moment>& moment) {
  moment ? statement.bind(micros(*moment)) : statement.bind_null();
}

std::optional<Moment> time_in(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Moment(std::chrono::microseconds(row.integer(column)));
}

CampaignRecord campaign_in(const store::Connection& connection, const Statement& row) {
  try {
    CampaignRecord record;
    record.id = CampaignId{static_cast<std::uint64_t>(row.integer(0))};
    record.wish = wish_in(ordered_json::parse(row.text(1)));
    const auto state = campaign_state_named(row.text(2));
    if (!state) connection.fail_damaged("a campaign is in no state that there is");
    record.state = *state;
    record.submitted_at = *time_in(row, 3);
    record.started_at = time_in(row, 4);
    record.ended_at = time_in(row, 5);
    record.boards = ordered_json::parse(row.text(6)).get<std::vector<std::string>>();
    record.end = end_in(ordered_json::parse(row.text(7)));
    return record;
  } catch (const nlohmann::json::exception&) {
    connection.fail_damaged("a campaign is not as it was written");
  }
}

std::int64_t row_of(CampaignId id) { return static_cast<std::int64_t>(id.value); }

}  // namespace

CampaignLedger::CampaignLedger(const std::filesystem::path& file)
    : connection_(file, file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW) {
  set_up_campaigns(connection_);
}

CampaignId CampaignLedger::add(const CampaignWish& wish, Moment now) {
  const std::string text = json_of(wish).dump();
  const std::string end = json_of(CampaignEnd{}).dump();
  Statement(connection_,
            "INSERT INTO campaign (owner, key, wish, state, submitted_us, outcome) VALUES (?, ?, ?, ?, ?, ?)")
      .bind(wish.owner)
      .bind(wish.key)
      .bind(text)
      .bind(to_string(CampaignState::waiting))
      .bind(micros(now))
      .bind(end)
      .run();
  return CampaignId{static_cast<std::uint64_t>(connection_.last_row_id())};
}

void CampaignLedger::save(const CampaignRecord& record) {
  const std::string boards = ordered_json(record.boards).dump();
  const std::string end = json_of(record.end).dump();
  Statement update(connection_,
                   "UPDATE campaign SET state = ?, boards = ?, outcome = ?, started_us = ?, ended_us = ? "
                   "WHERE id = ?");
  update.bind(to_string(record.state)).bind(boards).bind(end);
  bind_time(update, record.started_at);
  bind_time(update, record.ended_at);
  update.bind(row_of(record.id)).run();
}

void CampaignLedger::remove(CampaignId id) {
  Statement(connection_, "DELETE FROM campaign WHERE id = ?").bind(row_of(id)).run();
}

std::optional<CampaignRecord> CampaignLedger::find(CampaignId id) {
  Statement row(connection_, std::string(kCampaignColumns) + "WHERE id = ?");
  row.bind(row_of(id));
  if (!row.step()) return std::nullopt;
  return campaign_in(connection_, row);
}

std::optional<CampaignRecord> CampaignLedger::asked_with(const std::string& owner, const std::string& key) {
  Statement row(connection_, std::string(kCampaignColumns) + "WHERE owner = ? AND key = ? AND key <> ''");
  row.bind(owner).bind(key);
  if (!row.step()) return std::nullopt;
  return campaign_in(connection_, row);
}

std::vector<CampaignRecord> CampaignLedger::latest(const CampaignFilter& filter, std::size_t most) {
  Statement row(connection_, std::string(kCampaignColumns) +
                                 "WHERE (?1 IS NULL OR owner = ?1) AND (?2 IS NULL OR state = ?2) "
                                 "ORDER BY id DESC LIMIT ?3");
  const std::string state = filter.state ? to_string(*filter.state) : "";
  filter.owner ? row.bind(*filter.owner) : row.bind_null();
  filter.state ? row.bind(state) : row.bind_null();
  row.bind(static_cast<std::int64_t>(most));
  std::vector<CampaignRecord> records;
  while (row.step()) records.push_back(campaign_in(connection_, row));
  return records;
}

std::vector<CampaignRecord> CampaignLedger::open() {
  Statement row(connection_,
                std::string(kCampaignColumns) + "WHERE state IN ('waiting', 'running') ORDER BY id");
  std::vector<CampaignRecord> records;
  while (row.step()) records.push_back(campaign_in(connection_, row));
  return records;
}

std::map<CampaignState, std::uint64_t> CampaignLedger::counts() {
  std::map<CampaignState, std::uint64_t> counts;
  Statement row(connection_, "SELECT state, count(*) FROM campaign GROUP BY state");
  while (row.step())
    if (const auto state = campaign_state_named(row.text(0)))
      counts[*state] = static_cast<std::uint64_t>(row.integer(1));
  return counts;
}

std::vector<CampaignId> CampaignLedger::old(std::size_t kept) {
  Statement row(connection_,
                "SELECT id FROM campaign WHERE state NOT IN ('waiting', 'running') ORDER BY id DESC "
                "LIMIT -1 OFFSET ?");
  row.bind(static_cast<std::int64_t>(kept));
  std::vector<CampaignId> ids;
  while (row.step()) ids.push_back(CampaignId{static_cast<std::uint64_t>(row.integer(0))});
  return ids;
}

}  // namespace tinyhil::daemon
