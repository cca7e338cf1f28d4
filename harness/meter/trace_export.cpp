// SPDX-License-Identifier: Apache-2.0
#include "trace_export.hpp"

#include <zip.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "internal/folded_overview.hpp"
#include "internal/ppk2_frames.hpp"

namespace tinyhil::meter {
namespace {

[[noreturn]] void refuse_output(const std::filesystem::path& file, const std::string& detail) {
  throw Error(ErrorKind::output, "the recording cannot be exported: " + detail, file.string(),
              "name a file that does not exist, on a disk with room");
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

void add_number(std::string& text, double value, int digits) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.begin(), buffer.end(), value, std::chars_format::general, digits).ptr;
  text.append(buffer.data(), end);
}

// The shortest decimal that is this float and no other, in microamperes: moving its point is exact in nine
// digits.
void add_microamperes(std::string& text, float current_a) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.begin(), buffer.end(), current_a).ptr;
  double decimal = 0;
  std::from_chars(buffer.begin(), end, decimal);
  add_number(text, decimal * 1e6, std::numeric_limits<float>::max_digits10);
}

std::string csv_rows(const SampleBlock& block, double sample_s, bool lines) {
  std::string rows;
  rows.reserve(block.current_a.size() * 40);
  for (std::size_t i = 0; i < block.current_a.size(); ++i) {
    add_number(rows, static_cast<double>(block.first + i) * sample_s, 15);
    rows += ',';
    add_microamperes(rows, block.current_a[i]);
    for (unsigned line = 0; lines && line < 8; ++line) {
      rows += ',';
      rows += (block.lines[i] >> line & 1U) != 0 ? '1' : '0';
    }
    rows += '\n';
  }
  return rows;
}

// session.raw as libzip asks for it, piece by piece, twice: it looks at the size first.
class FrameSource {
 public:
  FrameSource(const TraceReader& trace, const TracePart& part) : trace_(trace), part_(part) {}

  static zip_int64_t call(void* self, void* buffer, zip_uint64_t size, zip_source_cmd_t command) {
    auto& source = *static_cast<FrameSource*>(self);
    switch (command) {
      case ZIP_SOURCE_OPEN:
        source.next_ = source.part_.first;
        source.left_ = {};
        return 0;
      case ZIP_SOURCE_READ:
        return static_cast<zip_int64_t>(source.read({static_cast<std::uint8_t*>(buffer), size}));
      case ZIP_SOURCE_STAT:
        return source.stat(static_cast<zip_stat_t*>(buffer));
      case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
      default:
        return 0;
    }
  }

 private:
  zip_int64_t stat(zip_stat_t* stat) const {
    zip_stat_init(stat);
    stat->size = (part_.last - part_.first) * kFrameBytes;
    stat->valid = ZIP_STAT_SIZE;
    return sizeof *stat;
  }

  std::size_t read(std::span<std::uint8_t> to) {
    std::size_t read = 0;
    while (read < to.size()) {
      if (left_.empty() && !fill()) break;
      const std::size_t taken = std::min(left_.size(), to.size() - read);
      std::memcpy(to.data() + read, left_.data(), taken);
      left_ = left_.subspan(taken);
      read += taken;
    }
    return read;
  }

  bool fill() {
    const std::size_t count = std::min<std::uint64_t>(kSamples, part_.last - next_);
    const std::span<float> current(current_.data(), count);
    const std::span<std::uint8_t> lines(lines_.data(), count);
    trace_.current(next_, current);
    trace_.lines(next_, lines);
    for (std::size_t i = 0; i < count; ++i) {
      const std::span<std::uint8_t, kFrameBytes> frame(frames_.data() + i * kFrameBytes, kFrameBytes);
      put_frame(frame, std::isfinite(current[i]) ? current[i] : 0, lines[i]);
    }
    next_ += count;
    left_ = {frames_.data(), count * kFrameBytes};
    return count > 0;
  }

  static constexpr std::size_t kSamples = 8'192;

  const TraceReader& trace_;
  TracePart part_;
  std::uint64_t next_ = 0;
  std::array<float, kSamples> current_{};
  std::array<std::uint8_t, kSamples> lines_{};
  std::array<std::uint8_t, kSamples * kFrameBytes> frames_{};
  std::span<const std::uint8_t> left_;
};

struct DiscardArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

using Archive = std::unique_ptr<zip_t, DiscardArchive>;

void add_member(const Archive& archive, const char* name, zip_source_t* source) {
  const bool added = source != nullptr && zip_file_add(archive.get(), name, source, 0) >= 0;
  if (!added && source != nullptr) zip_source_free(source);
  if (!added)
    throw Error(ErrorKind::output, "the recording cannot be exported", name, zip_strerror(archive.get()));
}

TracePart within(const TraceReader& trace, TracePart part) {
  part.last = std::min(part.last, trace.end());
  part.first = std::min(part.first, part.last);
  return part;
}

std::string metadata_of(const TraceReader& trace, const TracePart& part) {
  const double ahead_ms = static_cast<double>(part.first) * trace.sample_s() * 1e3;
  const std::int64_t start_ms = trace.start().start_ns / 1'000'000 + std::llround(ahead_ms);
  const nlohmann::ordered_json metadata{
      {"metadata",
       {{"samplesPerSecond", std::llround(trace.start().identity.rate_hz)}, {"startSystemTime", start_ms}}},
      {"formatVersion", 2}};
  return metadata.dump();
}

}  // namespace

void export_csv(const TraceReader& trace, const std::filesystem::path& file, const TracePart& part) {
  const std::unique_ptr<std::FILE, CloseFile> out(std::fopen(file.c_str(), "wx"));
  if (!out) refuse_output(file, std::strerror(errno));
  const bool lines = trace.has_lines();
  bool written = std::fputs(lines ? "time_s,current_uA,D0,D1,D2,D3,D4,D5,D6,D7\n" : "time_s,current_uA\n",
                            out.get()) >= 0;
  const auto [first, last] = within(trace, part);
  trace.visit(first, last, [&](const SampleBlock& block) {
    const std::string rows = csv_rows(block, trace.sample_s(), lines);
    written = written && std::fwrite(rows.data(), 1, rows.size(), out.get()) == rows.size();
  });
  if (!written || std::fflush(out.get()) != 0) refuse_output(file, std::strerror(errno));
}

void export_ppk2(const TraceReader& trace, const std::filesystem::path& file, const TracePart& wanted) {
  const double rate = trace.start().identity.rate_hz;
  if (rate != std::round(rate))
    throw Error(ErrorKind::usage, "a .ppk2 holds whole samples a second only", file.string(),
                "export it as CSV");
  int error = 0;
  Archive archive(zip_open(file.c_str(), ZIP_CREATE | ZIP_EXCL, &error));
  if (!archive) refuse_output(file, error == ZIP_ER_EXISTS ? "it exists" : "it cannot be made");
  const TracePart part = within(trace, wanted);
  const auto frames = std::make_unique<FrameSource>(trace, part);
  const std::string metadata = metadata_of(trace, part);
  const std::string overview = folded_overview(trace, part.first, part.last);
  add_member(archive, "session.raw", zip_source_function(archive.get(), FrameSource::call, frames.get()));
  add_member(archive, "metadata.json", zip_source_buffer(archive.get(), metadata.data(), metadata.size(), 0));
  add_member(archive, "minimap.raw", zip_source_buffer(archive.get(), overview.data(), overview.size(), 0));
  if (zip_close(archive.get()) != 0) refuse_output(file, zip_strerror(archive.get()));
  static_cast<void>(archive.release());
}

}  // namespace tinyhil::meter
