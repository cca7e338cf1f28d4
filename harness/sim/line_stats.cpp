// SPDX-License-Identifier: Apache-2.0
#include "line_stats.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"

namespace tinyhil::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds kDelay(5);
constexpr std::size_t kFileSize = 2048;  // fixed, so that a rewrite is one write and leaves no torn end

Json direction_json(const LineDirection& line) {
  const LineCounts counts = line.counts();
  const FaultCounts& faults = counts.faults;
  return {{"bytes_offered", counts.bytes_offered},
          {"bytes_printed", counts.bytes_printed},
          {"bytes_delivered", counts.bytes_delivered},
          {"bytes_unheard", counts.bytes_unheard},
          {"bytes_in_flight", counts.bytes_in_flight},
          {"bits_flipped", faults.bits_flipped},
          {"chunks_dropped", faults.chunks_dropped},
          {"bytes_dropped", faults.bytes_dropped},
          {"chunks_duplicated", faults.chunks_duplicated},
          {"bytes_duplicated", faults.bytes_duplicated},
          {"bursts", faults.bursts},
          {"bytes_replaced", faults.bytes_replaced},
          {"bytes_inserted", faults.bytes_inserted},
          {"stalls", faults.stalls},
          {"disconnects", faults.disconnects}};
}

}  // namespace

std::string line_stats_json(std::uint64_t seed, const LineDirection& to_device,
                            const LineDirection& to_host) {
  const Json stats = {{"seed", seed},
                      {"baud", to_device.baud()},
                      {"to_device", direction_json(to_device)},
                      {"to_host", direction_json(to_host)}};
  return stats.dump(2);
}

LineStatsFile::LineStatsFile(boost::asio::io_context& io, std::filesystem::path file,
                             std::function<std::string()> json)
    : file_(std::move(file)),
      json_(std::move(json)),
      timer_(io),
      descriptor_(::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) {
    throw Error(ErrorKind::usage, std::string("cannot write the counts: ") + std::strerror(errno),
                file_.string(), "name another place for --stats");
  }
  write();  // over the counts of a line before this one, so that the file is never empty
}

LineStatsFile::~LineStatsFile() {
  write();
  ::close(descriptor_);
}

void LineStatsFile::changed() {
  if (std::exchange(waiting_, true)) return;
  timer_.expires_after(kDelay);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    waiting_ = false;
    write();
  });
}

void LineStatsFile::write() {
  std::string text = json_();
  text.resize(std::max(kFileSize, text.size() + 1), ' ');
  text.back() = '\n';
  const bool written =
      ::pwrite(descriptor_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
  const bool cut =
      written && ::ftruncate(descriptor_, static_cast<off_t>(text.size())) == 0;  // if longer before
  if (cut || failed_) return;
  failed_ = true;
  fmt::print(stderr, "tinyhil: cannot write the counts to {}: {}\n", file_.string(), std::strerror(errno));
}

}  // namespace tinyhil::sim
