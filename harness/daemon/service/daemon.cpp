// SPDX-License-Identifier: Apache-2.0
#include "daemon.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <system_error>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "campaign/version.hpp"
#include "daemon/http/openapi.hpp"
#include "daemon/service/internal/api.hpp"
#include "daemon/service/internal/board_check.hpp"
#include "daemon/service/internal/board_operations.hpp"
#include "daemon/service/internal/callers.hpp"
#include "daemon/service/internal/campaign_runner.hpp"
#include "daemon/service/internal/inventory.hpp"
#include "daemon/service/internal/keeper.hpp"
#include "daemon/service/internal/lease_book.hpp"
#include "daemon/service/internal/lease_tokens.hpp"
#include "daemon/service/internal/leased_lines.hpp"
#include "daemon/service/internal/plug_watch.hpp"
#include "daemon/service/internal/refusal_notes.hpp"
#include "daemon/service/internal/service_manager.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::chrono::seconds kGraceOfRequests{5};
constexpr std::chrono::minutes kKnownAfterItsEnd{1};

std::filesystem::path database_in(const std::filesystem::path& state) {
  std::error_code error;
  std::filesystem::create_directories(state, error);
  if (error)
    throw Error(ErrorKind::bench_fault, "cannot make the folder: " + error.message(), state.string(),
                "make it, or name another one with --state");
  return state / "daemon.db";
}

// A line of the log; the service manager knows the time, a terminal does not. One that cannot be written, for
// the disk is full, is lost: the daemon goes on.
void log(const std::string& line) {
  const std::string whole = fmt::format("{} {}\n", to_text(system_now()), line);
  if (std::fwrite(whole.data(), 1, whole.size(), stderr) != whole.size()) std::clearerr(stderr);
}

// A connection is an open file, and the usual limit of 1,024 is not the kernel's.
void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));  // with the old one there are fewer connections
}

LeasePolicy lease_policy_of(const DaemonSettings& settings) {
  LeasePolicy policy;
  policy.time_to_live = settings.time_to_live;
  return policy;
}

KeeperPolicy keeper_policy_of(const DaemonSettings& settings) {
  KeeperPolicy policy;
  policy.is_checking = settings.is_checking;
  policy.log = log;
  return policy;
}

RunnerPolicy runner_policy_of(const DaemonSettings& settings) {
  RunnerPolicy policy;
  policy.jobs = std::filesystem::absolute(settings.state) / "campaigns";
  policy.program = settings.program;
  policy.log = log;
  return policy;
}

