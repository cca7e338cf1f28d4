// SPDX-License-Identifier: Apache-2.0
#include "unit.hpp"

#include <algorithm>
#include <iterator>

namespace tinyhil {
namespace {

struct UnitWord {
  Unit unit;
  std::string_view word;
  BaseUnit base;
  bool counted = false;
};

constexpr std::string_view kSeconds = "seconds";

constexpr UnitWord kUnitWords[] = {
    {Unit::none, "", {"number"}},
    {Unit::ratio, "ratio", {"ratio"}},
    {Unit::nanoseconds, "ns", {kSeconds, 1e-9}},
    {Unit::microseconds, "us", {kSeconds, 1e-6}},
    {Unit::milliseconds, "ms", {kSeconds, 1e-3}},
    {Unit::seconds, "s", {kSeconds}},
    {Unit::ticks, "ticks", {"ticks"}, true},
    {Unit::bytes, "B", {"bytes"}, true},
    {Unit::lsb, "LSB", {"lsb"}, true},
    {Unit::microjoules, "uJ", {"joules", 1e-6}},
    {Unit::vectors, "vectors", {"vectors"}, true},
    {Unit::inferences, "inferences", {"inferences"}, true},
    {Unit::faults, "faults", {"faults"}, true},
    {Unit::troubles, "troubles", {"troubles"}, true},
    {Unit::trials, "trials", {"trials"}, true},
    {Unit::years, "y", {kSeconds, 365.25 * 86'400}},
};

const UnitWord& entry_of(Unit unit) { return *std::ranges::find(kUnitWords, unit, &UnitWord::unit); }

}  // namespace

std::string_view to_string(Unit unit) { return entry_of(unit).word; }

std::optional<Unit> unit_of(std::string_view word) {
  const auto* const found = std::ranges::find(kUnitWords, word, &UnitWord::word);
  if (found == std::end(kUnitWords)) return std::nullopt;
  return found->unit;
}

BaseUnit base_of(Unit unit) { return entry_of(unit).base; }

bool is_duration(Unit unit) { return entry_of(unit).base.name == kSeconds; }

bool is_counted(Unit unit) { return entry_of(unit).counted; }

}  // namespace tinyhil
