// SPDX-License-Identifier: Apache-2.0
#include "agent_link.hpp"

#include <algorithm>
#include <random>

#include "refusal.hpp"
#include "result_grid.hpp"

namespace tinyhil {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kHelloEach{500};
// Rounds of asking again for lost results that bring nothing new.
constexpr int kFruitlessRounds = 3;
constexpr std::size_t kChunkMax = THIL_MTU_MAX - 4;  // push_chunk carries a u32 offset

std::string string_of(thil_text text) { return {text.chars, text.size}; }

Digest digest_of(const thil_digest& digest) {
  Digest result;
  std::copy_n(digest.bytes, result.bytes.size(), result.bytes.begin());
  return result;
}

Fault malformed(const char* message, std::string evidence) {
  return Fault{FaultKind::corrupt, std::string("the device's answer is not a valid `") + message + "`",
               std::move(evidence), "build the agent from the same version as the host"};
}

DeviceIdentity identity_of(const thil_identity& from) {
  DeviceIdentity to;
  to.board.kind = string_of(from.board);
  to.board.serial = string_of(from.serial);
  to.board.engine = string_of(from.engine);
  to.board.build = string_of(from.build);
  to.board.provenance = static_cast<Provenance>(from.provenance);
  to.board.image = digest_of(from.image);
  to.board.clock = string_of(from.clock);
  to.board.clock_hz = from.clock_hz;
  to.board.timer_hz = from.timer_hz;
  to.models = {from.model_slots, from.model_slot_size};
  to.vectors = {from.vector_slots, from.vector_slot_size};
  to.arena_size = from.arena_size;
  to.loads_models = (from.capabilities & THIL_CAN_LOAD_MODELS) != 0;
  return to;
}

LoadedModel model_of(const thil_loaded& from) {
  LoadedModel to;
  to.digest = digest_of(from.model);
  to.arena_used = from.arena_used;
  to.input = {static_cast<DType>(from.input_dtype),
              from.input_rank,
              {from.input_dim0, from.input_dim1, from.input_dim2, from.input_dim3},
              from.input_scale,
              from.input_zero_point};
  to.output = {static_cast<DType>(from.output_dtype),
               from.output_rank,
               {from.output_dim0, from.output_dim1, from.output_dim2, from.output_dim3},
               from.output_scale,
               from.output_zero_point};
  return to;
}

std::uint32_t random_number() { return std::random_device{}(); }

}  // namespace

AgentLink::AgentLink(std::unique_ptr<Transport> transport, Timing timing)
    : frames_(std::move(transport)), timing_(timing) {}

asio::awaitable<Result<Frame>> AgentLink::exchange(std::uint8_t type, std::vector<std::uint8_t> payload,
                                                   Patience patience) {
  const std::uint16_t sequence = frames_.next_sequence();
  for (int attempt = 0; attempt < patience.attempts; ++attempt) {
    const auto deadline = steady_clock::now() + patience.each;
    Result<void> sent = co_await frames_.send(type, sequence, payload, deadline);
    if (!sent && sent.error().kind != FaultKind::timeout) co_return sent.error();
    while (true) {
      Result<Frame> frame = co_await frames_.receive(deadline);
      if (!frame && frame.error().kind == FaultKind::timeout) break;
      if (!frame) co_return frame.error();
      const bool ours = (frame->header.flags & THIL_FRAME_REPLY) != 0 && frame->header.ack == sequence;
      if (!ours) continue;  // a late result of an earlier run, or the answer to an earlier attempt
      if (auto refusal = unpack<thil_refused>(*frame)) co_return explain(*refusal);
      co_return frame;
    }
  }
  co_return Fault{FaultKind::timeout,
                  std::string("no answer to `") + thil_message_name(type) + "` within " +
                      std::to_string(patience.attempts * patience.each.count()) + " ms",
                  frames_.evidence(),
                  "check power, cable and port; see that the agent's image runs on the board"};
}

template <class Request>
asio::awaitable<Result<Frame>> AgentLink::request(Request message, Patience patience) {
  return exchange(Wire<Request>::kId, pack(message), patience);
}

asio::awaitable<Result<DeviceIdentity>> AgentLink::hello(milliseconds boot_limit) {
  frames_.start_session(static_cast<std::uint8_t>(1 + random_number() % UINT8_MAX));
  thil_hello hello{};
  hello.nonce = random_number();
  const Patience patience{static_cast<int>(std::max<std::int64_t>(1, boot_limit / kHelloEach)), kHelloEach};
  Result<Frame> frame = co_await request(hello, patience);
  if (!frame) co_return frame.error();
  const auto identity = unpack<thil_identity>(*frame);
  if (!identity || identity->nonce != hello.nonce) co_return malformed("identity", frames_.evidence());
  if (identity->version != THIL_WIRE_VERSION) {
    co_return Fault{FaultKind::refused,
                    "the agent speaks protocol version " + std::to_string(identity->version) +
                        ", this host " + std::to_string(THIL_WIRE_VERSION),
                    frames_.evidence(), "build the agent from the same version as the host"};
  }
  co_return identity_of(*identity);
}

