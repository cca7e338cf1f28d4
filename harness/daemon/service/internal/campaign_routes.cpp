// SPDX-License-Identifier: Apache-2.0
// Submit a campaign, follow it, cancel and resume it.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "base/quantity.hpp"
#include "daemon/service/internal/campaign_documents.hpp"
#include "daemon/service/internal/documents.hpp"
#include "daemon/service/internal/routes.hpp"
#include "daemon/service/internal/submission.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::int64_t kCampaignsMostAtOnce = 1'000;

constexpr const char* kCampaignsSchema =
    R"({"type": "object", "required": ["campaigns"], "properties": {"campaigns": {"type": "array"}}})";

nlohmann::ordered_json document_for(const DaemonParts& parts, const Request& request,
                                    const CampaignRecord& record) {
  auto document = document_of(record, parts.runner.progress(record.id), parts.runner.leases(record.id));
  document["is_own"] = record.wish.owner == request.caller.name;
  return document;
}

asio::awaitable<Reply> submit_campaign(DaemonParts parts, const Request& request) {
  const CampaignRecord record = parts.runner.submit(submission_in(request, parts.blobs));
  Reply reply = reply_with(201, document_for(parts, request, record));
  reply.headers.push_back({"Location", "/api/v1/campaigns/" + std::to_string(record.id.value)});
  co_return reply;
}

asio::awaitable<Reply> list_campaigns(DaemonParts parts, const Request& request) {
  CampaignFilter filter;
  if (const auto owner = request.query.find("owner"); owner != request.query.end())
    filter.owner = owner->second;
  if (const auto state = request.query.find("state"); state != request.query.end()) {
    filter.state = campaign_state_named(state->second);
    if (!filter.state)
      throw Error(ErrorKind::usage, "there is no state `" + state->second + "`", request.path,
                  "choose one of waiting, running, ended, cancelled, failed");
  }
  const auto most = static_cast<std::size_t>(query_number(request, "most", 100, kCampaignsMostAtOnce));
  nlohmann::ordered_json campaigns = nlohmann::ordered_json::array();
  for (const CampaignRecord& record : parts.campaigns.latest(filter, most))
    campaigns.push_back(document_for(parts, request, record));
  co_return reply_with(200, {{"campaigns", std::move(campaigns)}});
}

asio::awaitable<Reply> show_campaign(DaemonParts parts, const Request& request) {
  const CampaignRecord record = campaign_in(parts, request);
  if (parts.runner.is_active(record.id)) co_return reply_with(200, document_for(parts, request, record));
  CampaignProgress progress;
  EventTail events(parts.runner.folder(record.id).events(), 0);
  progress.read(events);
  co_return reply_with(200, document_of(record, progress.boards(), {}));
}

asio::awaitable<Reply> cancel_campaign(DaemonParts parts, const Request& request) {
  const CampaignRecord record = campaign_in(parts, request);
  check_owner(parts, request, {name_of(record.id), record.wish.owner}, "campaign.cancel");
  const CampaignRecord cancelled = co_await parts.runner.cancel(record.id, request.caller.name);
  co_return reply_with(200, document_for(parts, request, cancelled));
}

asio::awaitable<Reply> resume_campaign(DaemonParts parts, const Request& request) {
  const CampaignRecord record = campaign_in(parts, request);
  check_owner(parts, request, {name_of(record.id), record.wish.owner}, "campaign.resume");
  co_return reply_with(200,
                       document_for(parts, request, parts.runner.resume(record.id, request.caller.name)));
}

// What the run and the daemon have told of one campaign, from a place in its events on. An event's id is
// where it ends there.
class CampaignEvents : public EventSource {
 public:
  CampaignEvents(const DaemonParts& parts, CampaignId id, std::uint64_t from)
      : parts_(parts), id_(id), tail_(parts.runner.folder(id).events(), from) {}

