// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/quantity.hpp"
#include "daemon/service/internal/routes.hpp"
#include "daemon/service/internal/trace_document.hpp"

namespace tinyhil::daemon {

namespace {

constexpr const char* kTracesSchema = R"({
  "type": "object",
  "required": ["board", "boards", "models", "length_s", "from_s", "to_s", "column_s", "low_ua", "high_ua", "mean_ua"],
  "properties": {
    "board": {"type": "string"},
    "boards": {"type": "array", "items": {"type": "string"}},
    "models": {"type": "array", "items": {"type": "string"}},
    "length_s": {"type": "number", "description": "of the recording"},
    "column_s": {"type": "number"},
    "low_ua": {"type": "array", "items": {"type": ["number", "null"]}, "description": "null: a gap"},
    "high_ua": {"type": "array", "items": {"type": ["number", "null"]}},
    "mean_ua": {"type": "array", "items": {"type": ["number", "null"]}},
    "mean_of_range_ua": {"type": ["number", "null"]},
    "windows": {"type": "array", "items": {"type": "object"}},
    "windows_left_out": {"type": "integer"}
  }
})";

std::string text_in(const Request& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : found->second;
}

std::optional<double> seconds_in(const Request& request, const char* name) {
  const std::string text = text_in(request, name);
  if (text.empty()) return std::nullopt;
  const std::optional<double> value = parse_number(text);
  if (value && std::isfinite(*value) && *value >= 0) return value;
  throw Error(ErrorKind::usage, "`" + text + "` is no time", name, "write seconds, such as 0.25");
}

asio::awaitable<Reply> show_traces(DaemonParts parts, const Request& request) {
  const CampaignRecord record = campaign_in(parts, request);
  TraceQuestion question;
  question.board = text_in(request, "board");
  question.model = text_in(request, "model");
  question.from_s = seconds_in(request, "from_s");
  question.to_s = seconds_in(request, "to_s");
  question.columns = static_cast<std::size_t>(
      std::max<std::int64_t>(1, query_number(request, "points", 1'200, kTraceColumnsMost)));
  if (!is_over(record.state) || parts.runner.is_active(record.id))
    throw Error(ErrorKind::not_found, "no current is there before the campaign is over", request.path,
                "wait until it has ended");
  co_return reply_with(200, trace_document(parts.runner.folder(record.id).store(), question));
}

}  // namespace

void add_trace_routes(std::vector<Route>& routes, DaemonParts parts) {
  const char* seconds = R"({"type": "number", "minimum": 0})";
  routes.push_back(
      {Verb::get,
       "/api/v1/campaigns/{id}/traces",
       Role::viewer,
       [parts](const Request& request) { return show_traces(parts, request); },
       {"The current of a board over its run: least, greatest and mean in so many columns",
        "",
        {{"board", "left out, the first that was recorded"},
         {"model", "its windows alone, and the stretch that they take"},
         {"from_s", "where the stretch begins; left out, all of it", seconds},
         {"to_s", "where it ends", seconds},
         {"points", "so many columns", R"({"type": "integer", "minimum": 1, "maximum": 10000})"}},
        {{200, "the columns", kTracesSchema}},
        kNumberSchema}});
}

}  // namespace tinyhil::daemon
