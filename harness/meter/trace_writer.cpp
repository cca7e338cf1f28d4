// SPDX-License-Identifier: Apache-2.0
#include "trace_writer.hpp"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "meter/internal/chunk_summaries.hpp"
#include "meter/internal/trace_identity.hpp"
#include "meter/internal/trace_layout.hpp"

namespace tinyhil::meter {

// The chunk that is being filled.
struct TraceWriter::Pending {
  WordFormat format{};
  std::uint64_t first = 0;
  std::size_t count = 0;
  bool with_lines = false;
  std::vector<std::uint8_t> words, lines;
  ChunkSummaries summaries;

  explicit Pending(WordFormat word_format)
      : format(word_format), words(kChunkSamples * width(word_format)), lines(kChunkSamples) {}
};

namespace {

constexpr std::size_t kParts = 4;  // of a chunk: its head, words, lines and summaries

std::string header_of(const TraceStart& start) {
  std::string json = to_json(start);
  json.append((4 - json.size() % 4) % 4, ' ');
  const auto size = static_cast<std::uint32_t>(json.size());
  const std::uint32_t check = crc32({reinterpret_cast<const std::uint8_t*>(json.data()), json.size()});
  std::string header(kTraceMagic);
  header.append(reinterpret_cast<const char*>(&kTraceVersion), 4);
  header.append(reinterpret_cast<const char*>(&size), 4);
  header += json;
  header.append(reinterpret_cast<const char*>(&check), 4);
  return header;
}

// What is left after so many bytes.
std::span<iovec> behind(std::span<iovec> parts, std::size_t written) {
  while (!parts.empty() && written >= parts[0].iov_len) {
    written -= parts[0].iov_len;
    parts = parts.subspan(1);
  }
  if (parts.empty()) return parts;
  parts[0].iov_base = static_cast<std::byte*>(parts[0].iov_base) + written;
  parts[0].iov_len -= written;
  return parts;
}

}  // namespace

TraceWriter::TraceWriter(const std::filesystem::path& file, const TraceStart& start)
    : name_(file.string()), pending_(std::make_unique<Pending>(start.format)) {
  const std::string header = header_of(start);
  if (header.size() > kTraceJsonMax)
    throw Error(ErrorKind::output, "the meter says more of itself than a recording holds", name_,
                "shorten its calibration text");
  file_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (file_ < 0)
    throw Error(ErrorKind::output, std::string("the recording cannot be made: ") + std::strerror(errno),
                name_, "name a file that does not exist, in a folder that can be written to");
  write({std::as_bytes(std::span(header))});
}

TraceWriter::~TraceWriter() {
  if (file_ >= 0) ::close(file_);
}

std::uint64_t TraceWriter::end() const { return end_; }

void TraceWriter::samples(const SampleBlock& block) {
  const std::size_t count = block.current_a.size();
  assert(block.words.size() == count * width(pending_->format));
  if (block.first > end_) gap({end_, block.first - end_, GapCause::corrupted});
  std::size_t from = std::min<std::uint64_t>(end_ - block.first, count);
  while (from < count) {
    const bool lines = !block.lines.empty() && !has_lines(pending_->format);
    if (pending_->count > 0 && pending_->with_lines != lines) write_chunk();
    if (pending_->count == 0) pending_->with_lines = lines;
    const std::size_t taken = std::min<std::size_t>(count - from, kChunkSamples - pending_->count);
    append(block, from, taken);
    from += taken;
    if (pending_->count == kChunkSamples) write_chunk();
  }
}

void TraceWriter::append(const SampleBlock& block, std::size_t from, std::size_t count) {
  Pending& chunk = *pending_;
  if (chunk.count == 0) chunk.first = end_;
  const std::size_t word = width(chunk.format);
  std::memcpy(chunk.words.data() + chunk.count * word, block.words.data() + from * word, count * word);
  chunk.summaries.add(block.current_a.subspan(from, count));
  if (chunk.with_lines) std::memcpy(chunk.lines.data() + chunk.count, block.lines.data() + from, count);
  chunk.count += count;
  end_ += count;
}

void TraceWriter::gap(const Gap& gap) {
  if (gap.first + gap.count <= end_) return;
  write_chunk();
  const std::uint64_t count = gap.first + gap.count - end_;
  const auto head = encode({RecordTag::gap, static_cast<std::uint32_t>(gap.cause), end_, count, 0, 0, 0});
  write({std::as_bytes(std::span(head))});
  end_ += count;
}

void TraceWriter::write_chunk() {
  Pending& chunk = *pending_;
  if (chunk.count == 0) return;
  const ChunkLayout layout = chunk_layout(chunk.format, chunk.count, chunk.with_lines);
  const ChunkSummaries::Chunk summaries = chunk.summaries.finish();
  const auto head = encode({RecordTag::chunk, chunk.with_lines ? 1U : 0U, chunk.first, chunk.count,
                            summaries.sum, summaries.whole.low, summaries.whole.high});
  const std::size_t words = chunk.count * width(chunk.format);
  std::fill_n(chunk.words.begin() + static_cast<std::ptrdiff_t>(words), layout.lines - words, 0);
  const std::size_t lines = layout.summaries[0] - layout.lines;
  std::fill_n(chunk.lines.begin() + static_cast<std::ptrdiff_t>(std::min(chunk.count, lines)),
              lines - std::min(chunk.count, lines), 0);
  write({std::as_bytes(std::span(head)), std::as_bytes(std::span(chunk.words)).first(layout.lines),
         std::as_bytes(std::span(chunk.lines)).first(lines), std::as_bytes(summaries.levels)});
  chunk.count = 0;
}

// In one call to the system, unless that takes less.
void TraceWriter::write(std::initializer_list<std::span<const std::byte>> parts) {
  std::array<iovec, kParts> left{};
  assert(parts.size() <= left.size());
  std::ranges::transform(parts, left.begin(), [](std::span<const std::byte> part) {
    return iovec{const_cast<std::byte*>(part.data()), part.size()};  // it is only read
  });
  std::span<iovec> rest = std::span(left).first(parts.size());
  while (!rest.empty() && error_ == 0) {
    const ssize_t size = ::writev(file_, rest.data(), static_cast<int>(rest.size()));
    if (size < 0 && errno != EINTR) error_ = errno;
    if (size >= 0) rest = behind(rest, static_cast<std::size_t>(size));
  }
}

void TraceWriter::check() const {
  if (error_ != 0)
    throw Error(ErrorKind::output, std::string("the recording cannot be written: ") + std::strerror(error_),
                name_, "make room on the disk; what was recorded before can be read");
}

void TraceWriter::flush() {
  write_chunk();
  check();
}

void TraceWriter::finish() {
  flush();
  if (file_ >= 0 && ::close(std::exchange(file_, -1)) != 0) error_ = errno;
  check();
}

}  // namespace tinyhil::meter
