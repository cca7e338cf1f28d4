// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them: fixed digits, a thin separator of thousands, a true minus sign, the unit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/unit.hpp"
#include "model/scorecard.hpp"

namespace tinyhil::report {

std::string format_count(std::uint64_t count);                // "1,200"
std::string format_sum(double scores);                        // "1,128", or "1,128.40" of more than counts
std::string format_bytes(std::uint64_t bytes);                // "49,356 B"
std::string format_percent(double ratio);                     // "94.1 %"; never "100.0 %" for less than all
std::string format_proportion(const Proportion& proportion);  // "94.1 %", or "no data"
std::string format_us(double us);                             // "12.346 ms"
std::string format_current(double ampere);                    // "6.21 mA"
// Microseconds as above; of other quantities in millionths of the base unit.
std::string format_millionths(double value, const Quantity& quantity);
std::string title_of(const Quantity& quantity);             // "Latency"
std::string format_interval(const Proportion& proportion);  // "92.6 to 95.3 %"
// A value of a Check in its unit. `difference`: a signed ratio, shown in percentage points.
std::string format_quantity(double value, Unit unit, bool difference);  // "−3.00 pts"
// The same without digits that say nothing: what a person wrote, or a tick of a scale.
std::string format_limit(double value, Unit unit, bool difference);  // "−2 pts"
// "−5.9 to −2.3 pts", "at least −2.3 pts", or empty when there is none.
std::string format_interval(const std::optional<Interval>& interval, Unit unit, bool difference);

// An interval that ends nowhere, or a difference of ratios that ends at -1 or 1, is one-sided: that end says
// nothing.
bool is_open_end(double end, Unit unit, bool difference);

}  // namespace tinyhil::report
