// SPDX-License-Identifier: Apache-2.0
#include "trace_import.hpp"

#include <zip.h>

#include <array>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "internal/csv_samples.hpp"
#include "internal/ppk2_frames.hpp"
#include "meter/trace_writer.hpp"

namespace tinyhil::meter {
namespace {

constexpr std::uint64_t kImportedMax = std::uint64_t{4} << 30;
constexpr std::uint64_t kJsonMax = 1 << 16;
constexpr double kRateMax = 1e9;

[[noreturn]] void refuse_import(const std::filesystem::path& file, const std::string& detail) {
  throw Error(ErrorKind::usage, "the recording cannot be imported: " + detail, file.string(),
              "export it again as .ppk2 or CSV with the program that recorded it");
}

struct DiscardZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

struct CloseMember {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};

class Ppk2Archive {
 public:
  explicit Ppk2Archive(const std::filesystem::path& file) : name_(file) {
    int error = 0;
    archive_.reset(zip_open(file.c_str(), ZIP_RDONLY, &error));
    if (!archive_) refuse_import(file, "it is no ZIP archive");
  }

  std::uint64_t size_of(const char* member, std::uint64_t size_max) const {
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat(archive_.get(), member, 0, &stat) != 0 || (stat.valid & ZIP_STAT_SIZE) == 0)
      refuse_import(name_, std::string(member) + " is missing");
    if (stat.size > size_max) refuse_import(name_, std::string(member) + " is too large");
    return stat.size;
  }

  // Calls `take` with pieces of whole frames; the size announced is not exceeded.
  template <class Take>
  void read(const char* member, std::uint64_t size, const Take& take) const {
    const std::unique_ptr<zip_file_t, CloseMember> opened(zip_fopen(archive_.get(), member, 0));
    if (!opened) refuse_import(name_, zip_strerror(archive_.get()));
    std::vector<std::uint8_t> piece(kFrameBytes * 16'384);
    for (std::uint64_t left = size; left > 0;) {
      const std::size_t wanted = std::min<std::uint64_t>(piece.size(), left);
      std::size_t got = 0;
      while (got < wanted) {
        const zip_int64_t n = zip_fread(opened.get(), piece.data() + got, wanted - got);
        if (n <= 0) refuse_import(name_, std::string(member) + " is damaged");
        got += static_cast<std::size_t>(n);
      }
      take(std::span<const std::uint8_t>(piece.data(), got));
      left -= got;
    }
  }

 private:
  std::filesystem::path name_;
  std::unique_ptr<zip_t, DiscardZip> archive_;
};

TraceStart imported_start(const std::string& driver, double rate_hz) {
  TraceStart start;
  start.format = WordFormat::amperes_f32;
  start.identity.driver = driver;
  start.identity.rate_hz = rate_hz;
  start.identity.voltage = VoltageSource::stated;
  return start;
}

TraceStart ppk2_start(const Ppk2Archive& archive, const std::filesystem::path& file) {
  std::string text;
  archive.read("metadata.json", archive.size_of("metadata.json", kJsonMax),
               [&](std::span<const std::uint8_t> piece) { text.append(piece.begin(), piece.end()); });
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto number = [&](const char* pointer) {
    const nlohmann::json::json_pointer path(pointer);
    if (!json.is_object() || !json.contains(path) || !json.at(path).is_number())
      refuse_import(file, std::string("metadata.json has no number ") + pointer);
    return json.at(path).get<double>();
  };
  if (number("/formatVersion") != 2) refuse_import(file, "its format version is not 2");
  const double rate = number("/metadata/samplesPerSecond");
  if (!(rate >= 1 && rate <= kRateMax)) refuse_import(file, "its sample rate is out of range");
  TraceStart start = imported_start("ppk2 file", rate);
  const double start_ms = number("/metadata/startSystemTime");
  if (std::abs(start_ms) < 9e12) start.start_ns = static_cast<std::int64_t>(start_ms) * 1'000'000;
  return start;
}

void add_imported(TraceWriter& writer, std::uint64_t first, std::span<const float> current,
                  std::span<const std::uint8_t> lines) {
  const auto* const words = reinterpret_cast<const std::uint8_t*>(current.data());
  writer.samples({first, {words, current.size_bytes()}, current, lines});
}

void import_ppk2(const std::filesystem::path& file, const std::filesystem::path& to) {
  const Ppk2Archive archive(file);
  const std::uint64_t size = archive.size_of("session.raw", kImportedMax);
  if (size % kFrameBytes != 0) refuse_import(file, "session.raw ends within a sample");
  TraceWriter writer(to, ppk2_start(archive, file));
  std::vector<float> current;
  std::vector<std::uint8_t> lines;
  archive.read("session.raw", size, [&](std::span<const std::uint8_t> piece) {
    current.clear();
    lines.clear();
    for (; !piece.empty(); piece = piece.subspan(kFrameBytes)) {
      const Frame frame = frame_of(piece.first<kFrameBytes>());
      current.push_back(frame.current_a);
      lines.push_back(frame.lines);
    }
    add_imported(writer, writer.end(), current, lines);
  });
  writer.finish();
}

void import_csv(const std::filesystem::path& file, const std::filesystem::path& to) {
  CsvSamples csv(file, kImportedMax);
  TraceWriter writer(to, imported_start("csv file", csv.rate_hz()));
  while (const CsvBlock* const block = csv.next())
    add_imported(writer, block->first, block->current_a, block->lines);
  writer.finish();
}

}  // namespace

void import_trace(const std::filesystem::path& file, const std::filesystem::path& to) {
  const std::string ending = file.extension().string();
  if (ending == ".ppk2") return import_ppk2(file, to);
  if (ending == ".csv") return import_csv(file, to);
  refuse_import(file, "its name ends in neither .ppk2 nor .csv");
}

}  // namespace tinyhil::meter