asio::awaitable<Result<std::vector<Digest>>> AgentLink::inventory(SlotKind kind) {
  std::vector<Digest> digests;
  while (true) {
    thil_list list{};
    list.kind = static_cast<std::uint8_t>(kind);
    list.first = static_cast<std::uint16_t>(digests.size());
    Result<Frame> frame = co_await request(list, timing_.quick);
    if (!frame) co_return frame.error();
    const auto part = unpack<thil_inventory>(*frame);
    if (!part || part->first != digests.size() || part->digests.size % THIL_DIGEST_SIZE != 0) {
      co_return malformed("inventory", frames_.evidence());
    }
    for (std::size_t at = 0; at < part->digests.size; at += THIL_DIGEST_SIZE) {
      std::copy_n(part->digests.bytes + at, THIL_DIGEST_SIZE, digests.emplace_back().bytes.begin());
    }
    if (digests.size() >= part->slots) co_return digests;
    if (part->digests.size == 0) co_return malformed("inventory", frames_.evidence());
  }
}

asio::awaitable<Result<void>> AgentLink::push(SlotKind kind, std::uint16_t slot,
                                              std::span<const std::uint8_t> content) {
  thil_push_begin begin{};
  begin.kind = static_cast<std::uint8_t>(kind);
  begin.slot = slot;
  begin.size = static_cast<std::uint32_t>(content.size());
  std::ranges::copy(sha256(content).bytes, begin.digest.bytes);
  Result<Frame> answer = co_await request(begin, timing_.quick);
  for (std::size_t offset = 0; answer && offset < content.size(); offset += kChunkMax) {
    const auto part = content.subspan(offset, std::min(kChunkMax, content.size() - offset));
    thil_push_chunk chunk{};
    chunk.offset = static_cast<std::uint32_t>(offset);
    chunk.content = {part.data(), part.size()};
    answer = co_await request(chunk, timing_.quick);
  }
  if (!answer) co_return answer.error();
  thil_push_end end{};
  answer = co_await request(end, timing_.slow);
  if (!answer) co_return answer.error();
  co_return Result<void>();
}

asio::awaitable<Result<LoadedModel>> AgentLink::load(std::uint16_t slot) {
  thil_load load{};
  load.slot = slot;
  Result<Frame> frame = co_await request(load, timing_.slow);
  if (!frame) co_return frame.error();
  const auto loaded = unpack<thil_loaded>(*frame);
  if (!loaded || loaded->slot != slot) co_return malformed("loaded", frames_.evidence());
  co_return model_of(*loaded);
}

// A round may end in silence because the line lost the last results; the next round then finds the device
// alive.
asio::awaitable<Result<InferenceRows>> AgentLink::run(RunRequest request) {
  ResultGrid grid(request);
  std::optional<Fault> silence;
  for (int fruitless = 0; !grid.complete() && fruitless < kFruitlessRounds; ++fruitless) {
    const std::size_t missing = grid.missing();
    const RunRequest rest = grid.rest();
    Result<void> ended = co_await collect(++runs_, rest, grid);
    if (!ended && ended.error().kind != FaultKind::timeout) co_return ended.error();
    if (!ended && silence) co_return *silence;
    if (!ended) silence = ended.error();
    if (grid.missing() == missing) continue;
    fruitless = -1;
    silence.reset();
  }
  if (!grid.complete()) {
    co_return Fault{FaultKind::corrupt,
                    std::to_string(grid.missing()) + " results of a run keep getting lost",
                    frames_.evidence(), "check the cable, lower the baud rate"};
  }
  co_return grid.take();
}

asio::awaitable<Result<void>> AgentLink::collect(std::uint32_t run, RunRequest rest, ResultGrid& grid) {
  thil_run start{};
  start.run = run;
  start.model_slot = rest.model_slot;
  start.vector_slot = rest.vector_slot;
  start.first = rest.first;
  start.count = rest.count;
  start.repeats = rest.repeats;
  start.mode = THIL_RUN_MEASURE;
  Result<Frame> answer = co_await request(start, timing_.quick);
  if (!answer) co_return answer.error();
  while (!grid.complete()) {
    Result<Frame> frame = co_await frames_.receive(steady_clock::now() + rest.inference_timeout);
    if (!frame && frame.error().kind == FaultKind::timeout) {
      co_return Fault{FaultKind::timeout,
                      "no result within " + std::to_string(rest.inference_timeout.count()) + " ms; " +
                          std::to_string(grid.missing()) + " of the range are missing, the first is vector " +
                          std::to_string(grid.first_missing()),
                      frames_.evidence(), "the device hangs or is slower than `inference_timeout` allows"};
    }
    if (!frame) co_return frame.error();
    if (const auto ended = unpack<thil_run_ended>(*frame); ended && ended->run == run) break;
    const auto result = unpack<thil_result>(*frame);
    if (result && result->run == run && !grid.add(*result)) co_return malformed("result", frames_.evidence());
  }
  co_return Result<void>();
}

}  // namespace tinyhil
