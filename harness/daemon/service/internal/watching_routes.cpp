// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/quantity.hpp"
#include "daemon/service/internal/documents.hpp"
#include "daemon/service/internal/routes.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::int64_t kAuditMostAtOnce = 1'000;
constexpr const char* kEntriesSchema =
    R"({"type": "object", "required": ["entries"], "properties": {"entries": {"type": "array"}}})";

const char* event_name(FarmChange::Kind kind) {
  constexpr std::array kNames{"lease.asked", "lease.granted", "lease.ended",  "board.changed",
                              "board.step",  "board.absent",  "board.present"};
  return kNames.at(static_cast<std::size_t>(kind));
}

// The farm's events, from the one after `last` on.
class FarmEvents : public EventSource {
 public:
  FarmEvents(Keeper& keeper, std::uint64_t last) : keeper_(keeper), last_(last) {}

  asio::awaitable<NextEvent> next(Deadline until) override {
    const auto longest =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    co_await keeper_.wait_for_event(last_, longest);
    const std::vector<FarmEvent> events = keeper_.events_after(last_);
    if (keeper_.is_stopping()) co_return Ended{};
    if (events.empty()) co_return Quiet{};
    last_ = events.front().number;
    co_return Event{std::to_string(last_), event_name(events.front().change.kind),
                    document_of(events.front()).dump()};
  }

 private:
  Keeper& keeper_;
  std::uint64_t last_;
};

asio::awaitable<Reply> stream_events(DaemonParts parts, const Request& request) {
  const std::optional<std::int64_t> last = parse_integer(request.last_event_id);
  const auto after = last && *last >= 0 ? static_cast<std::uint64_t>(*last) : parts.keeper.last_event();
  Reply reply;
  reply.events = std::make_unique<FarmEvents>(parts.keeper, after);
  co_return reply;
}

asio::awaitable<Reply> show_audit(DaemonParts parts, const Request& request) {
  nlohmann::ordered_json entries = nlohmann::ordered_json::array();
  const auto most = static_cast<std::size_t>(query_number(request, "most", 100, kAuditMostAtOnce));
  for (const AuditEntry& entry : parts.book.ledger().audit(most)) entries.push_back(document_of(entry));
  co_return reply_with(200, {{"entries", std::move(entries)}});
}

// How often each was unplugged.
std::string absence_metrics(const std::vector<BoardStatus>& boards) {
  std::string text =
      "# HELP tinyhil_board_absences_total How often a board was not plugged in, since the daemon started.\n"
      "# TYPE tinyhil_board_absences_total counter\n";
  for (const BoardStatus& status : boards)
    text +=
        fmt::format("tinyhil_board_absences_total{{board=\"{}\"}} {}\n", status.entry.name, status.absences);
  return text;
}

// How boards fare in their checks, and which steps bring them back.
std::string health_metrics(const std::vector<BoardStatus>& boards) {
  std::string checks, flaky, steps;
  for (const BoardStatus& status : boards) {
    const HealthFigures& health = status.record.health;
    const std::string& name = status.entry.name;
    checks += fmt::format(
        "tinyhil_board_checks_total{{board=\"{0}\",result=\"passed\"}} {1}\n"
        "tinyhil_board_checks_total{{board=\"{0}\",result=\"failed\"}} {2}\n",
        name, health.checks - health.failed, health.failed);
    flaky += fmt::format("tinyhil_board_flaky_checks_total{{board=\"{}\"}} {}\n", name, health.flaky);
    for (const auto& [step, figures] : health.steps)
      steps += fmt::format(
          "tinyhil_board_steps_total{{board=\"{0}\",step=\"{1}\",helped=\"yes\"}} {2}\n"
          "tinyhil_board_steps_total{{board=\"{0}\",step=\"{1}\",helped=\"no\"}} {3}\n",
          name, to_string(step), figures.helped, figures.used - figures.helped);
  }
  return "# HELP tinyhil_board_checks_total Checks of a board, by how the first try went.\n"
         "# TYPE tinyhil_board_checks_total counter\n" +
         checks +
         "# HELP tinyhil_board_flaky_checks_total Of those that failed, passed at a plain repeat.\n"
         "# TYPE tinyhil_board_flaky_checks_total counter\n" +
         flaky +
         "# HELP tinyhil_board_steps_total Steps that were taken to bring a board back or to clean it.\n"
         "# TYPE tinyhil_board_steps_total counter\n" +
         steps;
}

