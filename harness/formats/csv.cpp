// SPDX-License-Identifier: Apache-2.0
#include "csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "base/error.hpp"

namespace tinyhil {
namespace {

[[noreturn]] void refuse_line(const std::string& file, std::size_t line, const std::string& what,
                              const std::string& remedy) {
  throw Error(ErrorKind::usage, what, file + ":" + std::to_string(line), remedy);
}

// Reads field by field. The line is that of the next character.
class Fields {
 public:
  Fields(std::string_view text, const std::string& file) : text_(text), file_(file) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;  // a byte order mark, as spreadsheets write it
  }

  bool has_more() const { return at_ < text_.size(); }
  std::size_t line() const { return line_; }

  // Of one line; a line without anything gives one empty field.
  std::vector<std::string> row() {
    std::vector<std::string> fields(1);
    while (has_more() && !take_line_end()) {
      if (text_[at_] == ',') {
        fields.emplace_back();
        ++at_;
      } else if (text_[at_] == '"' && fields.back().empty()) {
        fields.back() = quoted();
      } else {
        fields.back() += text_[at_++];
      }
    }
    return fields;
  }

 private:
  bool take_line_end() {
    const std::size_t size = text_.substr(at_).starts_with("\r\n") ? 2 : text_[at_] == '\n' ? 1 : 0;
    at_ += size;
    line_ += size > 0 ? 1 : 0;
    return size > 0;
  }

  std::string quoted() {
    const std::size_t begin = line_;
    std::string field;
    for (++at_; has_more(); ++at_) {
      if (text_[at_] == '"' && text_.substr(at_).starts_with("\"\"")) {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return field;
      }
      line_ += text_[at_] == '\n' ? 1 : 0;
      field += text_[at_];
    }
    refuse_line(file_, begin, "a quoted field does not end", "close it with a double quote");
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

void check_names(const Csv& csv) {
  std::set<std::string> seen;
  for (const std::string& name : csv.names) {
    if (name.empty())
      refuse_line(csv.file, 1, "a column of the header has no name", "name every column in the first line");
    if (!seen.insert(name).second)
      refuse_line(csv.file, 1, "two columns are called `" + name + "`", "give each column its own name");
  }
}

}  // namespace

std::optional<std::size_t> Csv::column(std::string_view name) const {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

double Csv::number(std::size_t row, std::size_t column) const {
  const std::string& text = rows[row][column];
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && std::isfinite(value)) return value;
  refuse_line(file, lines[row], "column `" + names[column] + "` has `" + text + "`, which is no number",
              "write a number such as -0.25, or leave the column out");
}

Csv parse_csv(std::string_view text, const std::string& file) {
  Fields fields(text, file);
  Csv csv{file, fields.row(), {}, {}};
  check_names(csv);
  while (fields.has_more()) {
    const std::size_t line = fields.line();
    std::vector<std::string> row = fields.row();
    if (row.size() == 1 && row.front().empty()) continue;
    if (row.size() != csv.names.size()) {
      refuse_line(file, line,
                  "the line has " + std::to_string(row.size()) + " fields, but the header " +
                      std::to_string(csv.names.size()),
                  "give every line a field for each column");
    }
    csv.rows.push_back(std::move(row));
    csv.lines.push_back(line);
  }
  if (csv.rows.empty())
    refuse_line(file, fields.line(), "there are no lines after the header", "add a line for each vector");
  return csv;
}

}  // namespace tinyhil
