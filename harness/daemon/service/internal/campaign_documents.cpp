// SPDX-License-Identifier: Apache-2.0
#include "campaign_documents.hpp"

#include "daemon/campaigns/internal/campaign_json.hpp"
#include "daemon/service/internal/documents.hpp"
#include "daemon/service/internal/time_text.hpp"

namespace tinyhil::daemon {

namespace {

using nlohmann::ordered_json;

ordered_json time_or_null(const std::optional<Moment>& moment) {
  return moment ? ordered_json(time_text(*moment)) : ordered_json(nullptr);
}

ordered_json document_of(const BoardProgress& progress) {
  ordered_json list = ordered_json::array();
  for (const auto& each : progress) {
    list.push_back(
        {{"board", each.board}, {"model", each.model}, {"done", each.done}, {"total", each.total}});
    if (each.scored == 0) continue;
    list.back()["scored"] = each.scored;
    list.back()["score_sum"] = each.score_sum;
    list.back()["measure"] = each.measure;
  }
  return list;
}

}  // namespace

const char* const kCampaignSchema = R"({
  "type": "object",
  "required": ["id", "name", "owner", "state", "selector", "wanted_boards", "boards", "submitted_at", "exit_code"],
  "properties": {
    "id": {"type": "integer", "minimum": 1},
    "name": {"type": "string"},
    "owner": {"type": "string"},
    "purpose": {"type": "string"},
    "state": {"enum": ["waiting", "running", "ended", "cancelled", "failed"]},
    "selector": {"type": "string"},
    "priority": {"enum": ["low", "normal", "high"]},
    "wanted_boards": {"type": "integer", "minimum": 1},
    "boards": {"type": "array", "items": {"type": "string"}},
    "leases": {"type": "array", "items": {"type": "integer"}},
    "submitted_at": {"type": "string", "format": "date-time"},
    "started_at": {"type": ["string", "null"], "format": "date-time"},
    "ended_at": {"type": ["string", "null"], "format": "date-time"},
    "campaign": {"type": "string"},
    "campaign_digest": {"type": "string"},
    "files": {"type": "object", "additionalProperties": {"type": "string"}},
    "candidates": {"type": "array", "items": {"type": "string"}},
    "is_own": {"type": "boolean", "description": "whoever asks has submitted it"},
    "exit_code": {"type": ["integer", "null"], "description": "of tinyhil run"},
    "outcomes": {"type": "array", "items": {"type": "object"}},
    "policy_digest": {"type": "string"},
    "progress": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["board", "model", "done", "total"],
        "properties": {
          "board": {"type": "string"},
          "model": {"type": "string"},
          "done": {"type": "integer", "description": "vectors of this model on this board"},
          "total": {"type": "integer", "description": "at most so many"},
          "scored": {"type": "integer", "description": "vectors with a scored answer; they may lack repeats"},
          "score_sum": {"type": "number", "description": "of their scores, each 0 to 1: over scored, their mean"},
          "measure": {"type": "string", "description": "what that mean is called, such as accuracy"}
        }
      }
    },
    "error": {"type": ["object", "null"], "description": "why there is no verdict: what, where, remedy"},
    "retries": {"type": "integer", "description": "at most so many"},
    "failed_attempts": {"type": "array", "items": {"type": "object"},
                        "description": "those of bench or board before this one: boards, class, what, where, remedy"},
    "may_go_on": {"type": "boolean", "description": "it ended undecided, as its time on the device was over"}
  }
})";

ordered_json document_of(const CampaignRecord& record, const BoardProgress& progress,
                         const std::vector<RequestId>& leases) {
  const CampaignWish& wish = record.wish;
  ordered_json document{{"id", record.id.value},
                        {"name", wish.name},
                        {"owner", wish.owner},
                        {"purpose", wish.purpose},
                        {"state", to_string(record.state)},
                        {"selector", wish.selector},
                        {"priority", to_string(wish.priority)},
                        {"wanted_boards", wish.boards},
                        {"retries", wish.retries},
                        {"boards", record.boards},
                        {"leases", ordered_json::array()},
                        {"submitted_at", time_text(record.submitted_at)},
                        {"started_at", time_or_null(record.started_at)},
                        {"ended_at", time_or_null(record.ended_at)},
                        {"campaign", wish.campaign},
                        {"campaign_digest", wish.files.at(wish.campaign).hex()},
                        {"files", ordered_json::object()},
                        {"candidates", wish.candidates},
                        {"image", wish.image}};
  for (const RequestId lease : leases) document["leases"].push_back(lease.value);
  for (const auto& [path, digest] : wish.files) document["files"][path] = digest.hex();
  document.update(json_of(record.end));
  document["progress"] = document_of(progress);
  return document;
}

std::string state_event(const CampaignRecord& record, const BoardProgress& progress) {
  ordered_json event{{"event", "state"}};
  event.update(document_of(record, progress, {}));
  return event.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace tinyhil::daemon