// Prometheus' text format.
asio::awaitable<Reply> show_metrics(DaemonParts parts) {
  std::map<std::string, int> boards{{"free", 0},        {"leased", 0},  {"cleaning", 0},
                                    {"quarantined", 0}, {"offline", 0}, {"absent", 0}};
  std::uint64_t leases = 0;
  std::string busy;
  for (const BoardStatus& status : parts.book.boards()) {
    ++boards[to_string(status.entry.condition)];
    leases += status.record.leases;
    busy += fmt::format("tinyhil_board_busy_seconds_total{{board=\"{}\"}} {:.6f}\n", status.entry.name,
                        static_cast<double>(status.record.busy.count()) / 1e6);
  }
  std::string campaigns;
  const std::map<CampaignState, std::uint64_t> counts = parts.campaigns.counts();
  for (const auto state : {CampaignState::waiting, CampaignState::running, CampaignState::ended,
                           CampaignState::cancelled, CampaignState::failed}) {
    const auto count = counts.find(state);
    campaigns += fmt::format("tinyhil_campaigns{{state=\"{}\"}} {}\n", to_string(state),
                             count == counts.end() ? 0 : count->second);
  }
  std::size_t waiting = 0;
  for (const LeaseRecord& record : parts.book.open_leases()) waiting += record.board.empty() ? 1 : 0;
  std::string text = "# HELP tinyhil_boards Boards of this host by condition.\n# TYPE tinyhil_boards gauge\n";
  for (const auto& [condition, count] : boards)
    text += fmt::format("tinyhil_boards{{condition=\"{}\"}} {}\n", condition, count);
  text += fmt::format(
      "# HELP tinyhil_leases_waiting Requests for a board that wait.\n# TYPE tinyhil_leases_waiting gauge\n"
      "tinyhil_leases_waiting {}\n"
      "# HELP tinyhil_leases_ended_total Leases that have ended.\n# TYPE tinyhil_leases_ended_total counter\n"
      "tinyhil_leases_ended_total {}\n"
      "# HELP tinyhil_board_busy_seconds_total Time that a board was leased, in leases that have ended.\n"
      "# TYPE tinyhil_board_busy_seconds_total counter\n",
      waiting, leases);
  Reply reply;
  reply.content_type = "text/plain; version=0.0.4";
  reply.body = text + busy +
               "# HELP tinyhil_campaigns Campaigns that are kept, by state.\n"
               "# TYPE tinyhil_campaigns gauge\n" +
               campaigns + health_metrics(parts.book.boards()) + absence_metrics(parts.book.boards());
  co_return reply;
}

asio::awaitable<Reply> show_alive() { co_return reply_with(200, {{"status", "alive"}}); }

// Ready: the ledger can be read.
asio::awaitable<Reply> show_ready(DaemonParts parts) {
  static_cast<void>(parts.book.ledger().boards());
  co_return reply_with(200, {{"status", "ready"}});
}

}  // namespace

Reply reply_with(int status, const nlohmann::ordered_json& document) {
  Reply reply;
  reply.status = status;
  reply.body = document.dump() + '\n';
  return reply;
}

std::int64_t query_number(const Request& request, const std::string& name, std::int64_t fallback,
                          std::int64_t high) {
  const auto given = request.query.find(name);
  if (given == request.query.end()) return fallback;
  const std::optional<std::int64_t> number = parse_integer(given->second);
  if (number && *number >= 0 && *number <= high) return *number;
  throw Error(ErrorKind::usage, "`" + name + "` is no number from 0 to " + std::to_string(high), request.path,
              "write such as ?" + name + "=" + std::to_string(high));
}

void add_watching_routes(std::vector<Route>& routes, DaemonParts parts) {
  routes.push_back(
      {Verb::get,
       "/api/v1/events",
       Role::viewer,
       [parts](const Request& request) { return stream_events(parts, request); },
       {"What happens to leases and boards, as server-sent events; Last-Event-ID goes on after one",
        "",
        {},
        {{200, "the events", "", "text/event-stream"}}}});
  routes.push_back({Verb::get,
                    "/api/v1/audit",
                    Role::admin,
                    [parts](const Request& request) { return show_audit(parts, request); },
                    {"Who did what, the latest first",
                     "",
                     {{"most", "so many entries", R"({"type": "integer", "minimum": 0, "maximum": 1000})"}},
                     {{200, "the entries", kEntriesSchema}}}});
  routes.push_back(
      {Verb::get,
       "/metrics",
       Role::viewer,
       [parts](const Request& /*request*/) { return show_metrics(parts); },
       {"For Prometheus", "", {}, {{200, "the metrics", R"({"type": "string"})", "text/plain"}}}});
  routes.push_back({Verb::get,
                    "/healthz",
                    Role::nobody,
                    [](const Request& /*request*/) { return show_alive(); },
                    {"Whether the daemon runs", "", {}, {{200, "it does", R"({"type": "object"})"}}}});
  routes.push_back({Verb::get,
                    "/readyz",
                    Role::nobody,
                    [parts](const Request& /*request*/) { return show_ready(parts); },
                    {"Whether it can work", "", {}, {{200, "it can", R"({"type": "object"})"}}}});
}

}  // namespace tinyhil::daemon
