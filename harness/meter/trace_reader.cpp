// SPDX-License-Identifier: Apache-2.0
#include "trace_reader.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

#include "meter/internal/chunk_range.hpp"
#include "meter/internal/mapped_file.hpp"
#include "meter/internal/trace_index.hpp"

namespace tinyhil::meter {
namespace {

constexpr std::uint64_t kVisited = 4096;
constexpr std::size_t kColumnsMax = 100'000;

// [first, last) of a chunk, in samples from its first.
struct Part {
  const Chunk* chunk = nullptr;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

}  // namespace

struct TraceReader::Content {
  std::unique_ptr<MappedFile> file;
  std::vector<std::uint8_t> kept;
  std::span<const std::uint8_t> bytes;
  TraceIndex index;
  std::unique_ptr<WordReader> words;

  void open(const std::string& name) {
    index = index_trace(bytes, name);
    words = word_reader(index.start.format, index.start.identity.calibration);
  }

  // The chunk that holds sample `at`, or the first after it.
  std::size_t chunk_from(std::uint64_t at) const {
    const auto found =
        std::partition_point(index.chunks.begin(), index.chunks.end(),
                             [&](const Chunk& chunk) { return chunk.first + chunk.count <= at; });
    return static_cast<std::size_t>(found - index.chunks.begin());
  }

  template <class Visitor>
  void for_parts(std::uint64_t first, std::uint64_t last, const Visitor& visitor) const {
    for (std::size_t i = chunk_from(first); i < index.chunks.size() && index.chunks[i].first < last; ++i) {
      const Chunk& chunk = index.chunks[i];
      const std::uint64_t from = std::max(first, chunk.first), to = std::min(last, chunk.first + chunk.count);
      visitor(Part{&chunk, from - chunk.first, to - chunk.first});
    }
  }

  std::span<const std::uint8_t> words_of(const Part& part) const {
    const std::size_t word = width(index.start.format);
    return bytes.subspan(part.chunk->at + part.first * word, (part.last - part.first) * word);
  }

  // Decoded; at most kVisited samples.
  struct Decoded {
    std::array<float, kVisited> current;
    std::array<std::uint8_t, kVisited> lines;
  };

  void decode(const Part& part, Decoded& decoded) const {
    const std::size_t count = part.last - part.first;
    assert(count <= kVisited);
    const std::span<std::uint8_t> lines(decoded.lines.data(), count);
    words->read(words_of(part), {decoded.current.data(), count}, lines);
    if (meter::has_lines(index.start.format)) return;
    const ChunkLayout layout = chunk_layout(index.start.format, part.chunk->count, part.chunk->with_lines);
    if (part.chunk->with_lines)
      std::memcpy(lines.data(), bytes.data() + part.chunk->at + layout.lines + part.first, count);
    else
      std::ranges::fill(lines, std::uint8_t{0});
  }

  template <class Visitor>
  void for_decoded(const Part& part, Decoded& decoded, const Visitor& visitor) const {
    for (std::uint64_t at = part.first; at < part.last; at += kVisited) {
      const Part piece{part.chunk, at, std::min(part.last, at + kVisited)};
      decode(piece, decoded);
      visitor(piece);
    }
  }

  double sum_of_part(const Part& part) const {
    double sum = 0;
    Decoded decoded;
    for_decoded(part, decoded, [&](const Part& piece) {
      sum += sum_of({decoded.current.data(), static_cast<std::size_t>(piece.last - piece.first)});
    });
    return sum;
  }

  double value_at(const Chunk& chunk, std::uint64_t at) const { return sum_of_part({&chunk, at, at + 1}); }

  // Ampere-samples and samples from the start of the recording to `point`.
  struct Until {
    double sum = 0;
    double samples = 0;
  };

  Until until(double point, bool with_sum) const {
    if (index.chunks.empty() || point <= 0) return {};
    const double inside = std::min(point, static_cast<double>(index.end));
    const auto whole = static_cast<std::uint64_t>(inside);
    const std::size_t i = chunk_from(whole);
    const Chunk& chunk = i < index.chunks.size() ? index.chunks[i] : index.chunks.back();
    if (i == index.chunks.size())
      return {chunk.sum_before + chunk.sum, static_cast<double>(chunk.samples_before + chunk.count)};
    Until before{chunk.sum_before, static_cast<double>(chunk.samples_before)};
    if (whole < chunk.first) return before;
    const std::uint64_t in_chunk = whole - chunk.first;
    const double rest = inside - static_cast<double>(whole);
    before.samples += static_cast<double>(in_chunk) + rest;
    if (!with_sum) return before;
    before.sum += sum_within(chunk, in_chunk);
    if (rest > 0) before.sum += rest * value_at(chunk, in_chunk);
    return before;
  }

  // From the nearer end of the chunk.
  double sum_within(const Chunk& chunk, std::uint64_t count) const {
    if (count * 2 <= chunk.count) return sum_of_part({&chunk, 0, count});
    return chunk.sum - sum_of_part({&chunk, count, chunk.count});
  }

