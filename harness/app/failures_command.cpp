// SPDX-License-Identifier: Apache-2.0
// Which vectors a stored run's candidates do not answer right.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/nearest.hpp"
#include "campaign/failures.hpp"
#include "commands.hpp"
#include "publish.hpp"
#include "table.hpp"

namespace tinyhil::app {

namespace {

using Json = nlohmann::ordered_json;
using campaign::CandidateFailures;
using campaign::Failure;
using campaign::ModelAnswer;

constexpr std::size_t kNumbersShown = 6;

RunRecord run_of(const store::RunStore& store, const FailuresOptions& options) {
  if (options.run) {
    const std::optional<RunRecord> run = store.run(*options.run);
    if (run) return *run;
    throw Error(ErrorKind::usage, "the database has no run " + std::to_string(*options.run), store.place(),
                "list its runs: tinyhil runs --store " + store.place());
  }
  const std::vector<RunRecord> runs = store.runs();
  if (!runs.empty()) return runs.front();
  throw Error(ErrorKind::usage, "the database has no run", store.place(),
              "run a campaign first, or name another file with --store");
}

std::filesystem::path campaign_file(const RunRecord& run, const FailuresOptions& options) {
  if (options.campaign) return *options.campaign;
  if (std::filesystem::exists(run.campaign_file)) return run.campaign_file;
  throw Error(ErrorKind::usage, "the campaign file of run " + std::to_string(run.id) + " is not there",
              run.campaign_file, "go to the folder in which the run began, or name the file with --campaign");
}

std::vector<std::string> candidates_of(const RunRecord& run, const FailuresOptions& options) {
  std::vector<std::string> names;
  for (const ModelOfRun& model : run.models)
    if (model.is_candidate) names.push_back(model.name);
  if (options.model.empty()) return names;
  const bool is_known = names.empty() || std::ranges::find(names, options.model) != names.end();
  if (is_known) return {options.model};
  throw Error(ErrorKind::usage, "`" + options.model + "` is no candidate of run " + std::to_string(run.id),
              "--model", suggestion(options.model, names));
}

std::string numbers_text(const std::vector<double>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < std::min(numbers.size(), kNumbersShown); ++i)
    text += fmt::format("{}{:.4g}", i == 0 ? "" : " ", numbers[i]);
  if (numbers.size() > kNumbersShown) text += fmt::format(" ... ({})", numbers.size());
  return text;
}

std::string answer_text(const ModelAnswer& answer) {
  if (answer.answer == Answer::not_run) return "not run";
  if (answer.answer == Answer::missing) return "no answer";
  if (answer.answer == Answer::quarantined) return "crash or hang";
  const std::string output = numbers_text(answer.output);
  if (answer.predicted.empty()) return output.empty() ? fmt::format("score {:.3g}", answer.score) : output;
  return answer.predicted + (output.empty() ? "" : " (" + output + ")");
}

const char* golden_text(const ModelAnswer& answer) {
  return !answer.is_golden ? "-" : *answer.is_golden ? "yes" : "no";
}

std::string slices_text(const Failure& failure) {
  std::string text;
  for (const auto& [name, value] : failure.slices) text += (text.empty() ? "" : " ") + name + "=" + value;
  return text.empty() ? "-" : text;
}

void print_text(const CandidateFailures& found, const std::string& baseline) {
  fmt::print("{} against {}: {} of {} vectors failed, {} of them lost{}\n", found.candidate, baseline,
             found.failed, found.run, found.lost,
             found.first.size() < found.failed ? fmt::format("; the first {}", found.first.size()) : "");
  if (found.first.empty()) return;
  std::vector<std::vector<std::string>> rows = {
      {"vector", "lost", "expected", baseline, found.candidate, "golden", "slices"}};
  for (const Failure& failure : found.first) {
    const std::string expected = failure.expected.empty() ? numbers_text(failure.target) : failure.expected;
    rows.push_back({std::to_string(failure.vector), failure.is_lost ? "yes" : "no",
                    expected.empty() ? "-" : expected, answer_text(failure.baseline),
                    answer_text(failure.candidate),
                    std::string(golden_text(failure.baseline)) + ", " + golden_text(failure.candidate),
                    slices_text(failure)});
  }
  fmt::print("{}", table_of(rows));
}

const char* name_of(Answer answer) {
  switch (answer) {
    case Answer::not_run:
      return "not_run";
    case Answer::missing:
      return "missing";
    case Answer::quarantined:
      return "quarantined";
    case Answer::given:
      break;
  }
  return "given";
}

Json json_of(const ModelAnswer& answer) {
  const bool is_scored = answer.answer == Answer::given || answer.answer == Answer::quarantined;
  return {{"answer", name_of(answer.answer)},
          {"score", is_scored ? Json(answer.score) : Json(nullptr)},
          {"predicted", answer.predicted.empty() ? Json(nullptr) : Json(answer.predicted)},
          {"output", answer.output.empty() ? Json(nullptr) : Json(answer.output)},
          {"is_golden", answer.is_golden ? Json(*answer.is_golden) : Json(nullptr)}};
}

Json json_of(const Failure& failure) {
  Json slices = Json::object();
  for (const auto& [name, value] : failure.slices) slices[name] = value;
  Json expected = nullptr;
  if (!failure.expected.empty()) expected = failure.expected;
  if (!failure.target.empty()) expected = failure.target;
  return {{"vector", failure.vector},
          {"is_lost", failure.is_lost},
          {"expected", expected},
          {"slices", slices},
          {"baseline", json_of(failure.baseline)},
          {"candidate", json_of(failure.candidate)}};
}

Json json_of(const CandidateFailures& found) {
  Json list = Json::array();
  for (const Failure& failure : found.first) list.push_back(json_of(failure));
  return {{"candidate", found.candidate},
          {"vectors", found.run},
          {"failed", found.failed},
          {"lost", found.lost},
          {"failures", list}};
}

void print_json(const RunRecord& run, const std::string& baseline,
                const std::vector<CandidateFailures>& found) {
  Json candidates = Json::array();
  for (const CandidateFailures& each : found) candidates.push_back(json_of(each));
  const Json document = {
      {"run", run.id}, {"campaign", run.campaign}, {"baseline", baseline}, {"candidates", candidates}};
  fmt::print("{}\n", document.dump(2, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

ExitCode failures_command(const FailuresOptions& options) {
  const std::unique_ptr<store::RunStore> store =
      store::open_store(options.store, store::StoreAccess::read_only);
  const RunRecord run = run_of(*store, options);
  JudgeOptions from;
  from.campaign = campaign_file(run, options);
  from.candidates = candidates_of(run, options);
  const campaign::Inputs inputs = load_inputs(from);
  store->require_intact(run.id);
  const std::vector<CandidateFailures> found =
      campaign::find_failures(run, store->trials(run.id), inputs, options.limit);
  const std::string& baseline = inputs.campaign.baseline;
  if (options.json) {
    print_json(run, baseline, found);
    return ExitCode::pass;
  }
  fmt::print("run {} of {}\n", run.id, run.campaign);
  for (const CandidateFailures& each : found) print_text(each, baseline);
  return ExitCode::pass;
}

}  // namespace tinyhil::app
