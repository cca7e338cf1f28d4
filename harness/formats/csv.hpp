// SPDX-License-Identifier: Apache-2.0
// Comma-separated values with a header (RFC 4180): fields may stand in double quotes, in which a comma, a
// line end and a doubled quote are text. Lines end with LF or CRLF; empty ones are skipped.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tinyhil {

struct Csv {
  std::string file;  // for messages
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows;  // each with a field for every name
  std::vector<std::size_t> lines;              // of each row, where it begins

  std::optional<std::size_t> column(std::string_view name) const;
  // Throws Error(usage) that names the line and the column.
  double number(std::size_t row, std::size_t column) const;
};

// Throws Error(usage) with file and line: no header, a name that is empty or comes twice, a line with another
// number of fields, a quote that does not end, no rows.
Csv parse_csv(std::string_view text, const std::string& file);

}  // namespace tinyhil
