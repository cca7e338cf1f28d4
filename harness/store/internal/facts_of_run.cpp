// SPDX-License-Identifier: Apache-2.0
#include "facts_of_run.hpp"

#include <string>

#include "codes.hpp"
#include "name_list.hpp"
#include "store/fact_kinds.hpp"

namespace tinyhil::store {
namespace {

Fact fact_of_model(const RunRecord& run, const ModelOfRun& model) {
  return Fact(fact_kind("run_model"))
      .set("run", run.id)
      .set("name", model.name)
      .set("candidate", fact_number(model.is_candidate ? 1 : 0))
      .set("digest", fact_bytes(model.digest))
      .set("vectors", fact_bytes(run.vectors_digest))
      .set("earlier", fact_number(model.earlier))
      .set("earlier_ended", join(model.earlier_ended, '\n'));
}

Fact fact_of_sampling(std::int64_t run, const RunSampling& sampling) {
  Fact fact(fact_kind("run_sampling"));
  fact.set("run", run)
      .set("draw_order", std::string(code_of(sampling.order)))
      .set("stop", std::string(code_of(sampling.stop)))
      .set("claim", std::string(code_of(sampling.claim)))
      .set("min_vectors", fact_number(sampling.min_vectors))
      .set("chosen", fact_number(sampling.chosen))
      .set("host_outputs", join(sampling.host_outputs, '\n'));
  if (sampling.max_vectors) fact.set("max_vectors", fact_number(*sampling.max_vectors));
  if (sampling.discordance) fact.set("discordance", *sampling.discordance);
  return fact;
}

Fact fact_of_order(const RunRecord& run) {
  return Fact(fact_kind("run_order"))
      .set("run", run.id)
      .set("seed", fact_number(run.order_seed))
      .set("origin", to_string(run.seed_origin));
}

}  // namespace

Fact fact_of_run(const RunRecord& run) {
  Fact fact(fact_kind("run"));
  fact.set("campaign", run.campaign)
      .set("campaign_file", run.campaign_file)
      .set("campaign_digest", fact_bytes(run.campaign_digest))
      .set("bench", run.bench)
      .set("policy_digest", fact_bytes(run.policy_digest))
      .set("started_at", run.started_at)
      .set("host", run.host)
      .set("version", run.version);
  if (!run.boards.empty()) fact.set("boards", join(run.boards, ','));
  if (!run.machine.empty()) fact.set("machine", run.machine);
  if (!run.user.empty()) fact.set("user_name", run.user);
  if (!run.commit.empty()) fact.set("git_commit", run.commit);
  return fact;
}

std::vector<Fact> facts_beside_run(const RunRecord& run) {
  std::vector<Fact> facts;
  for (const ModelOfRun& model : run.models) facts.push_back(fact_of_model(run, model));
  if (run.sampling) facts.push_back(fact_of_sampling(run.id, *run.sampling));
  if (run.seed_origin != SeedOrigin::unstated) facts.push_back(fact_of_order(run));
  for (const FailedAttempt& attempt : run.failed_attempts)
    facts.push_back(fact_of_failed_attempt(run.id, attempt));
  return facts;
}

Fact fact_of_verdict(std::int64_t run, const RunVerdict& verdict) {
  return Fact(fact_kind("run_verdict"))
      .set("run", run)
      .set("model_name", verdict.model)
      .set("policy_digest", fact_bytes(verdict.policy_digest))
      .set("outcome", verdict.outcome)
      .set("judged_at", verdict.judged_at);
}

Fact fact_of_failed_attempt(std::int64_t run, const FailedAttempt& attempt) {
  return Fact(fact_kind("failed_attempt"))
      .set("run", run)
      .set("boards", join(attempt.boards, ','))
      .set("failure_class", attempt.failure_class)
      .set("what", attempt.what);
}

Fact fact_of_run_end(std::int64_t run, FactTime ended_at) {
  return Fact(fact_kind("run_end")).set("run", run).set("ended_at", to_text(ended_at));
}

}  // namespace tinyhil::store
