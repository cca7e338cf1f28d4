// SPDX-License-Identifier: Apache-2.0
// One wave of vectors through the models of a device: what its slots lack is pushed, then it runs.
#pragma once

#include <vector>

#include "link/agent_link.hpp"
#include "slot_plan.hpp"

namespace tinyhil {

// `requests` name slots of the wave; `resident` is what those slots hold; `stride` is how vectors are packed
// for the line (packing.hpp). In throughput mode transfer and inference overlap. The wave's content outlives
// the call. `report` says how far it came.
asio::awaitable<Result<void>> push_and_run(AgentLink& link, RunMode mode, Wave wave,
                                           std::vector<RunRequest> requests, std::vector<Digest> resident,
                                           std::uint8_t stride, RunStream::Sink sink, RunReport& report);

}  // namespace tinyhil