  // A column begins and ends where a summary of `unit` samples does, or at a sample.
  TraceColumn column(std::uint64_t first, std::uint64_t last, std::uint32_t unit) const {
    CurrentSummary summary;
    double sum = 0;
    std::uint64_t samples = 0;
    for_parts(first, last, [&](const Part& part) {
      const ChunkRange range = chunk_range(part.first, part.last, part.chunk->count, unit);
      if (range.first >= range.last) return;
      const bool whole = range.first == 0 && range.last == part.chunk->count;
      const CurrentSummary of_part = whole ? part.chunk->whole : summary_in(*part.chunk, range, unit);
      summary.low = std::min(summary.low, of_part.low);
      summary.high = std::max(summary.high, of_part.high);
      sum += whole ? part.chunk->sum : static_cast<double>(of_part.sum);
      samples += range.last - range.first;
    });
    if (samples == 0) return {};
    const auto covered = static_cast<double>(samples);
    return {summary.low, summary.high, sum / covered, covered};
  }

  CurrentSummary summary_in(const Chunk& chunk, const ChunkRange& range, std::uint32_t unit) const {
    if (unit == 1) {
      Decoded decoded;
      CurrentSummary summary;
      for_decoded({&chunk, range.first, range.last}, decoded, [&](const Part& piece) {
        const auto count = static_cast<std::size_t>(piece.last - piece.first);
        summary = joined(summary, summary_of({decoded.current.data(), count}));
      });
      return summary;
    }
    const ChunkLayout layout = chunk_layout(index.start.format, chunk.count, chunk.with_lines);
    return summary_of_range(bytes.subspan(chunk.at, layout.end), layout, range);
  }
};

TraceReader::TraceReader(const std::filesystem::path& file) : content_(std::make_unique<Content>()) {
  content_->file = std::make_unique<MappedFile>(file);
  content_->bytes = content_->file->bytes();
  content_->open(file.string());
}

TraceReader::TraceReader(std::vector<std::uint8_t> bytes, std::string name)
    : content_(std::make_unique<Content>()) {
  content_->kept = std::move(bytes);
  content_->bytes = content_->kept;
  content_->open(name);
}

TraceReader::TraceReader(TraceReader&&) noexcept = default;
TraceReader& TraceReader::operator=(TraceReader&&) noexcept = default;
TraceReader::~TraceReader() = default;

const TraceStart& TraceReader::start() const { return content_->index.start; }

double TraceReader::sample_s() const { return 1 / start().identity.rate_hz; }

std::uint64_t TraceReader::end() const { return content_->index.end; }

std::uint64_t TraceReader::samples() const {
  const std::vector<Chunk>& chunks = content_->index.chunks;
  return chunks.empty() ? 0 : chunks.back().samples_before + chunks.back().count;
}

std::span<const Gap> TraceReader::gaps() const { return content_->index.gaps; }

bool TraceReader::has_lines() const {
  if (meter::has_lines(start().format)) return true;
  const std::vector<Chunk>& chunks = content_->index.chunks;
  return !chunks.empty() && std::ranges::all_of(chunks, &Chunk::with_lines);
}

std::uint64_t TraceReader::unread_bytes() const {
  return content_->bytes.size() - content_->index.bytes_read;
}

double TraceReader::charge_c(double first, double last) const {
  if (!(first < last)) return 0;
  const double begin = std::max(first, 0.0);
  return (content_->until(last, true).sum - content_->until(begin, true).sum) * sample_s();
}

double TraceReader::covered(double first, double last) const {
  if (!(first < last)) return 0;
  return content_->until(last, false).samples - content_->until(std::max(first, 0.0), false).samples;
}

std::vector<TraceColumn> TraceReader::columns(double first, double last, std::size_t columns) const {
  assert(columns > 0 && columns <= kColumnsMax);
  const double end = static_cast<double>(content_->index.end);
  const double from = std::clamp(first, 0.0, end), to = std::clamp(last, from, end);
  const double length = (to - from) / static_cast<double>(columns);
  const std::uint32_t unit = summary_unit(length);
  std::vector<TraceColumn> result(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    const auto begin = static_cast<std::uint64_t>(from + length * static_cast<double>(i));
    const auto next = static_cast<std::uint64_t>(from + length * static_cast<double>(i + 1));
    result[i] = content_->column(begin, std::max(next, begin + 1), unit);
  }
  return result;
}

void TraceReader::current(std::uint64_t first, std::span<float> current_a) const {
  std::ranges::fill(current_a, std::numeric_limits<float>::quiet_NaN());
  visit(first, first + current_a.size(), [&](const SampleBlock& block) {
    std::ranges::copy(block.current_a, current_a.begin() + static_cast<std::ptrdiff_t>(block.first - first));
  });
}

void TraceReader::lines(std::uint64_t first, std::span<std::uint8_t> lines) const {
  std::ranges::fill(lines, std::uint8_t{0});
  visit(first, first + lines.size(), [&](const SampleBlock& block) {
    std::ranges::copy(block.lines, lines.begin() + static_cast<std::ptrdiff_t>(block.first - first));
  });
}

void TraceReader::visit(std::uint64_t first, std::uint64_t last,
                        const std::function<void(const SampleBlock&)>& visitor) const {
  Content::Decoded decoded;
  content_->for_parts(first, last, [&](const Part& part) {
    const bool lines = meter::has_lines(start().format) || part.chunk->with_lines;
    content_->for_decoded(part, decoded, [&](const Part& piece) {
      const auto count = static_cast<std::size_t>(piece.last - piece.first);
      visitor({.first = piece.chunk->first + piece.first,
               .words = content_->words_of(piece),
               .current_a = {decoded.current.data(), count},
               .lines = {decoded.lines.data(), lines ? count : 0}});
    });
  });
}

}  // namespace tinyhil::meter
