// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/quantity.hpp"
#include "daemon/service/internal/callers.hpp"
#include "daemon/service/internal/documents.hpp"
#include "daemon/service/internal/routes.hpp"
#include "formats/section.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::int64_t kLongestWaitS = 30;
constexpr std::size_t kPurposeMost = 200;
constexpr std::int64_t kEndedMostAtOnce = 1'000;

constexpr const char* kAskSchema = R"({
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "selector": {"type": "string", "minLength": 1, "maxLength": 1024, "description": "which boards will do, such as chip=stm32f4; left out, any"},
    "priority": {"enum": ["low", "normal", "high"], "default": "normal"},
    "purpose": {"type": "string", "minLength": 1, "maxLength": 200, "description": "for others to read"},
    "firmware_sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "expects": {"type": "string", "pattern": "^[1-9][0-9]{0,6} ?(s|min|h|d)$", "description": "how long it is meant to take, such as 10 min"},
    "longest": {"type": "string", "pattern": "^[1-9][0-9]{0,6} ?(s|min|h|d)$", "description": "after which the lease ends, whatever its holder does"}
  }
})";

constexpr const char* kBeatSchema = R"({
  "type": "object",
  "required": ["epoch"],
  "additionalProperties": false,
  "properties": {"epoch": {"type": "integer", "minimum": 0}}
})";

constexpr const char* kLeasesSchema =
    R"({"type": "object", "required": ["leases"], "properties": {"leases": {"type": "array"}}})";

std::optional<Span> span_in(const Section& section, const char* key) {
  const auto duration = section.optional_duration(key);
  if (!duration) return std::nullopt;
  return std::chrono::duration_cast<Span>(*duration);
}

// JSON is read as the YAML that it is, for the same care with keys and units.
LeaseWish wish_in(const Request& request) {
  const Section section = Section::parse(request.body, "request");
  LeaseWish wish;
  wish.owner = request.caller.name;
  wish.key = request.idempotency_key;
  wish.selector = confined(section.text("selector", ""), request.caller);
  const std::string priority = section.choice("priority", {"low", "normal", "high"}, "normal");
  wish.priority = priority == "low" ? Priority::low : priority == "high" ? Priority::high : Priority::normal;
  wish.purpose = section.text("purpose", "");
  if (wish.purpose.size() > kPurposeMost)
    section.fail_at("purpose", "`purpose` is longer than 200 characters", "say it in fewer words");
  if (section.has("firmware_sha256")) {
    wish.firmware = sha256_in(section.text("firmware_sha256"));
    if (!wish.firmware)
      section.fail_at("firmware_sha256", "`firmware_sha256` is no SHA-256", "write its 64 hex digits");
  }
  wish.expects = span_in(section, "expects");
  wish.longest = span_in(section, "longest").value_or(Span(0));
  section.finish();
  return wish;
}

// What its owner is told: also how often to be heard, and how the board is reached.
nlohmann::ordered_json document_for(const DaemonParts& parts, const Caller& caller,
                                    const LeaseRecord& record) {
  nlohmann::ordered_json document = document_of(record);
  document["time_to_live_s"] = std::chrono::duration<double>(parts.book.policy().time_to_live).count();
  if (!record.ended_at && caller.name == record.wish.owner) document["token"] = parts.tokens.token(record.id);
  const InventoryBoard* board = parts.keeper.board(record.board);
  if (record.granted_at && !record.ended_at && board != nullptr && caller.name == record.wish.owner)
    document["environment"] = lease_environment(*board);
  if (record.granted_at && !record.ended_at && board != nullptr)
    document["absence"] = document_of(parts.book.board(record.board).absence);
  return document;
}

Owned owned(const LeaseRecord& record) {
  return {"lease " + std::to_string(record.id.value), record.wish.owner};
}

asio::awaitable<Reply> ask_for_lease(DaemonParts parts, const Request& request) {
  const LeaseRecord record = parts.book.ask(wish_in(request), parts.keeper.now());
  parts.keeper.settle();
  Reply reply = reply_with(201, document_for(parts, request.caller, record));
  reply.headers.push_back({"Location", "/api/v1/leases/" + std::to_string(record.id.value)});
  co_return reply;
}

asio::awaitable<Reply> list_leases(DaemonParts parts, const Request& request) {
  nlohmann::ordered_json leases = nlohmann::ordered_json::array();
  for (const LeaseRecord& record : parts.book.open_leases()) leases.push_back(document_of(record));
  const auto ended = static_cast<std::size_t>(query_number(request, "ended", 0, kEndedMostAtOnce));
  if (ended > 0)
    for (const LeaseRecord& record : parts.book.ledger().ended(ended)) leases.push_back(document_of(record));
  co_return reply_with(200, {{"leases", std::move(leases)}});
}

// Its owner's question says that he is there.
void hear(const DaemonParts& parts, const Request& request, const LeaseRecord& record) {
  const bool is_waiting = record.board.empty() && !record.ended_at;
  if (is_waiting && record.wish.owner == request.caller.name)
    parts.book.beat(record.id, record.epoch, parts.keeper.now());
}

