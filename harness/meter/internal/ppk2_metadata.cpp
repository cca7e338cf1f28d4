// SPDX-License-Identifier: Apache-2.0
#include "ppk2_metadata.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tinyhil::meter {

namespace {

constexpr std::size_t kLinesMax = 64;
constexpr std::size_t kLineMax = 120;
constexpr std::array<double, kPpk2Ranges> kUsualOhm = {1031.64, 101.65, 10.15, 0.94, 0.043};

struct Key {
  std::string_view name;  // with the number of a range behind it
  double Ppk2Range::*member;
};
// The longer first: `GI0` ends in `I0`.
constexpr std::array<Key, 7> kKeys = {
    Key{"GS", &Ppk2Range::gs}, Key{"GI", &Ppk2Range::gi}, Key{"UG", &Ppk2Range::ug}, Key{"R", &Ppk2Range::r},
    Key{"O", &Ppk2Range::o},   Key{"S", &Ppk2Range::s},   Key{"I", &Ppk2Range::i}};

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

std::string_view next_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  while (line.ends_with('\r')) line.remove_suffix(1);
  // Samples of an earlier run may stand before the first line.
  const auto strange = std::find_if_not(line.rbegin(), line.rend(), is_printable);
  line.remove_prefix(static_cast<std::size_t>(line.rend() - strange));
  return line;
}

struct Entry {
  std::string_view key;
  std::string_view value;
};

std::optional<Entry> entry_of(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || line.size() > kLineMax) return std::nullopt;
  Entry entry{line.substr(0, colon), line.substr(colon + 1)};
  while (entry.value.starts_with(' ')) entry.value.remove_prefix(1);
  while (entry.value.ends_with(' ')) entry.value.remove_suffix(1);
  return entry;
}

// Nothing for what the meter has not filled in.
std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value) || value == 0) return std::nullopt;
  return value;
}

class Reader {
 public:
  Reader() {
    for (std::size_t n = 0; n < kPpk2Ranges; ++n) metadata_.ranges[n].r = kUsualOhm[n];
  }

  void take(const Entry& entry) {
    if (entry.key == "Simulated") metadata_.simulated = entry.value;
    if (entry.key == "Clock") metadata_.virtual_time = entry.value == "virtual";
    const std::optional<double> value = number_in(entry.value);
    if (entry.key == "VDD" && value) metadata_.vdd_mv = *value;
    take_constant(entry.key, value);
  }

  void keep(std::string_view line) {
    if (lines_++ >= kLinesMax) return;
    metadata_.text += line;
    metadata_.text += '\n';
  }

  std::optional<Ppk2Metadata> result() && {
    if (!std::ranges::all_of(has_r_, [](bool has) { return has; })) return std::nullopt;
    return std::move(metadata_);
  }

 private:
  // What is left of a sample may be a letter before the first key.
  void take_constant(std::string_view name, std::optional<double> value) {
    if (name.empty() || name.back() < '0' || name.back() > '4') return;
    const auto range = static_cast<std::size_t>(name.back() - '0');
    name.remove_suffix(1);
    const auto key = std::ranges::find_if(kKeys, [&](const Key& k) { return name.ends_with(k.name); });
    if (key == kKeys.end()) return;
    if (key->member == &Ppk2Range::r) has_r_[range] = true;
    if (value) metadata_.ranges[range].*key->member = *value;
  }

  Ppk2Metadata metadata_;
  std::array<bool, kPpk2Ranges> has_r_{};
  std::size_t lines_ = 0;
};

std::string_view last_part(std::string_view reply) {
  return reply.substr(reply.size() - std::min(reply.size(), kPpk2MetadataMax));
}

}  // namespace

std::optional<Ppk2Metadata> parse_ppk2_metadata(std::string_view reply) {
  Reader reader;
  for (std::string_view rest = last_part(reply); !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (line == "END") break;
    const std::optional<Entry> entry = entry_of(line);
    if (!entry) continue;
    reader.take(*entry);
    reader.keep(line);
  }
  return std::move(reader).result();
}

bool is_whole_ppk2_metadata(std::string_view reply) {
  for (std::string_view rest = last_part(reply); !rest.empty();) {
    if (next_line(rest) == "END") return true;
  }
  return false;
}

std::string with_vdd(const Ppk2Metadata& metadata, double vdd_mv) {
  std::string text;
  for (std::string_view rest = metadata.text; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (!line.starts_with("VDD:")) (text += line) += '\n';
  }
  return text + "VDD: " + std::to_string(std::lround(vdd_mv)) + '\n';
}

double ppk2_current_a(const Ppk2Metadata& metadata, std::size_t range, unsigned adc) {
  const Ppk2Range& at = metadata.ranges[range];
  const double x = (4.0 * adc - at.o) * kPpk2VoltPerStep / at.r;
  return at.ug * (x * (at.gs * x + at.gi) + at.s * (metadata.vdd_mv / 1000) + at.i);
}

}  // namespace tinyhil::meter