  asio::awaitable<NextEvent> next(Deadline until) override {
    std::optional<EventLine> line = tail_.next();
    while (!line && parts_.runner.is_active(id_) && std::chrono::steady_clock::now() < until) {
      co_await parts_.runner.wait_for_news(id_, until);
      line = tail_.next();
    }
    if (line) co_return Event{std::to_string(line->end), line->name, line->text};
    if (parts_.runner.is_active(id_) || parts_.keeper.is_stopping()) co_return Quiet{};
    co_return Ended{};
  }

 private:
  DaemonParts parts_;
  CampaignId id_;
  EventTail tail_;
};

asio::awaitable<Reply> stream_campaign(DaemonParts parts, const Request& request) {
  const CampaignRecord record = campaign_in(parts, request);
  const std::optional<std::int64_t> last = parse_integer(request.last_event_id);
  const auto from = last && *last > 0 ? static_cast<std::uint64_t>(*last) : 0;
  Reply reply;
  reply.events = std::make_unique<CampaignEvents>(parts, record.id, from);
  co_return reply;
}

void add_reading(std::vector<Route>& routes, DaemonParts parts) {
  routes.push_back({Verb::get,
                    "/api/v1/campaigns",
                    Role::viewer,
                    [parts](const Request& request) { return list_campaigns(parts, request); },
                    {"Campaigns that were submitted, the newest first",
                     "",
                     {{"owner", "only of this account"},
                      {"state", "only in this state",
                       R"({"enum": ["waiting", "running", "ended", "cancelled", "failed"]})"},
                      {"most", "so many", R"({"type": "integer", "minimum": 0, "maximum": 1000})"}},
                     {{200, "the campaigns", kCampaignsSchema}}}});
  routes.push_back({Verb::get,
                    "/api/v1/campaigns/{id}",
                    Role::viewer,
                    [parts](const Request& request) { return show_campaign(parts, request); },
                    {"One campaign", "", {}, {{200, "the campaign", kCampaignSchema}}, kNumberSchema}});
  routes.push_back(
      {Verb::get,
       "/api/v1/campaigns/{id}/events",
       Role::viewer,
       [parts](const Request& request) { return stream_campaign(parts, request); },
       {"What its run tells, from the beginning, as server-sent events; Last-Event-ID goes on after one",
        "",
        {},
        {{200, "the events", "", "text/event-stream"}},
        kNumberSchema}});
}

void add_acting(std::vector<Route>& routes, DaemonParts parts) {
  const ReplyDocumentation campaign{200, "the campaign", kCampaignSchema};
  routes.push_back({Verb::post,
                    "/api/v1/campaigns",
                    Role::user,
                    [parts](const Request& request) { return submit_campaign(parts, request); },
                    {"Have a campaign run, on files that were sent before",
                     kSubmissionSchema,
                     {},
                     {{201, "the campaign", kCampaignSchema}}}});
  routes.push_back(
      {Verb::remove,
       "/api/v1/campaigns/{id}",
       Role::runner,
       [parts](const Request& request) { return cancel_campaign(parts, request); },
       {"Cancel it; what was measured is kept, and it may be resumed. An administrator may cancel "
        "anybody's",
        "",
        {},
        {campaign},
        kNumberSchema}});
  routes.push_back({Verb::post,
                    "/api/v1/campaigns/{id}/resume",
                    Role::runner,
                    [parts](const Request& request) { return resume_campaign(parts, request); },
                    {"Go on with one that was cancelled or failed, at its first missing result",
                     "",
                     {},
                     {campaign},
                     kNumberSchema}});
}

}  // namespace

CampaignRecord campaign_in(const DaemonParts& parts, const Request& request) {
  return parts.campaigns.campaign(CampaignId{path_number(request, "campaign")});
}

void add_campaign_routes(std::vector<Route>& routes, DaemonParts parts) {
  add_reading(routes, parts);
  add_acting(routes, parts);
}

}  // namespace tinyhil::daemon
