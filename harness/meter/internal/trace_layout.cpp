// SPDX-License-Identifier: Apache-2.0
#include "trace_layout.hpp"

#include <bit>
#include <boost/crc.hpp>
#include <cmath>
#include <cstring>

#include "current_summary.hpp"

namespace tinyhil::meter {
namespace {

static_assert(std::endian::native == std::endian::little, "words of a trace are read where they lie");

struct RawHead {
  RecordHead head;
  std::uint32_t check = 0;
  std::uint32_t unused = 0;
};
static_assert(sizeof(RecordHead) == 40 && sizeof(RawHead) == kRecordHeadBytes);

std::size_t padded(std::size_t bytes) { return (bytes + 3) / 4 * 4; }

std::uint32_t check_of(const RecordHead& head) {
  std::array<std::uint8_t, sizeof(RecordHead)> bytes{};
  std::memcpy(bytes.data(), &head, sizeof head);
  return crc32(bytes);
}

bool sensible(const RecordHead& head) {
  if (head.first > kTraceSamplesMax || head.count == 0 || head.count > kTraceSamplesMax - head.first)
    return false;
  if (head.tag == RecordTag::gap) return head.detail >= 1 && head.detail <= 5;
  return head.tag == RecordTag::chunk && head.count <= kChunkSamples && head.detail <= 1 &&
         std::isfinite(head.sum);
}

}  // namespace

std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::array<std::uint8_t, kRecordHeadBytes> encode(const RecordHead& head) {
  const RawHead raw{head, check_of(head)};
  std::array<std::uint8_t, kRecordHeadBytes> bytes{};
  std::memcpy(bytes.data(), &raw, sizeof raw);
  return bytes;
}

std::optional<RecordHead> decode_record(std::span<const std::uint8_t, kRecordHeadBytes> bytes) {
  RawHead raw;
  std::memcpy(&raw, bytes.data(), sizeof raw);
  if (raw.check != check_of(raw.head) || !sensible(raw.head)) return std::nullopt;
  return raw.head;
}

ChunkLayout chunk_layout(WordFormat format, std::uint64_t count, bool with_lines) {
  ChunkLayout layout;
  layout.lines = padded(count * width(format));
  std::size_t at = layout.lines + (with_lines ? padded(count) : 0);
  for (std::size_t level = 0; level < kSummarySamples.size(); ++level) {
    layout.summaries[level] = at;
    at += (count + kSummarySamples[level] - 1) / kSummarySamples[level] * sizeof(CurrentSummary);
  }
  layout.end = at;
  return layout;
}

}  // namespace tinyhil::meter
