// SPDX-License-Identifier: Apache-2.0
// What its holder has done to a leased board, beside its line.
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/hex.hpp"
#include "base/quantity.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/service/internal/board_operations.hpp"
#include "daemon/service/internal/routes.hpp"
#include "daemon/service/internal/time_text.hpp"
#include "formats/section.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::int64_t kLongestWaitS = 30;
constexpr std::int64_t kMemoryMost = 64L * 1024;  // bytes

constexpr const char* kOperationWishSchema = R"({
  "type": "object",
  "required": ["operation"],
  "additionalProperties": false,
  "properties": {
    "operation": {"enum": ["reset", "power-cycle", "flash", "memory", "core"]},
    "halt": {"type": "boolean", "default": false, "description": "reset: stop before the first instruction"},
    "address": {"type": "integer", "minimum": 0, "maximum": 4294967295, "description": "memory, and its `size`"},
    "size": {"type": "integer", "minimum": 1, "maximum": 65536, "description": "bytes"},
    "erase": {"type": "boolean", "default": false, "description": "flash: all of the flash first"},
    "image_sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "flash: a file that was sent, of at most 64 MiB; left out, the image that the bench names"},
    "image_name": {"type": "string", "minLength": 1, "maxLength": 200, "description": "its file's name, by which some tools tell its format"}
  }
})";

constexpr const char* kOperationSchema = R"({
  "type": "object",
  "required": ["number", "operation", "state", "begun_at", "elapsed_s"],
  "properties": {
    "number": {"type": "integer", "minimum": 1},
    "operation": {"enum": ["reset", "power-cycle", "flash", "memory", "core"]},
    "state": {"enum": ["running", "done", "failed"]},
    "doing": {"type": "string"},
    "begun_at": {"type": "string", "format": "date-time"},
    "elapsed_s": {"type": "number"},
    "result": {"type": "object", "description": "what `tinyhil reset --json` and the like say"},
    "error": {"type": "object", "description": "a problem, with `what`, `where` and `remedy`"},
    "board_touched": {"type": "boolean"}
  }
})";

OperationWish operation_in(const Request& request) {
  const Section section = Section::parse(request.body, "request");
  const std::string name = section.choice("operation", {"reset", "power-cycle", "flash", "memory", "core"});
  OperationWish wish{name};
  if (name == "reset" && section.boolean("halt", false)) wish.words.emplace_back("--halt");
  if (name == "memory") {
    const std::int64_t address = section.integer("address", 0, std::numeric_limits<std::uint32_t>::max());
    wish.words = {hexadecimal(static_cast<std::uint64_t>(address)),
                  std::to_string(section.integer("size", 1, kMemoryMost))};
  }
  if (name == "flash") {
    if (section.boolean("erase", false)) wish.words.emplace_back("--erase");
    const std::string image_name = section.text("image_name", "image");
    if (section.has("image_sha256")) {
      const std::optional<Digest> digest = sha256_in(section.text("image_sha256"));
      if (!digest) section.fail_at("image_sha256", "`image_sha256` is no SHA-256", "write its 64 hex digits");
      wish.image = SentImage{*digest, image_name};
    }
  }
  section.finish();
  return wish;
}

nlohmann::ordered_json document_of(const BoardOperation& operation, Moment now) {
  const bool is_over = operation.ended_at.has_value();
  const Span elapsed = operation.ended_at.value_or(now) - operation.begun_at;
  nlohmann::ordered_json document{{"number", operation.number},
                                  {"operation", operation.wish.command},
                                  {"state", !is_over          ? "running"
                                            : operation.error ? "failed"
                                                              : "done"},
                                  {"begun_at", time_text(operation.begun_at)},
                                  {"elapsed_s", std::chrono::duration<double>(elapsed).count()}};
  if (!is_over) document["doing"] = operation.doing;
  if (!operation.result.empty()) document["result"] = nlohmann::ordered_json::parse(operation.result);
  if (operation.error) document["error"] = nlohmann::ordered_json::parse(problem(*operation.error).body);
  if (is_over) document["board_touched"] = operation.has_touched_board;
  return document;
}

asio::awaitable<Reply> begin_operation(DaemonParts parts, const Request& request) {
  const LeaseRecord record = parts.book.lease(lease_in(request));
  check_owner(parts, request, {"lease " + std::to_string(record.id.value), record.wish.owner},
              "lease.operation");
  const LeaseRecord lease = held_lease(parts, request);
  const BoardOperation begun = parts.operations.begin(lease, operation_in(request));
  Reply reply = reply_with(202, document_of(begun, parts.keeper.now()));
  reply.headers.push_back({"Location", "/api/v1/leases/" + std::to_string(lease.id.value) + "/operations/" +
                                           std::to_string(begun.number)});
  co_return reply;
}

asio::awaitable<Reply> show_operation(DaemonParts parts, const Request& request) {
  const LeaseRecord lease = held_lease(parts, request);
  const std::optional<std::int64_t> number = parse_integer(request.path_parameters.at("number"));
  const std::chrono::seconds longest(query_number(request, "wait_s", 0, kLongestWaitS));
  const BoardOperation operation =
      co_await parts.operations.wait(lease.id, static_cast<std::uint64_t>(number.value_or(0)), longest);
  co_return reply_with(200, document_of(operation, parts.keeper.now()));
}

}  // namespace

void add_operation_routes(std::vector<Route>& routes, DaemonParts parts) {
  routes.push_back(
      {Verb::post,
       "/api/v1/leases/{id}/operations",
       Role::runner,
       [parts](const Request& request) { return begin_operation(parts, request); },
       {"Reset the leased board, switch its supply off and on, put firmware on it, or read its memory "
        "or its core's state; one at a time. Its line goes on afterwards",
        kOperationWishSchema,
        {epoch_parameter()},
        {{202, "it is under way", kOperationSchema}},
        kNumberSchema}});
  routes.push_back({Verb::get,
                    "/api/v1/leases/{id}/operations/{number}",
                    Role::runner,
                    [parts](const Request& request) { return show_operation(parts, request); },
                    {"The latest of these, and what it came to",
                     "",
                     {epoch_parameter(),
                      {"wait_s", "longest wait for its end, in seconds",
                       R"({"type": "integer", "minimum": 0, "maximum": 30})"}},
                     {{200, "the operation", kOperationSchema}},
                     kNumberSchema}});
}

}  // namespace tinyhil::daemon
