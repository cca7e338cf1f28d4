// SPDX-License-Identifier: Apache-2.0
// What a simulated line has done, as JSON in a file.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "line.hpp"

namespace tinyhil::sim {

std::string line_stats_json(std::uint64_t seed, const LineDirection& to_device, const LineDirection& to_host);

// The file is rewritten in place 5 ms after a change, and when this is destroyed. So a line that is killed,
// as a process driver does, leaves counts that are at most that old. Always one whole JSON document.
class LineStatsFile {
 public:
  // `json` is called at each writing. Throws Error(usage) when the file cannot be written.
  LineStatsFile(boost::asio::io_context& io, std::filesystem::path file, std::function<std::string()> json);
  LineStatsFile(const LineStatsFile&) = delete;
  LineStatsFile& operator=(const LineStatsFile&) = delete;
  ~LineStatsFile();

  void changed();

 private:
  void write();

  std::filesystem::path file_;
  std::function<std::string()> json_;
  boost::asio::steady_timer timer_;
  int descriptor_;
  bool waiting_ = false;
  bool failed_ = false;  // said once
};

}  // namespace tinyhil::sim
