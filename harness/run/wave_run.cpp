// SPDX-License-Identifier: Apache-2.0
#include "wave_run.hpp"

#include <set>

namespace tinyhil {

asio::awaitable<Result<void>> push_and_run(AgentLink& link, RunMode mode, Wave wave,
                                           std::vector<RunRequest> requests, std::vector<Digest> resident,
                                           std::uint8_t stride, RunStream::Sink sink, RunReport& report) {
  std::vector<PushBlock> missing;  // those that a request is about
  std::vector<std::size_t> needs;  // blocks that must be there before each request
  std::set<std::uint16_t> seen;
  for (const RunRequest& request : requests) {
    const std::uint16_t slot = request.vector_slot;
    const bool is_resident = slot < resident.size() && resident[slot] == wave[slot].digest;
    if (!is_resident && seen.insert(slot).second) {
      missing.push_back({SlotKind::vectors, slot, wave[slot].content, wave[slot].digest, stride});
    }
    needs.push_back(missing.size());
  }
  if (mode == RunMode::throughput) {
    co_return co_await link.stream(std::move(missing), std::move(requests), std::move(needs), std::move(sink),
                                   report);
  }
  Result<void> pushed = co_await link.push(std::move(missing));
  if (!pushed) co_return pushed;
  co_return co_await link.run(std::move(requests), std::move(sink), report);
}

}  // namespace tinyhil
