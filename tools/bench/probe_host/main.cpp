// SPDX-License-Identifier: Apache-2.0
// bench-probe-host CAMPAIGN BENCH BOARD ROUNDS: brings the campaign's models and vectors into the slots of
// the board, as a run does, so many times. Prints one line of JSON: bytes, also those of a round on the line,
// the seconds of each round, the seconds that the board needs for a digest of a part of its firmware, and how
// the content went.
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/board_access.hpp"
#include "device/agent/agent_link.hpp"
#include "device/agent/packing.hpp"
#include "device/slot_plan.hpp"
#include "model/bench.hpp"
#include "model/campaign.hpp"
#include "model/vector_set.hpp"
#include "transport/run_to_end.hpp"

namespace {

using namespace tinyhil;
using device::AgentLink;
using device::PushBlock;
using device::SlotKind;
using std::chrono::steady_clock;

constexpr std::uint64_t kDigested = 32 * 1024;

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(describe(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

double seconds_of(const std::function<void()>& work) {
  const auto begin = steady_clock::now();
  work();
  return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

std::vector<PushBlock> model_blocks(const Campaign& campaign) {
  std::vector<PushBlock> blocks;
  for (const ModelFile& model : campaign.models) {
    const auto slot = static_cast<std::uint16_t>(blocks.size());
    blocks.push_back({SlotKind::model, slot, model.content, model.digest, 0});
  }
  return blocks;
}

// Laid out and packed as a run does it (AgentDevice::plan).
std::vector<PushBlock> vector_blocks(const VectorSet& vectors, const DeviceIdentity& device) {
  const auto waves = device::plan_slots({&vectors}, device.vectors);
  if (waves.size() != 1) throw std::runtime_error("more vectors than fit the board's slots");
  const std::uint8_t stride =
      device.unpacks ? device::choose_packing(vectors.inputs, vectors.input).stride : std::uint8_t{0};
  std::vector<PushBlock> blocks;
  for (const device::VectorBlock& block : waves[0]) {
    const auto slot = static_cast<std::uint16_t>(blocks.size());
    blocks.push_back({SlotKind::vectors, slot, block.content, block.digest, stride});
  }
  return blocks;
}

std::size_t bytes_of(const std::vector<PushBlock>& blocks) {
  std::size_t bytes = 0;
  for (const PushBlock& block : blocks) bytes += block.content.size();
  return bytes;
}

nlohmann::json measure(const Campaign& campaign, const Board& board, int rounds) {
  const VectorSet vectors = load_vector_set(campaign.vectors);
  asio::io_context io(1);
  AgentLink link(bench::board_access(board)->open(io.get_executor()));
  const auto await = [&io](auto task) { return need(transport::run_to_end(io, std::move(task))); };
  const DeviceIdentity identity = await(link.hello());
  await(link.climb());
  const std::vector<PushBlock> models = model_blocks(campaign), blocks = vector_blocks(vectors, identity);
  const auto digested = static_cast<std::uint32_t>(std::min(kDigested, identity.image.size));
  nlohmann::json result{{"board", board.name},
                        {"line", link.describe()},
                        {"places", link.places()},
                        {"model_bytes", bytes_of(models)},
                        {"vector_bytes", bytes_of(blocks)},
                        {"vector_slots", blocks.size()},
                        {"digested_bytes", digested}};
  const std::uint64_t before = link.counters().bytes_out;
  for (int round = 0; round < rounds; ++round) {
    result["digest_s"].push_back(seconds_of([&] { await(link.segment(0, digested)); }));
    result["models_s"].push_back(seconds_of([&] { await(link.push(models)); }));
    result["vectors_s"].push_back(seconds_of([&] { await(link.push(blocks)); }));
  }
  result["bytes_on_line"] = (link.counters().bytes_out - before) / static_cast<unsigned>(rounds);
  result["detours"] = link.detours();
  return result;
}

}  // namespace

int main(int count, char** arguments) try {
  std::signal(SIGPIPE, SIG_IGN);
  if (count != 5) throw std::runtime_error("see main.cpp");
  const Campaign campaign = load_campaign(arguments[1]);
  const Bench bench = load_bench(arguments[2]);
  const nlohmann::json result = measure(campaign, bench.board(arguments[3]), std::atoi(arguments[4]));
  std::printf("%s\n", result.dump().c_str());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-probe-host: %s\n", error.what());
  return 1;
}
