// SPDX-License-Identifier: Apache-2.0
#include "documents.hpp"

#include <cstdlib>

#include "daemon/service/internal/health_documents.hpp"
#include "daemon/service/internal/time_text.hpp"

namespace tinyhil::daemon {

namespace {

using nlohmann::ordered_json;

ordered_json document_of(const std::optional<Moment>& moment) {
  return moment ? ordered_json(time_text(*moment)) : ordered_json(nullptr);
}

ordered_json document_of(const std::optional<Digest>& digest) {
  return digest ? ordered_json(digest->hex()) : ordered_json(nullptr);
}

double seconds_of(Span span) { return static_cast<double>(span.count()) / 1e6; }

const char* state_of(const LeaseRecord& record) {
  if (record.ended_at) return "ended";
  return record.board.empty() ? "waiting" : "granted";
}

}  // namespace

const char* const kLeaseSchema = R"({
  "type": "object",
  "required": ["id", "state", "owner", "selector", "priority", "purpose", "asked_at"],
  "properties": {
    "id": {"type": "integer", "minimum": 1},
    "state": {"enum": ["waiting", "granted", "ended"]},
    "owner": {"type": "string"},
    "selector": {"type": "string"},
    "priority": {"enum": ["low", "normal", "high"]},
    "purpose": {"type": "string"},
    "firmware_sha256": {"type": ["string", "null"]},
    "expects_s": {"type": ["number", "null"]},
    "longest_s": {"type": "number"},
    "time_to_live_s": {"type": "number", "description": "without a heartbeat, then it is over"},
    "asked_at": {"type": "string", "format": "date-time"},
    "board": {"type": ["string", "null"]},
    "epoch": {"type": ["integer", "null"]},
    "granted_at": {"type": ["string", "null"], "format": "date-time"},
    "ended_at": {"type": ["string", "null"], "format": "date-time"},
    "end": {"enum": [null, "released", "cancelled", "silent", "over", "forced", "board-gone"]},
    "absence": {"type": ["object", "null"], "description": "of its board, while it is not plugged in: reason, since"},
    "token": {"type": "string", "description": "to its owner alone: a bearer token of its holder, while it lasts"},
    "environment": {"type": "object", "additionalProperties": {"type": "string"}}
  }
})";

const char* const kBoardSchema = R"({
  "type": "object",
  "required": ["name", "condition", "reason", "labels", "leases", "busy_s"],
  "properties": {
    "name": {"type": "string"},
    "condition": {"enum": ["free", "leased", "cleaning", "quarantined", "offline", "absent"]},
    "reason": {"type": "string"},
    "labels": {"type": "object", "additionalProperties": {"type": "string"}},
    "firmware_sha256": {"type": ["string", "null"]},
    "leases": {"type": "integer"},
    "busy_s": {"type": "number"},
    "passed_at": {"type": ["string", "null"], "format": "date-time"},
    "health": {"type": "object",
               "required": ["checks", "failed", "flaky", "flake_rate", "steps"],
               "properties": {
                 "checks": {"type": "integer"},
                 "failed": {"type": "integer", "description": "at the first try"},
                 "flaky": {"type": "integer", "description": "of those, passed at a plain repeat"},
                 "flake_rate": {"type": ["number", "null"], "description": "flaky of all checks"},
                 "steps": {"type": "object", "description": "how often each was used, and helped"}}},
    "absence": {"type": ["object", "null"], "description": "of a board that is not plugged in: reason, since"},
    "lease": {"type": ["object", "null"]}
  }
})";

const char* const kAuditSchema = R"({
  "type": "object",
  "required": ["number", "at", "who", "what", "subject", "outcome"],
  "properties": {
    "number": {"type": "integer"},
    "at": {"type": "string", "format": "date-time"},
    "who": {"type": "string"},
    "what": {"type": "string"},
    "subject": {"type": "string"},
    "outcome": {"type": "string"}
  }
})";

const char* to_string(Condition condition) {
  switch (condition) {
    case Condition::free:
      return "free";
    case Condition::leased:
      return "leased";
    case Condition::cleaning:
      return "cleaning";
    case Condition::quarantined:
      return "quarantined";
    case Condition::offline:
      return "offline";
    case Condition::absent:
      return "absent";
  }
  std::abort();
}

const char* to_string(Priority priority) {
  switch (priority) {
    case Priority::low:
      return "low";
    case Priority::normal:
      return "normal";
    case Priority::high:
      return "high";
  }
  std::abort();
}

ordered_json document_of(const std::optional<Absence>& absence) {
  if (!absence) return nullptr;
  return {{"reason", absence->reason}, {"since", time_text(absence->since)}};
}

ordered_json document_of(const LeaseRecord& record) {
  ordered_json document;
  document["id"] = record.id.value;
  document["state"] = state_of(record);
  document["owner"] = record.wish.owner;
  document["selector"] = record.wish.selector;
  document["priority"] = to_string(record.wish.priority);
  document["purpose"] = record.wish.purpose;
  document["firmware_sha256"] = document_of(record.wish.firmware);
  document["expects_s"] = record.wish.expects ? ordered_json(seconds_of(*record.wish.expects)) : nullptr;
  document["longest_s"] = seconds_of(record.wish.longest);
  document["asked_at"] = time_text(record.asked_at);
  document["board"] = record.board.empty() ? ordered_json(nullptr) : ordered_json(record.board);
  document["epoch"] = record.granted_at ? ordered_json(record.epoch) : ordered_json(nullptr);
  document["granted_at"] = document_of(record.granted_at);
  document["ended_at"] = document_of(record.ended_at);
  document["end"] = record.end ? ordered_json(to_string(*record.end)) : ordered_json(nullptr);
  return document;
}

ordered_json document_of(const BoardStatus& status) {
  ordered_json document;
  document["name"] = status.entry.name;
  document["condition"] = to_string(status.entry.condition);
  document["reason"] = status.reason;
  document["labels"] = status.entry.labels;
  document["firmware_sha256"] = document_of(status.entry.firmware);
  document["leases"] = status.record.leases;
  document["busy_s"] = seconds_of(status.record.busy);
  document["passed_at"] = document_of(status.record.passed);
  document["health"] = document_of(status.record.health);
  document["absence"] = document_of(status.absence);
  document["lease"] = nullptr;
  if (status.lease)
    document["lease"] = {{"id", status.lease->request.value},
                         {"owner", status.lease->owner},
                         {"epoch", status.lease->epoch},
                         {"granted_at", time_text(status.lease->granted_at)},
                         {"expires_at", time_text(status.lease->expires_at)}};
  return document;
}

ordered_json document_of(const FarmEvent& event) {
  ordered_json document{{"number", event.number}, {"at", time_text(event.at)}};
  if (event.change.lease.value != 0) document["lease"] = event.change.lease.value;
  if (!event.change.board.empty()) document["board"] = event.change.board;
  if (event.change.kind == FarmChange::Kind::step) {
    document["step"] = to_string(event.change.step.step);
    document["outcome"] = outcome_of(event.change.step);
  }
  if (event.change.kind == FarmChange::Kind::absent) document["reason"] = event.change.reason;
  if (event.change.kind == FarmChange::Kind::ended) document["end"] = to_string(event.change.end);
  return document;
}

ordered_json document_of(const AuditEntry& entry) {
  return {{"number", entry.number}, {"at", time_text(entry.at)}, {"who", entry.who},
          {"what", entry.what},     {"subject", entry.subject},  {"outcome", entry.outcome}};
}

}  // namespace tinyhil::daemon
