// SPDX-License-Identifier: Apache-2.0
// The runs of a store, newest first. Their chains are not checked: that takes reading every run whole.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "report/run_json.hpp"
#include "store/run_store.hpp"
#include "table.hpp"

namespace tinyhil::app {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kCommitShown = 12;  // digits

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

struct ListedRun {
  RunRecord record;
  std::vector<std::string> boards;
  std::vector<std::string> models;                // the baseline first
  std::map<std::string, std::string> outcome_of;  // the last of each candidate
  bool has_ended = false;

  const char* state() const { return has_ended ? "ended" : "unfinished"; }
};

ListedRun described(const store::RunStore& store, const RunRecord& record) {
  ListedRun run{record, record.boards, {}, {}, store.has_ended(record.id)};
  for (const ModelOfRun& model : record.models)
    if (!model.is_candidate) add_once(run.models, model.name);
  for (const ModelOfRun& model : record.models) add_once(run.models, model.name);
  for (const Trial& trial : store.trials_without_rows(record.id)) {
    add_once(run.boards, trial.info.board.name);
    add_once(run.models, trial.info.model);
  }
  for (const store::RunVerdict& verdict : store.verdicts(record.id))
    run.outcome_of[verdict.model] = verdict.outcome;
  return run;
}

std::string comma_list(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string or_none(const std::string& text) { return text.empty() ? "-" : text; }

std::string short_commit(const std::string& commit) {
  const std::size_t digits = commit.find('-');
  if (digits == std::string::npos) return commit.substr(0, kCommitShown);
  return commit.substr(0, std::min(digits, kCommitShown)) + commit.substr(digits);
}

// One word where all candidates have the same.
std::string outcome_words(const ListedRun& run) {
  std::vector<std::string> words;
  std::vector<std::string> named;
  for (const auto& [model, outcome] : run.outcome_of) {
    add_once(words, outcome);
    named.push_back(model + " " + outcome);
  }
  return words.size() == 1 ? words.front() : or_none(comma_list(named));
}

// A pass after a retry is not to be taken for one at once.
std::string outcome_text(const ListedRun& run) {
  const std::size_t failed = run.record.failed_attempts.size();
  return outcome_words(run) + (failed == 0 ? "" : fmt::format(" (attempt {})", failed + 1));
}

std::string seed_of(const RunRecord& run) { return run.sampling ? std::to_string(run.order_seed) : ""; }

void print_table(const std::vector<ListedRun>& runs) {
  std::vector<std::vector<std::string>> rows = {{"run", "started", "campaign", "state", "outcome", "models",
                                                 "boards", "seed", "host", "user", "commit"}};
  for (const ListedRun& run : runs) {
    const RunRecord& record = run.record;
    rows.push_back({std::to_string(record.id), record.started_at, record.campaign, run.state(),
                    outcome_text(run), or_none(comma_list(run.models)), or_none(comma_list(run.boards)),
                    or_none(seed_of(record)), or_none(record.machine), or_none(record.user),
                    or_none(short_commit(record.commit))});
  }
  fmt::print("{}", table_of(rows));
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json models_of(const ListedRun& run) {
  Json list = Json::array();
  for (const std::string& name : run.models) {
    const auto known = std::ranges::find(run.record.models, name, &ModelOfRun::name);
    const bool is_known = known != run.record.models.end();
    const auto outcome = run.outcome_of.find(name);
    list.push_back({{"name", name},
                    {"digest", is_known ? Json(known->digest.hex()) : Json(nullptr)},
                    {"is_candidate", is_known ? Json(known->is_candidate) : Json(nullptr)},
                    {"outcome", outcome == run.outcome_of.end() ? Json(nullptr) : Json(outcome->second)}});
  }
  return list;
}

Json json_of(const ListedRun& run) {
  const RunRecord& record = run.record;
  return {{"id", record.id},
          {"started_at", record.started_at},
          {"campaign", record.campaign},
          {"campaign_file", record.campaign_file},
          {"state", run.state()},
          {"models", models_of(run)},
          {"boards", run.boards},
          {"bench", record.bench},
          {"failed_attempts", report::failed_attempts_of(record)},
          {"seed", text_or_null(seed_of(record))},  // 64 bits: more than some readers' numbers hold
          {"machine", text_or_null(record.machine)},
          {"host", record.host},
          {"user", text_or_null(record.user)},
          {"commit", text_or_null(record.commit)},
          {"version", record.version}};
}

void print_json(const std::vector<ListedRun>& runs) {
  Json list = Json::array();
  for (const ListedRun& run : runs) list.push_back(json_of(run));
  const Json document = {{"runs", list}};
  fmt::print("{}\n", document.dump(2, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

ExitCode runs_command(const RunsOptions& options) {
  const std::unique_ptr<store::RunStore> store =
      store::open_store(options.store, store::StoreAccess::read_only);
  std::vector<ListedRun> runs;
  for (const RunRecord& record : store->runs()) runs.push_back(described(*store, record));
  options.json ? print_json(runs) : print_table(runs);
  return ExitCode::pass;
}

}  // namespace tinyhil::app
