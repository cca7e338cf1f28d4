// SPDX-License-Identifier: Apache-2.0
// Any bytes as a recording: an Error, or a recording that every reader can look at. The first byte says where
// they go: as the whole file; as the head's JSON; as records behind a good head, with check sums made good.
#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/error.hpp"
#include "meter/internal/trace_identity.hpp"
#include "meter/internal/trace_layout.hpp"
#include "meter/trace_reader.hpp"
#include "meter/window_charge.hpp"

namespace {

using namespace tinyhil::meter;
using Bytes = std::vector<std::uint8_t>;

void append(Bytes& bytes, const void* from, std::size_t size) {
  const auto* const begin = static_cast<const std::uint8_t*>(from);
  bytes.insert(bytes.end(), begin, begin + size);
}

Bytes with_head(const std::string& json, std::span<const std::uint8_t> records) {
  Bytes bytes(kTraceMagic.begin(), kTraceMagic.end());
  const auto size = static_cast<std::uint32_t>(json.size());
  append(bytes, &kTraceVersion, 4);
  append(bytes, &size, 4);
  append(bytes, json.data(), json.size());
  const std::uint32_t check = crc32({reinterpret_cast<const std::uint8_t*>(json.data()), json.size()});
  append(bytes, &check, 4);
  append(bytes, records.data(), records.size());
  return bytes;
}

// Check sums of all record heads that follow each other.
void seal(std::span<std::uint8_t> records, WordFormat format) {
  while (records.size() >= kRecordHeadBytes) {
    const std::uint32_t check = crc32(records.first(40));
    std::memcpy(records.data() + 40, &check, 4);
    const auto head = decode_record(records.first<kRecordHeadBytes>());
    if (!head) return;
    const bool chunk = head->tag == RecordTag::chunk;
    const std::size_t size =
        kRecordHeadBytes + (chunk ? chunk_layout(format, head->count, head->detail == 1).end : 0);
    if (size > records.size()) return;
    records = records.subspan(size);
  }
}

std::string padded_json(WordFormat format) {
  TraceStart start{.identity = {}, .format = format, .start_ns = 0};
  start.identity.rate_hz = 1e5;
  start.identity.ranges.resize(2);
  std::string json = to_json(start);
  json.append((4 - json.size() % 4) % 4, ' ');
  return json;
}

void look_at(Bytes bytes) {
  const TraceReader trace(std::move(bytes), "fuzz");
  const auto end = static_cast<double>(trace.end());
  assert(trace.covered(0, end) == static_cast<double>(trace.samples()));
  assert(!std::isnan(trace.charge_c(end / 3, end * 2 / 3)));
  for (const std::size_t columns : {1UL, 7UL, 300UL})
    assert(trace.columns(end / 5, end, columns).size() == columns);
  std::vector<float> current(100);
  trace.current(trace.end() / 2, current);
  const TriggerEdges edges = trigger_edges(trace, 0);
  const DeviceWindow window{.length_s = 1};
  align(edges, {&window, 1}, {.sample_s = trace.sample_s()});
  if (trace.end() > 0) measured_window(trace, {.first = 0, .last = end}, 3);
  if (trace.end() > 0 && trace.end() < 1'000'000) {
    const std::uint32_t ends[] = {5, 9};
    window_layers(trace, {.first = 0, .last = end}, 4, {ends, 1e6});
  }
}

void look_at_any(std::uint8_t way, Bytes bytes) {
  if (way % 4 == 0) return look_at(std::move(bytes));
  if (way % 4 == 1) {
    parse_trace_start({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, "fuzz");
    return;
  }
  const WordFormat format = way % 4 == 2 ? WordFormat::amperes_f32 : WordFormat::lpm01a_u16;
  seal(bytes, format);
  look_at(with_head(padded_json(format), bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  try {
    look_at_any(bytes[0], {bytes + 1, bytes + size});
  } catch (const tinyhil::Error&) {
  }
  return 0;
}
