// SPDX-License-Identifier: Apache-2.0
// Campaigns that the daemon keeps, and runs of them with models that somebody hands in.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "daemon/service/internal/campaign_documents.hpp"
#include "daemon/service/internal/kept_campaigns.hpp"
#include "daemon/service/internal/routes.hpp"
#include "daemon/service/internal/submission.hpp"

namespace tinyhil::daemon {

namespace {

constexpr const char* kKeptCampaignsSchema =
    R"({"type": "object", "required": ["campaigns"], "properties": {"campaigns": {"type": "array"}}})";
constexpr const char* kKeptNameSchema =
    R"({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"})";
constexpr const char* kKeptRunSchema = R"({
  "type": "object",
  "required": ["models"],
  "additionalProperties": false,
  "properties": {
    "models": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
               "description": "candidate to the SHA-256 of a model that was sent"},
    "selector": {"type": "string", "maxLength": 1024, "description": "which boards will do; left out, any"},
    "boards": {"type": "integer", "minimum": 1, "maximum": 64, "default": 1, "description": "at most so many divide the vectors"},
    "priority": {"enum": ["low", "normal", "high"], "default": "normal"},
    "purpose": {"type": "string", "maxLength": 200, "description": "for others to read"}
  }
})";

nlohmann::ordered_json document_of_kept(const KeptCampaigns& all, const std::string& name) {
  nlohmann::ordered_json document{{"name", name}};
  try {
    const KeptCampaign kept = all.campaign(name);
    document["candidates"] = nlohmann::ordered_json::array();
    for (const auto& [candidate, path] : kept.candidates) document["candidates"].push_back(candidate);
    document["baseline"] =
        kept.baseline.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(kept.baseline);
    document["policy_digest"] = kept.policy.hex();
  } catch (const Error& error) {  // the others are as good as ever
    document["problem"] = {{"what", error.what()}, {"where", error.where()}, {"remedy", error.remedy()}};
  }
  return document;
}

asio::awaitable<Reply> list_kept(DaemonParts parts) {
  nlohmann::ordered_json campaigns = nlohmann::ordered_json::array();
  for (const std::string& name : parts.kept.names()) campaigns.push_back(document_of_kept(parts.kept, name));
  co_return reply_with(200, {{"campaigns", std::move(campaigns)}});
}

CampaignWish kept_wish_in(const DaemonParts& parts, const Request& request) {
  const Section section = Section::parse(request.body, "request");
  const std::map<std::string, Digest> models = digests_in(section, "models");
  CampaignWish wish = wish_for(parts.kept.campaign(request.path_parameters.at("name")), models, parts.blobs);
  wish.owner = request.caller.name;
  wish.key = request.idempotency_key;
  read_where_to_run(section, request.caller, wish);
  section.finish();
  return wish;
}

asio::awaitable<Reply> run_kept(DaemonParts parts, const Request& request) {
  try {
    const CampaignRecord record = parts.runner.submit(kept_wish_in(parts, request));
    Reply reply = reply_with(201, document_of(record, {}, parts.runner.leases(record.id)));
    reply.headers.push_back({"Location", "/api/v1/campaigns/" + std::to_string(record.id.value)});
    co_return reply;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::not_allowed)
      parts.book.note({0, parts.keeper.now(), request.caller.name, "campaign.run-kept",
                       "kept campaign " + request.path_parameters.at("name"),
                       std::string("refused: ") + error.what()});
    throw;
  }
}

}  // namespace

void add_kept_routes(std::vector<Route>& routes, DaemonParts parts) {
  routes.push_back({Verb::get,
                    "/api/v1/kept-campaigns",
                    Role::viewer,
                    [parts](const Request& /*request*/) { return list_kept(parts); },
                    {"Campaigns that lie on the daemon's host, whose candidates can be handed in",
                     "",
                     {},
                     {{200, "the campaigns", kKeptCampaignsSchema}}}});
  routes.push_back({Verb::post,
                    "/api/v1/kept-campaigns/{name}/runs",
                    Role::runner,
                    [parts](const Request& request) { return run_kept(parts, request); },
                    {"Have one run with models that were sent before, in place of its candidates'",
                     kKeptRunSchema,
                     {},
                     {{201, "the campaign", kCampaignSchema}},
                     kKeptNameSchema}});
}

}  // namespace tinyhil::daemon
