// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace tinyhil::meter {

struct CsvBlock {
  std::uint64_t first = 0;
  std::vector<float> current_a;
  std::vector<std::uint8_t> lines;  // empty where the file has none
};

// Rows time_s,current_uA[,D0..D7] below a heading, at a constant rate: that of the first two rows. Times have
// to be multiples of it, ascending; where rows are missing the next block begins later. Throws Error(usage)
// with file and line.
class CsvSamples {
 public:
  CsvSamples(const std::filesystem::path& file, std::uint64_t size_max);

  double rate_hz() const { return 1 / period_s_; }
  // The next rows without a gap between them, up to 4,096; nullptr at the end. Valid until the next call.
  const CsvBlock* next();

 private:
  struct Row {
    double time_s = 0;
    float current_a = 0;
    std::uint8_t lines = 0;
  };

  bool read_text(std::string& text);  // a line; false at the end
  bool read_row(Row& row);
  std::uint64_t number_of(const Row& row) const;
  [[noreturn]] void refuse_row(const std::string& detail) const;

  std::filesystem::path name_;
  std::ifstream in_;
  std::uint64_t line_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t size_max_;
  bool with_lines_ = false;
  double start_s_ = 0;
  double period_s_ = 0;
  std::vector<Row> ahead_;   // rows that were read and not yet given
  std::uint64_t given_ = 0;  // number after the last sample given
  CsvBlock block_;
};

}  // namespace tinyhil::meter
