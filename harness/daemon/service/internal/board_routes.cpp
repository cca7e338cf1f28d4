// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "daemon/service/internal/documents.hpp"
#include "daemon/service/internal/health_documents.hpp"
#include "daemon/service/internal/routes.hpp"
#include "formats/section.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kReasonMost = 200;
constexpr std::int64_t kChecksAtOnce = 100;
constexpr const char* kBoardsSchema =
    R"({"type": "object", "required": ["boards"], "properties": {"boards": {"type": "array"}}})";
constexpr const char* kNameSchema = R"({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"})";
constexpr const char* kQuarantineSchema = R"({
  "type": "object",
  "required": ["reason"],
  "additionalProperties": false,
  "properties": {"reason": {"type": "string", "minLength": 1, "maxLength": 200}}
})";

asio::awaitable<Reply> list_boards(DaemonParts parts) {
  nlohmann::ordered_json boards = nlohmann::ordered_json::array();
  for (const BoardStatus& status : parts.book.boards()) boards.push_back(document_of(status));
  co_return reply_with(200, {{"boards", std::move(boards)}});
}

asio::awaitable<Reply> show_board(DaemonParts parts, const Request& request) {
  co_return reply_with(200, document_of(parts.book.board(request.path_parameters.at("name"))));
}

asio::awaitable<Reply> list_checks(DaemonParts parts, const Request& request) {
  const std::string name = parts.book.board(request.path_parameters.at("name")).entry.name;
  const auto most = static_cast<std::size_t>(query_number(request, "most", kChecksAtOnce, kChecksAtOnce));
  nlohmann::ordered_json checks = nlohmann::ordered_json::array();
  for (const HealthCheck& check : parts.book.ledger().checks(name, most))
    checks.push_back(document_of(check));
  co_return reply_with(200, {{"checks", std::move(checks)}});
}

asio::awaitable<Reply> quarantine_board(DaemonParts parts, const Request& request) {
  const std::string name = parts.book.board(request.path_parameters.at("name")).entry.name;
  const Section section = Section::parse(request.body, "request");
  const std::string reason = section.text("reason");
  if (reason.empty() || reason.size() > kReasonMost)
    section.fail_at("reason", "`reason` is empty, or longer than 200 characters", "say why, in a few words");
  section.finish();
  parts.keeper.quarantine(name, reason, request.caller.name);
  co_return reply_with(200, document_of(parts.book.board(name)));
}

asio::awaitable<Reply> readmit_board(DaemonParts parts, const Request& request) {
  const std::string name = parts.book.board(request.path_parameters.at("name")).entry.name;
  parts.book.note(
      {0, parts.keeper.now(), request.caller.name, "board.readmit", "board " + name, "to be checked"});
  parts.keeper.readmit(name);
  co_return reply_with(202, document_of(parts.book.board(name)));
}

}  // namespace

void add_board_routes(std::vector<Route>& routes, DaemonParts parts) {
  routes.push_back({Verb::get,
                    "/api/v1/boards",
                    Role::viewer,
                    [parts](const Request& /*request*/) { return list_boards(parts); },
                    {"The boards of this host", "", {}, {{200, "the boards", kBoardsSchema}}}});
  routes.push_back({Verb::get,
                    "/api/v1/boards/{name}",
                    Role::viewer,
                    [parts](const Request& request) { return show_board(parts, request); },
                    {"One board", "", {}, {{200, "the board", kBoardSchema}}, kNameSchema}});
  routes.push_back({Verb::get,
                    "/api/v1/boards/{name}/checks",
                    Role::viewer,
                    [parts](const Request& request) { return list_checks(parts, request); },
                    {"What its checks found, and which steps brought it back; the latest first",
                     "",
                     {{"most", "so many checks", R"({"type": "integer", "minimum": 0, "maximum": 100})"}},
                     {{200, "the checks", kHealthChecksSchema}},
                     kNameSchema}});
  routes.push_back({Verb::post,
                    "/api/v1/boards/{name}/quarantine",
                    Role::admin,
                    [parts](const Request& request) { return quarantine_board(parts, request); },
                    {"Nobody gets the board from now on; its lease goes on",
                     kQuarantineSchema,
                     {},
                     {{200, "the board", kBoardSchema}},
                     kNameSchema}});
  routes.push_back({Verb::post,
                    "/api/v1/boards/{name}/readmit",
                    Role::admin,
                    [parts](const Request& request) { return readmit_board(parts, request); },
                    {"Check the board, and give it to others again when it passes",
                     "",
                     {},
                     {{202, "the board, which is now checked", kBoardSchema}},
                     kNameSchema}});
}

}  // namespace tinyhil::daemon
