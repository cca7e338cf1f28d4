// SPDX-License-Identifier: Apache-2.0
// How a recording lies in its file, all little-endian, records at multiples of 4 bytes:
//
//   header   "TINYHILT", u32 version, u32 n, n bytes JSON (trace_identity.hpp; blanks at its end), u32 CRC-32
//   record   a RecordHead of 48 bytes, then, of a chunk, its words, its lines where they are not in the
//            words (each padded to 4 bytes), and summaries of 16, 256 and 4,096 samples
//
// A chunk has no gap in it. A record that is cut off, or whose head makes no sense, ends the recording.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "meter/internal/sample_words.hpp"

namespace tinyhil::meter {

constexpr std::string_view kTraceMagic = "TINYHILT";
constexpr std::uint32_t kTraceVersion = 1;
constexpr std::uint32_t kTraceJsonMax = 1 << 20;
constexpr std::size_t kTraceHeadBytes = 16;
constexpr std::uint32_t kChunkSamples = 65'536;
constexpr std::uint64_t kTraceSamplesMax = std::uint64_t{1} << 52;  // a double holds them and halves

constexpr std::array<std::uint32_t, 3> kSummarySamples{16, 256, 4096};

enum class RecordTag : std::uint32_t { chunk = 0x4B4E4843, gap = 0x20504147 };  // "CHNK", "GAP "

struct RecordHead {
  RecordTag tag{};
  std::uint32_t detail = 0;  // of a chunk 1: lines follow the words; of a gap its cause
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  double sum = 0;  // of a chunk's current, ampere-samples
  float low = 0;
  float high = 0;
};

constexpr std::size_t kRecordHeadBytes = 48;

std::array<std::uint8_t, kRecordHeadBytes> encode(const RecordHead& head);
// Nothing where the check sum differs or a value is none that a writer writes.
std::optional<RecordHead> decode_record(std::span<const std::uint8_t, kRecordHeadBytes> bytes);

std::uint32_t crc32(std::span<const std::uint8_t> bytes);

// Where the parts of a chunk lie behind its head.
struct ChunkLayout {
  std::size_t lines = 0;                   // equal to summaries[0] where there are none
  std::array<std::size_t, 3> summaries{};  // of kSummarySamples
  std::size_t end = 0;
};

ChunkLayout chunk_layout(WordFormat format, std::uint64_t count, bool with_lines);

}  // namespace tinyhil::meter
