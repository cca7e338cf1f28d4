// SPDX-License-Identifier: Apache-2.0
#include "csv_samples.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/error.hpp"

namespace tinyhil::meter {
namespace {

constexpr std::size_t kBlockRows = 4'096;
constexpr std::size_t kRowMax = 256;
constexpr int kExponentMax = 100;
constexpr double kOffMax = 0.1;  // of a period that a time may be beside its sample
constexpr std::string_view kPlain = "time_s,current_uA";
constexpr std::string_view kWithLines = "time_s,current_uA,D0,D1,D2,D3,D4,D5,D6,D7";

// The number at the front and the comma behind it, if there is one.
bool take_number(std::string_view& text, double& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || !std::isfinite(value)) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(',')) text.remove_prefix(1);
  return true;
}

// Microamperes as amperes. The point is moved in the text, so that it is rounded once: what export_csv()
// wrote comes back as the same float.
bool take_current(std::string_view& text, float& current_a) {
  const std::string_view field = text.substr(0, text.find(','));
  double mantissa = 0;
  const char* const end = field.data() + field.size();
  const auto [at, error] = std::from_chars(field.data(), end, mantissa, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(mantissa)) return false;
  int exponent = 0;
  if (at != end) {
    const char* const digits = at + (end - at > 1 && at[1] == '+' ? 2 : 1);
    const auto parsed = std::from_chars(digits, end, exponent);
    if ((*at != 'e' && *at != 'E') || parsed.ec != std::errc{} || parsed.ptr != end) return false;
  }
  if (std::abs(exponent) > kExponentMax) return false;
  const std::string moved = std::string(field.data(), at) + 'e' + std::to_string(exponent - 6);
  if (std::from_chars(moved.data(), moved.data() + moved.size(), current_a).ec != std::errc{}) return false;
  text.remove_prefix(std::min(field.size() + 1, text.size()));
  return true;
}

bool take_lines(std::string_view text, std::uint8_t& lines) {
  if (text.size() != 15) return false;  // 0,1,...
  lines = 0;
  for (std::size_t line = 0; line < 8; ++line) {
    const char level = text[2 * line];
    if ((level != '0' && level != '1') || (line < 7 && text[2 * line + 1] != ',')) return false;
    if (level == '1') lines = static_cast<std::uint8_t>(lines | 1U << line);
  }
  return true;
}

}  // namespace

CsvSamples::CsvSamples(const std::filesystem::path& file, std::uint64_t size_max)
    : name_(file), in_(file), size_max_(size_max) {
  std::string heading;
  read_text(heading);
  with_lines_ = heading == kWithLines;
  if (!with_lines_ && heading != kPlain)
    refuse_row("its heading is not " + std::string(kPlain) + " with or without D0 to D7");
  Row first, second;
  if (!read_row(first) || !read_row(second)) refuse_row("it has fewer than two samples");
  start_s_ = first.time_s;
  period_s_ = second.time_s - first.time_s;
  if (!(period_s_ >= 1e-9 && period_s_ <= 1e6)) refuse_row("its times do not ascend");
  ahead_ = {first, second};
}

void CsvSamples::refuse_row(const std::string& detail) const {
  throw Error(ErrorKind::usage, "the recording cannot be imported: " + detail,
              name_.string() + ":" + std::to_string(line_), "see how `tinyhil trace export` writes CSV");
}

bool CsvSamples::read_text(std::string& text) {
  std::array<char, kRowMax> buffer{};
  in_.getline(buffer.data(), buffer.size());
  const auto size = static_cast<std::size_t>(in_.gcount());
  ++line_;
  bytes_ += size;
  if ((in_.fail() && size + 1 == buffer.size()) || bytes_ > size_max_) refuse_row("it is too long");
  if (in_.fail()) return false;
  text = buffer.data();
  if (text.ends_with('\r')) text.pop_back();
  return true;
}

bool CsvSamples::read_row(Row& row) {
  std::string text;
  if (!read_text(text)) return false;
  std::string_view rest = text;
  const bool numbers = take_number(rest, row.time_s) && take_current(rest, row.current_a);
  if (!numbers || (with_lines_ ? !take_lines(rest, row.lines) : !rest.empty()))
    refuse_row("the row is not one of the heading");
  return true;
}

std::uint64_t CsvSamples::number_of(const Row& row) const {
  const double at = (row.time_s - start_s_) / period_s_;
  const double number = std::round(at);
  if (std::abs(at - number) > kOffMax + 1e-6 * number || number < static_cast<double>(given_) ||
      number > 1e15)
    refuse_row("its time is no later multiple of the first two rows' distance");
  return static_cast<std::uint64_t>(number);
}

const CsvBlock* CsvSamples::next() {
  block_ = {};
  Row row;
  while (block_.current_a.size() < kBlockRows) {
    if (!ahead_.empty()) {
      row = ahead_.front();
      ahead_.erase(ahead_.begin());
    } else if (!read_row(row)) {
      break;
    }
    const std::uint64_t number = number_of(row);
    if (!block_.current_a.empty() && number != given_) {
      ahead_.insert(ahead_.begin(), row);
      break;
    }
    if (block_.current_a.empty()) block_.first = number;
    block_.current_a.push_back(row.current_a);
    if (with_lines_) block_.lines.push_back(row.lines);
    given_ = number + 1;
  }
  return block_.current_a.empty() ? nullptr : &block_;
}

}  // namespace tinyhil::meter