asio::awaitable<Reply> show_lease(DaemonParts parts, const Request& request) {
  const RequestId id = lease_in(request);
  hear(parts, request, parts.book.lease(id));
  const std::chrono::seconds longest(query_number(request, "wait_s", 0, kLongestWaitS));
  const LeaseRecord record = co_await parts.keeper.wait(id, longest);
  hear(parts, request, record);
  co_return reply_with(200, document_for(parts, request.caller, record));
}

asio::awaitable<Reply> beat_lease(DaemonParts parts, const Request& request) {
  const LeaseRecord record = parts.book.lease(lease_in(request));
  check_owner(parts, request, owned(record), "lease.heartbeat");
  const Section section = Section::parse(request.body, "request");
  const auto epoch = section.integer("epoch", 0, std::numeric_limits<std::int64_t>::max());
  section.finish();
  parts.book.beat(record.id, static_cast<std::uint64_t>(epoch), parts.keeper.now());
  co_return reply_with(200, document_for(parts, request.caller, parts.book.lease(record.id)));
}

asio::awaitable<Reply> end_lease(DaemonParts parts, const Request& request) {
  const LeaseRecord record = parts.book.lease(lease_in(request));
  check_owner(parts, request, owned(record), "lease.end");
  const bool is_own = record.wish.owner == request.caller.name;
  const LeaseEnd own_end = record.board.empty() ? LeaseEnd::cancelled : LeaseEnd::released;
  parts.book.end(record.id, is_own ? own_end : LeaseEnd::forced, parts.keeper.now(), request.caller.name);
  parts.keeper.settle();
  co_return reply_with(200, document_of(parts.book.lease(record.id)));
}

asio::awaitable<Reply> explain_lease(DaemonParts parts, const Request& request) {
  const LeaseRecord record = parts.book.lease(lease_in(request));
  if (const auto why = parts.book.why(record.id, parts.keeper.now()))
    co_return reply_with(200, document_of(*why));
  nlohmann::ordered_json document = document_of(Explanation{Blocker::nothing});
  document["text"] =
      record.end ? std::string("it is over: ") + to_string(*record.end) : "it has board " + record.board;
  co_return reply_with(200, document);
}

void add_asking(std::vector<Route>& routes, DaemonParts parts) {
  const ReplyDocumentation lease{200, "the lease", kLeaseSchema};
  routes.push_back({Verb::post,
                    "/api/v1/leases",
                    Role::runner,
                    [parts](const Request& request) { return ask_for_lease(parts, request); },
                    {"Ask for a board; it is granted at once where one is free",
                     kAskSchema,
                     {},
                     {{201, "the lease, granted or waiting", kLeaseSchema}}}});
  routes.push_back(
      {Verb::get,
       "/api/v1/leases",
       Role::viewer,
       [parts](const Request& request) { return list_leases(parts, request); },
       {"Leases that are held or waited for",
        "",
        {{"ended", "so many that have ended, too", R"({"type": "integer", "minimum": 0, "maximum": 1000})"}},
        {{200, "the leases", kLeasesSchema}}}});
  routes.push_back({Verb::get,
                    "/api/v1/leases/{id}",
                    Role::viewer,
                    [parts](const Request& request) { return show_lease(parts, request); },
                    {"One lease; asked by its owner while it waits, it lives on",
                     "",
                     {{"wait_s", "longest wait for it to be granted, in seconds",
                       R"({"type": "integer", "minimum": 0, "maximum": 30})"}},
                     {lease},
                     kNumberSchema}});
  routes.push_back({Verb::get,
                    "/api/v1/leases/{id}/why",
                    Role::viewer,
                    [parts](const Request& request) { return explain_lease(parts, request); },
                    {"Why it waits: its position, what blocks it, and when it may start",
                     "",
                     {},
                     {{200, "the explanation", R"({"type": "object"})"}},
                     kNumberSchema}});
}

void add_holding(std::vector<Route>& routes, DaemonParts parts) {
  const ReplyDocumentation lease{200, "the lease", kLeaseSchema};
  routes.push_back({Verb::post,
                    "/api/v1/leases/{id}/heartbeat",
                    Role::runner,
                    [parts](const Request& request) { return beat_lease(parts, request); },
                    {"Its holder is there", kBeatSchema, {}, {lease}, kNumberSchema}});
  routes.push_back({Verb::remove,
                    "/api/v1/leases/{id}",
                    Role::runner,
                    [parts](const Request& request) { return end_lease(parts, request); },
                    {"Return the board, or wait no longer; an administrator may end anybody's",
                     "",
                     {},
                     {lease},
                     kNumberSchema}});
}

}  // namespace

RequestId lease_in(const Request& request) { return RequestId{path_number(request, "lease")}; }

void add_lease_routes(std::vector<Route>& routes, DaemonParts parts) {
  add_asking(routes, parts);
  add_holding(routes, parts);
}

}  // namespace tinyhil::daemon
