// SPDX-License-Identifier: Apache-2.0
#include "run_by_daemon.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>

#include "base/clock.hpp"
#include "base/temporary_folder.hpp"
#include "base/visible.hpp"
#include "bench/board_control.hpp"
#include "campaign/choose_run.hpp"
#include "campaign/copy_run.hpp"
#include "campaign/event_text.hpp"
#include "campaign/mistakes.hpp"
#include "daemon_options.hpp"
#include "daemon_run.hpp"
#include "failed_attempts.hpp"
#include "model/error_kind.hpp"
#include "progress_line.hpp"
#include "publish.hpp"
#include "sent_files.hpp"
#include "transport/run_to_end.hpp"

namespace tinyhil::app {

namespace {

// One campaign at a daemon's, from here to its end.
class Remote {
 public:
  Remote(const RunOptions& options, const Parcel& parcel, std::optional<std::uint64_t> seed)
      : options_(options),
        parcel_(parcel),
        seed_(seed),
        run_(io_.get_executor(), address_of(options.daemon)),
        canceller_(io_.get_executor(), address_of(options.daemon)),
        signals_(io_, SIGINT, SIGTERM, SIGHUP) {}

  // Returns when it is over there, whatever has become of it.
  CampaignDocument run(const std::string& name) {
    asio::co_spawn(io_, obey_signals(), [](std::exception_ptr /*cancelled*/) {});
    return transport::run_to_end(io_, run_and_stop_listening(name));
  }

  // 0: nothing. SIGHUP or SIGINT.
  int signal() const { return signal_; }

  void fetch(const CampaignDocument& document, const std::string& what, const std::filesystem::path& to) {
    transport::run_to_end(io_, run_.fetch(document.id(), what, to));
  }

 private:
  asio::awaitable<CampaignDocument> run_to_its_end(std::string name) {
    document_ = co_await taken_up(std::move(name));
    if (!document_) {
      co_await run_.send(parcel_.files);
      document_ = co_await run_.submit(wish());
    }
    if (signal_ != 0) co_await run_.cancel(document_->id());
    co_await tell_what_it_waits_for();
    DaemonRun::Show shown = [this](const std::string& event, const std::string& line) { show(event, line); };
    CampaignDocument ended = co_await run_.follow(document_->id(), std::move(shown));
    co_return ended;
  }

  asio::awaitable<CampaignDocument> run_and_stop_listening(std::string name) {
    std::exception_ptr failure;
    CampaignDocument ended;
    try {
      ended = co_await run_to_its_end(std::move(name));
    } catch (...) {
      failure = std::current_exception();
    }
    signals_.cancel();
    if (failure) std::rethrow_exception(failure);
    co_return ended;
  }

  nlohmann::json wish() const {
    nlohmann::json files = nlohmann::json::object();
    for (const auto& [path, sent] : parcel_.files) files[path] = sent.digest.hex();
    nlohmann::json wish{{"campaign", parcel_.campaign},
                        {"files", std::move(files)},
                        {"boards", options_.board_count},
                        {"priority", options_.priority}};
    if (!options_.judge.candidates.empty()) wish["candidates"] = options_.judge.candidates;
    if (!parcel_.image.empty()) wish["image"] = parcel_.image;
    if (!options_.selector.empty()) wish["selector"] = options_.selector;
    if (options_.retries) wish["retries"] = *options_.retries;
    if (seed_) wish["seed"] = *seed_;
    return wish;
  }

  bool is_this_one(const nlohmann::json& document) const {
    nlohmann::json files = nlohmann::json::object();
    for (const auto& [path, sent] : parcel_.files) files[path] = sent.digest.hex();
    return document.at("is_own") == true && document.at("campaign") == parcel_.campaign &&
           document.at("files") == files && document.at("image") == parcel_.image &&
           document.at("candidates") == options_.judge.candidates;
  }

  // With --resume, the latest one of these files: followed where it is under way, else resumed.
  asio::awaitable<std::optional<CampaignDocument>> taken_up(std::string name) {
    if (!options_.resume) co_return std::nullopt;
    const nlohmann::json campaigns = co_await run_.list();
    for (const nlohmann::json& each : campaigns) {
      if (!is_this_one(each)) continue;
      CampaignDocument found(each);
      if (!found.is_over()) co_return found;
      if (found.state() == "ended" && each.at("may_go_on") != true) {
        fmt::print(stderr, "--resume: {} has ended; a new one begins\n", found.name());
        co_return std::nullopt;
      }
      CampaignDocument resumed = co_await run_.resume(found.id());
      co_return resumed;
    }
    fmt::print(stderr, "--resume: the daemon has no run of `{}`; a new one begins\n", name);
    co_return std::nullopt;
  }

  asio::awaitable<void> tell_what_it_waits_for() {
    const nlohmann::json& leases = document_->json().at("leases");
    if (document_->state() != "waiting" || leases.empty()) co_return;
    const auto lease = leases.at(0).get<std::uint64_t>();
    const std::string why = co_await run_.why(lease);
    fmt::print(stderr, "{}: {}\n", document_->name(), visible(why));
  }

  void show(const std::string& name, const std::string& text) {
    if (name == "out_of_time") tell_out_of_time();
    if (name == "state") {
      const nlohmann::json state = nlohmann::json::parse(text, nullptr, false);
      const bool is_running = state.is_object() && state.value("state", "") == "running";
      tell_retries(state);
      if (is_running) line_.emplace(std::max<std::size_t>(state.at("boards").size(), 1));
    }
    const auto event = campaign::event_in_line(text);
    if (event && line_) line_->show(*event);
  }

