// SPDX-License-Identifier: Apache-2.0
// On which boards a campaign runs, and under which record of the store.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "campaign/internal/settle_order.hpp"
#include "inputs.hpp"
#include "mistakes.hpp"
#include "model/bench.hpp"
#include "store/run_store.hpp"

namespace tinyhil::campaign {

// Named ones in this order; the bench's first when none is named. Throws Error(usage) for one that is not
// there or is named twice.
std::vector<const Board*> choose_boards(const Bench& bench, const std::vector<std::string>& names);

// The seed of the order in which these vectors are drawn, where the policy or an earlier run of the store has
// one; nothing: choose_run() draws one. Throws as choose_run(), for a run that is to begin.
std::optional<KnownSeed> known_seed(const Inputs& inputs, store::RunStore& store);

// The user of this process and the commit of the campaign's folder: of who asks for the run, wherever it
// runs.
void state_who_begins(RunRecord& run, const Campaign& campaign);

enum class Begin { anew, where_it_stopped };

// A new run at this place, of id 0 until its first trial begins (execution.hpp), its order drawn when the
// store knows its models; or, to go on where it stopped, the campaign's unfinished one if there is one.
// Throws Error(usage) when that one was divided among other boards, and as settle_order() does.
RunRecord choose_run(const Inputs& inputs, const Place& place, store::RunStore& store, Begin begin);

}  // namespace tinyhil::campaign
