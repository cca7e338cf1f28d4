// SPDX-License-Identifier: Apache-2.0
// The facts that stand for what a RunStore is told of a run, so that every backend keeps and chains the same.
// Bytes are lent by the nouns, which outlive the facts.
#pragma once

#include <cstdint>
#include <vector>

#include "fact_clock.hpp"
#include "model/run_record.hpp"
#include "store/fact.hpp"
#include "store/run_store.hpp"

namespace tinyhil::store {

// begin_run() adds the first, which gives the run its number, and then the others in their order: the models,
// whose earlier runs the backend has counted, the rules of sampling, the seed of the order, and the attempts
// that failed.
Fact fact_of_run(const RunRecord& run);
std::vector<Fact> facts_beside_run(const RunRecord& run);  // run.id is known

Fact fact_of_verdict(std::int64_t run, const RunVerdict& verdict);
Fact fact_of_failed_attempt(std::int64_t run, const FailedAttempt& attempt);
Fact fact_of_run_end(std::int64_t run, FactTime ended_at);

}  // namespace tinyhil::store
