// SPDX-License-Identifier: Apache-2.0
#include "problem.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/visible.hpp"
#include "internal/status.hpp"

namespace tinyhil::daemon {

namespace {

struct KindOfProblem {
  ErrorKind kind;
  const char* name;
  const char* title;
  int status;
};

constexpr std::array kKinds{
    KindOfProblem{ErrorKind::usage, "usage", "Not what can be asked", 400},
    KindOfProblem{ErrorKind::bench_fault, "bench_fault", "Bench fault", 503},
    KindOfProblem{ErrorKind::wrong_image, "wrong_image", "Wrong firmware image", 422},
    KindOfProblem{ErrorKind::no_lease, "no_lease", "No lease", 409},
    KindOfProblem{ErrorKind::lease_lost, "lease_lost", "Lease lost", 410},
    KindOfProblem{ErrorKind::queue_full, "queue_full", "Queue full", 429},
    KindOfProblem{ErrorKind::not_found, "not_found", "Not there", 404},
    KindOfProblem{ErrorKind::not_allowed, "not_allowed", "Not allowed", 403},
    KindOfProblem{ErrorKind::output, "output", "Not written", 507},
    KindOfProblem{ErrorKind::broken_evidence, "broken_evidence", "Broken evidence", 422},
    KindOfProblem{ErrorKind::not_run_yet, "not_run_yet", "Not run yet", 409},
    KindOfProblem{ErrorKind::time_limit, "time_limit", "Time limit", 504},
    KindOfProblem{ErrorKind::hung_up, "hung_up", "Hung up", 503},
    KindOfProblem{ErrorKind::interrupted, "interrupted", "Interrupted", 503},
};

constexpr const char* kRetryAfterS = "5";

// By itself: a database is unlocked, a queue gets shorter, somebody frees space.
bool may_pass(int status) { return status == 503 || status == 507 || status == 429; }

constexpr std::string_view kTypePrefix = "urn:tinyhil:problem:";

std::string cut(const std::string& text) {
  constexpr std::size_t kMost = 1000;
  const std::string_view head = std::string_view(text).substr(0, kMost);
  return text.size() <= kMost ? visible(text) : visible(head.substr(0, whole_characters(head))) + "...";
}

struct Sentences {
  std::string what;
  std::string where;
  std::string remedy;
};

Reply document(int status, const std::string& type, const std::string& title, const Sentences& said) {
  const Sentences shown{cut(said.what), cut(said.where), cut(said.remedy)};
  const nlohmann::json fields = {{"type", type},          {"title", title},
                                 {"status", status},      {"detail", shown.what + " (" + shown.where + ")"},
                                 {"what", shown.what},    {"where", shown.where},
                                 {"remedy", shown.remedy}};
  Reply reply;
  reply.status = status;
  reply.content_type = "application/problem+json";
  reply.body = fields.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return reply;
}

ErrorKind kind_of(int status, const std::string& type) {
  for (const KindOfProblem& entry : kKinds) {
    if (type == std::string(kTypePrefix) + entry.name) return entry.kind;
  }
  const bool try_again = status >= 500 || status == 408 || status == 429;
  return try_again ? ErrorKind::bench_fault : ErrorKind::usage;
}

std::string text_of(const nlohmann::json& fields, const char* name, const std::string& otherwise) {
  const auto field = fields.find(name);
  return field != fields.end() && field->is_string() ? cut(field->get<std::string>()) : otherwise;
}

}  // namespace

Reply problem(int status, const std::string& what, const std::string& where, const std::string& remedy) {
  return document(status, "about:blank", std::string(reason_phrase(status)), {what, where, remedy});
}

Reply problem(const Error& error) {
  for (const KindOfProblem& entry : kKinds) {
    if (entry.kind != error.kind()) continue;
    Reply reply = document(entry.status, std::string(kTypePrefix) + entry.name, entry.title,
                           {error.what(), error.where(), error.remedy()});
    if (may_pass(entry.status)) reply.headers.push_back({"Retry-After", kRetryAfterS});
    return reply;
  }
  return problem(500, error.what(), error.where(), error.remedy());
}

Refused refused(const Reply& reply, const std::string& from) {
  const std::string status = std::to_string(reply.status);
  const nlohmann::json parsed = nlohmann::json::parse(reply.body, nullptr, false);
  const nlohmann::json fields = parsed.is_object() ? parsed : nlohmann::json::object();
  const Error problem(
      kind_of(reply.status, text_of(fields, "type", "")),
      text_of(fields, "what", "the daemon refused with status " + status + " and said no more"),
      text_of(fields, "where", from),
      text_of(fields, "remedy", "see the daemon's log; is it the daemon of this version of tinyhil?"));
  return {reply.status, problem};
}

}  // namespace tinyhil::daemon
