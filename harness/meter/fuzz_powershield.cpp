// SPDX-License-Identifier: Apache-2.0
// Any bytes from one of ST's meters, as text or binary, in fragments of any size: every sample is either
// handed on or counted as lost, in order.
#include <algorithm>
#include <cstdlib>

#include "internal/powershield_recording.hpp"

namespace {

using namespace tinyhil::meter;

struct InOrder : SampleSink {
  void samples(const SampleBlock& block) override {
    if (block.first != next || block.words.size() != block.current_a.size() * word_size) std::abort();
    next += block.current_a.size();
  }
  void gap(const Gap& gap) override {
    if (gap.first != next || gap.count == 0) std::abort();
    next += gap.count;
  }
  std::uint64_t next = 0;
  std::size_t word_size = 4;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 3) return 0;
  const bool is_binary = (bytes[0] & 1) != 0;
  const PowershieldDialect& dialect = (bytes[0] & 2) != 0 ? stlink_v3pwr_dialect() : lpm01a_dialect();
  const std::size_t fragment = bytes[1] + 1U;
  InOrder sink;
  sink.word_size = is_binary ? 2 : 4;
  const WordFormat format = is_binary ? WordFormat::lpm01a_u16 : WordFormat::amperes_f32;
  PowershieldRecording recording(sink, {10, format, (bytes[0] & 4) != 0, (bytes[0] & 8) != 0});
  PowershieldStream stream(dialect, recording);
  if (is_binary) {
    constexpr std::uint8_t kStarted[] = {'a', 'c', 'k', ' ', 's', 't', 'a', 'r', 't', '\n'};
    stream.expect_binary();
    stream.feed(kStarted);
  }
  std::span<const std::uint8_t> rest(bytes + 2, size - 2);
  while (!rest.empty()) {
    const std::size_t part = std::min(fragment, rest.size());
    stream.feed(rest.first(part));
    recording.pause();
    rest = rest.subspan(part);
  }
  recording.finish();
  return 0;
}