class Daemon {
 public:
  explicit Daemon(DaemonSettings settings)
      : settings_(std::move(settings)),
        callers_(settings_.callers),
        ledger_(database_in(settings_.state)),
        lease_tokens_(settings_.state),
        check_(check_by_program(io_.get_executor(), settings_.program)),
        book_(ledger_, lease_policy_of(settings_),
              std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())),
        keeper_(io_.get_executor(), book_, *check_, keeper_policy_of(settings_)),
        plugs_(io_.get_executor()),
        lines_(io_.get_executor(), keeper_, book_, settings_.program),
        blobs_(settings_.state / "blobs", {}),
        operations_({io_.get_executor(), settings_.program}, {keeper_, book_, lines_, blobs_},
                    std::filesystem::absolute(settings_.state) / "operations"),
        campaign_ledger_(settings_.state / "campaigns.db"),
        campaigns_(campaign_ledger_, {}),
        runner_({io_.get_executor(), keeper_, book_, campaigns_}, blobs_, runner_policy_of(settings_)),
        kept_(settings_.campaigns),
        signals_(io_, SIGTERM, SIGINT, SIGHUP) {
    keeper_.set_inventory(load_inventory(settings_.benches));
    ServerOptions options;
    options.unix_socket = settings_.socket;
    options.tcp = settings_.tcp;
    if (options.tcp && (callers_.are_any() || !options.tcp->token_file.empty()))
      options.tcp->bearers = [this](std::string_view token) { return bearer(token); };
    options.log = log;
    options.on_refused = [this](const RefusedRequest& refused) { note(refused); };
    server_.emplace(io_.get_executor(),
                    with_openapi(daemon_routes({keeper_, book_, lines_, operations_, campaigns_, runner_,
                                                blobs_, kept_, lease_tokens_}),
                                 "tinyhil daemon", campaign::kVersion),
                    std::move(options));
  }

  void run() {
    const auto keep = [this](std::exception_ptr thrown) {
      if (thrown && !failure_) failure_ = thrown;
      if (thrown) io_.stop();
    };
    asio::co_spawn(io_, keeper_.run(), keep);
    asio::co_spawn(io_, lines_.run(), keep);
    if (plugs_.hears()) asio::co_spawn(io_, obey_plugs(), keep);
    runner_.go_on();
    asio::co_spawn(io_, obey_signals(), keep);
    if (const auto interval = watchdog_interval())
      asio::co_spawn(io_, feed_watchdog(*interval), asio::detached);
    log(fmt::format("{} boards, on {}", book_.boards().size(), settings_.socket.path.string()));
    tell_service_manager("READY=1");
    io_.run();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  asio::awaitable<void> obey_signals() {
    int signal = co_await signals_.async_wait(asio::use_awaitable);
    while (signal == SIGHUP) {
      reload();
      signal = co_await signals_.async_wait(asio::use_awaitable);
    }
    tell_service_manager("STOPPING=1");
    log("stops; leases and campaigns go on when it is started again");
    co_await runner_.stop();
    keeper_.stop();
    co_await server_->stop(kGraceOfRequests);
    io_.stop();
  }

  asio::awaitable<void> obey_plugs() {
    while (true) {
      co_await plugs_.changed();
      keeper_.look_for_plugs();
    }
  }

  void note(const RefusedRequest& refused) {
    try {
      if (const auto entry = refusals_.entry_of(refused, keeper_.now())) book_.note(*entry);
    } catch (const Error& error) {
      log(fmt::format("a refusal is not in the audit: {}: {}", error.where(), error.what()));
    }
  }

  // A lease's holder is known for a minute longer than the lease, to be told that it is over.
  Bearer bearer(std::string_view token) {
    const std::optional<RequestId> id = lease_tokens_.lease_of(token);
    if (!id) return callers_.bearer(token);
    Bearer holder;
    try {
      const LeaseRecord lease = book_.lease(*id);
      const bool is_known = !lease.ended_at || *lease.ended_at + kKnownAfterItsEnd >= keeper_.now();
      if (is_known) holder.caller = Caller{lease.wish.owner, Role::runner, lease.wish.selector};
    } catch (const Error& error) {  // the ledger was replaced
      holder.why_not = error.what();
    }
    return holder;
  }

  void reload() {
    tell_service_manager("RELOADING=1");
    read_again("boards", [this] {
      keeper_.set_inventory(load_inventory(settings_.benches));
      log(fmt::format("{} boards", book_.boards().size()));
    });
    read_again("callers", [this] { callers_.reload(); });
    read_again("certificates", [this] { server_->reload_tls(); });
    tell_service_manager("READY=1");
  }

  template <class Read>
  static void read_again(const char* what, Read read) {
    try {
      read();
    } catch (const Error& error) {
      log(fmt::format("the {} stay as they were: {}: {}; {}", what, error.where(), error.what(),
                      error.remedy()));
    }
  }

  asio::awaitable<void> feed_watchdog(std::chrono::microseconds interval) {
    asio::steady_timer timer(io_);
    while (true) {
      tell_service_manager("WATCHDOG=1");
      timer.expires_after(interval);
      co_await timer.async_wait(asio::use_awaitable);
    }
  }

  DaemonSettings settings_;
  Callers callers_;
  asio::io_context io_{1};
  Ledger ledger_;
  LeaseTokens lease_tokens_;
  std::unique_ptr<BoardCheck> check_;
  LeaseBook book_;
  Keeper keeper_;
  PlugWatch plugs_;
  LeasedLines lines_;
  RefusalNotes refusals_;
  BlobStore blobs_;
  BoardOperations operations_;
  CampaignLedger campaign_ledger_;
  CampaignBook campaigns_;
  CampaignRunner runner_;
  const KeptCampaigns kept_;
  asio::signal_set signals_;
  std::optional<Server> server_;
  std::exception_ptr failure_;
};

}  // namespace

void run_daemon(DaemonSettings settings) {
  raise_file_limit();
  Daemon(std::move(settings)).run();
}

}  // namespace tinyhil::daemon