  // Those that are new.
  void tell_retries(const nlohmann::json& state) {
    const auto attempts = failed_attempts_in(state);
    if (attempts.size() <= told_retries_) return;
    told_retries_ = attempts.size();
    line_.reset();
    fmt::print(stderr, "{}: attempt {} failed, of the {}: {}; it is tried again\n", document_->name(),
               told_retries_, visible(attempts.back().failure_class), visible(attempts.back().what));
  }

  asio::awaitable<void> obey_signals() {
    signal_ = co_await signals_.async_wait(asio::use_awaitable);
    if (document_) co_await canceller_.cancel(document_->id());
  }

  const RunOptions& options_;
  const Parcel& parcel_;
  std::optional<std::uint64_t> seed_;
  asio::io_context io_{1};
  DaemonRun run_;
  DaemonRun canceller_;  // a connection of its own: the other one is asked something
  asio::signal_set signals_;
  std::optional<CampaignDocument> document_;
  std::optional<ProgressLine> line_;
  std::size_t told_retries_ = 0;
  int signal_ = 0;
};

// Into `to`. False: its run has ended before it stored anything.
bool fetch_store(Remote& remote, const CampaignDocument& document, const std::filesystem::path& to) {
  try {
    remote.fetch(document, "store", to);
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    return false;
  }
}

// Where its run has stored something: here, too, with its traces. Returns its number here; 0: nothing.
std::int64_t take_over(Remote& remote, const CampaignDocument& document, store::RunStore& store,
                       const RunRecord& as) {
  if (document.json().at("boards").empty()) return 0;  // it has not begun
  const TemporaryFolder folder;
  if (!fetch_store(remote, document, folder.path() / "run.db")) return 0;
  const auto fetched = store::open_store(folder.path() / "run.db", store::StoreAccess::read_only);
  const std::vector<RunRecord> runs = fetched->runs();
  if (runs.empty()) return 0;
  fetched->require_intact(runs.front().id);
  campaign::RunCopy copy{*fetched, runs.front().id, runs.front(),
                         "campaign-" + std::to_string(document.id()) + "-"};
  copy.record.campaign_file = as.campaign_file;
  copy.record.user = as.user;  // who asked for it, from where; the machine is the daemon's
  copy.record.commit = as.commit;
  copy.record.failed_attempts = failed_attempts_in(document.json());
  if (as.seed_origin != SeedOrigin::unstated) copy.record.seed_origin = as.seed_origin;
  const std::int64_t id = campaign::copy_run(copy, store);
  const std::filesystem::path traces = std::filesystem::path(store.place()).parent_path();
  for (const Recording& recording : fetched->recordings(copy.run)) {
    if (recording.end.trace.empty()) continue;
    const std::filesystem::path to = traces / campaign::copied_trace(copy, recording.end.trace);
    std::filesystem::create_directories(to.parent_path());
    remote.fetch(document, "trace_files/" + std::filesystem::path(recording.end.trace).filename().string(),
                 to);
  }
  return id;
}

// A mistake is found before a board is touched.
[[noreturn]] void throw_told(const CampaignDocument& document, const Error& error) {
  if (document.json().at("boards").empty() || error.kind() == ErrorKind::usage) throw Error(error);
  throw bench::AfterBoard(error);
}

// Of a campaign without a verdict; what it has stored is here, as `run`.
[[noreturn]] void throw_end(const CampaignDocument& document, int signal, std::int64_t run,
                            const std::string& campaign) {
  const nlohmann::json& error = document.json().at("error");
  if (!error.is_null())
    throw_told(document,
               Error(error_kind(error.at("exit_code").get<int>()), error.at("what").get<std::string>(),
                     error.at("where").get<std::string>(), error.at("remedy").get<std::string>()));
  const std::string kept =
      run == 0 ? "nothing was measured" : "what was measured is stored as run " + std::to_string(run);
  const bool is_hung_up = signal == SIGHUP;
  const std::string what = is_hung_up    ? "the terminal is gone; "
                           : signal != 0 ? "interrupted; "
                                         : document.name() + " was cancelled; ";
  throw_told(document, Error(is_hung_up ? ErrorKind::hung_up : ErrorKind::interrupted, what + kept, campaign,
                             "run it again with --resume to go on where it stopped"));
}

}  // namespace

ExitCode run_by_daemon(const RunOptions& options) {
  const Campaign whole = load_campaign(options.judge.campaign);
  const campaign::Inputs inputs = campaign::load_inputs(whole, options.judge.candidates);
  campaign::refuse_mistakes(inputs, {});
  for (const gate::Mistake& warning : inputs.warnings)
    fmt::print(stderr, "warning: {} ({}); {}\n", warning.what, warning.where, warning.remedy);
  const std::unique_ptr<store::RunStore> store =
      store::open_store(options.judge.store, store::StoreAccess::read_write);
  const auto seed = campaign::known_seed(inputs, *store);
  const Parcel parcel = parcel_of(whole, options.image);

  Remote remote(options, parcel, seed ? std::optional(seed->seed) : std::nullopt);
  const CampaignDocument document = remote.run(inputs.campaign.name);
  RunRecord as;
  as.campaign_file = inputs.campaign.file.string();
  campaign::state_who_begins(as, inputs.campaign);
  if (seed) as.seed_origin = seed->origin;
  const std::int64_t run = take_over(remote, document, *store, as);
  if (document.state() != "ended") throw_end(document, remote.signal(), run, inputs.campaign.file.string());

  const campaign::Judgement judgement = campaign::judge_run(*store, run, inputs, system_now());
  campaign::record_verdicts(judgement, inputs, *store);
  return publish(judgement, inputs, options.judge);
}

}  // namespace tinyhil::app
