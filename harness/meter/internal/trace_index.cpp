// SPDX-License-Identifier: Apache-2.0
#include "trace_index.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "trace_identity.hpp"

namespace tinyhil::meter {
namespace {

constexpr std::size_t kRecordsMax = 16'000'000;

std::uint32_t u32_at(std::span<const std::uint8_t> file, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, file.data() + at, sizeof value);
  return value;
}

[[noreturn]] void refuse_recording(const std::string& what, const std::string& name) {
  throw Error(ErrorKind::usage, what, name, "name a file that tinyhil recorded, or import it first");
}

// Returns the head's size.
std::size_t read_header(std::span<const std::uint8_t> file, const std::string& name, TraceStart& start) {
  const bool ours =
      file.size() >= kTraceHeadBytes && std::memcmp(file.data(), kTraceMagic.data(), kTraceMagic.size()) == 0;
  if (!ours) refuse_recording("this is no recording of a meter", name);
  const std::uint32_t version = u32_at(file, 8);
  if (version != kTraceVersion)
    throw Error(ErrorKind::usage, "the recording has version " + std::to_string(version), name,
                "read it with the version of tinyhil that recorded it");
  const std::uint32_t size = u32_at(file, 12);
  if (size > kTraceJsonMax || size % 4 != 0 || file.size() - kTraceHeadBytes < std::size_t{size} + 4)
    refuse_recording("the head of the recording is cut off", name);
  const std::span<const std::uint8_t> json = file.subspan(kTraceHeadBytes, size);
  if (crc32(json) != u32_at(file, kTraceHeadBytes + size))
    refuse_recording("the head of the recording is damaged", name);
  start = parse_trace_start({reinterpret_cast<const char*>(json.data()), json.size()}, name);
  return kTraceHeadBytes + size + 4;
}

void add_gap(TraceIndex& index, const Gap& gap) {
  index.gaps.push_back(gap);
  index.end = gap.first + gap.count;
}

void add_chunk(TraceIndex& index, const RecordHead& head, std::size_t at) {
  Chunk chunk;
  chunk.first = head.first;
  chunk.count = head.count;
  chunk.sum = head.sum;
  chunk.at = at;
  chunk.whole = {head.low, head.high, static_cast<float>(head.sum)};
  chunk.with_lines = head.detail == 1;
  if (!index.chunks.empty()) {
    const Chunk& last = index.chunks.back();
    chunk.samples_before = last.samples_before + last.count;
    chunk.sum_before = last.sum_before + last.sum;
  }
  index.chunks.push_back(chunk);
  index.end = head.first + head.count;
}

// Returns the size of the record at the front; 0 where the recording ends.
std::size_t read_record(TraceIndex& index, std::span<const std::uint8_t> rest, std::size_t at) {
  if (rest.size() < kRecordHeadBytes) return 0;
  const std::optional<RecordHead> head = decode_record(rest.first<kRecordHeadBytes>());
  if (!head || head->first < index.end) return 0;
  if (head->tag == RecordTag::gap) {
    add_gap(index, {head->first, head->count, static_cast<GapCause>(head->detail)});
    return kRecordHeadBytes;
  }
  const ChunkLayout layout = chunk_layout(index.start.format, head->count, head->detail == 1);
  if (rest.size() - kRecordHeadBytes < layout.end) return 0;
  if (head->first > index.end) add_gap(index, {index.end, head->first - index.end, GapCause::corrupted});
  add_chunk(index, *head, at + kRecordHeadBytes);
  return kRecordHeadBytes + layout.end;
}

}  // namespace

TraceIndex index_trace(std::span<const std::uint8_t> file, const std::string& name) {
  TraceIndex index;
  index.bytes_read = read_header(file, name, index.start);
  while (index.chunks.size() + index.gaps.size() < kRecordsMax) {
    const std::size_t size = read_record(index, file.subspan(index.bytes_read), index.bytes_read);
    if (size == 0) break;
    index.bytes_read += size;
  }
  return index;
}

}  // namespace tinyhil::meter
