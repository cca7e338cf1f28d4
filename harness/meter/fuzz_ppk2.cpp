// SPDX-License-Identifier: Apache-2.0
// Any bytes as what a PPK2 says of itself, and as its samples, in fragments: samples and gaps follow each
// other without holes, and nothing grows with the stream.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "meter/internal/ppk2_dump.hpp"
#include "meter/internal/ppk2_metadata.hpp"
#include "meter/ppk2_recording.hpp"

namespace {

using namespace tinyhil::meter;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Numbered : SampleSink {
  void samples(const SampleBlock& block) override {
    require(block.first == next && !block.current_a.empty());
    require(block.words.size() == 4 * block.current_a.size());
    next += block.current_a.size();
    words += block.words.size();
  }
  void gap(const Gap& gap) override {
    require(gap.first == next && gap.count > 0);
    next += gap.count;
  }

  std::uint64_t next = 0;
  std::uint64_t words = 0;
};

void read_metadata(std::string_view text) {
  const auto metadata = parse_ppk2_metadata(text);
  if (!metadata) return;
  require(metadata->text.size() <= 2 * kPpk2MetadataMax);
  require(parse_ppk2_metadata(with_vdd(*metadata, 3300)).has_value());
}

void read_samples(std::span<const std::uint8_t> bytes, bool clocked, std::size_t fragment) {
  static const auto reader = word_reader(WordFormat::ppk2_u32, kPpk2Dump);
  Numbered sink;
  Ppk2Recording recording(sink, *reader, clocked);
  std::chrono::milliseconds now{0};
  const std::size_t size = bytes.size();
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(fragment, bytes.size()));
    recording.push(part, now += std::chrono::milliseconds(part.front()));
    bytes = bytes.subspan(part.size());
  }
  recording.finish();
  require(sink.words <= size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  read_metadata({reinterpret_cast<const char*>(bytes), size});
  read_samples({bytes + 2, size - 2}, (bytes[0] & 1) != 0, bytes[1] + std::size_t{1});
  return 0;
}
