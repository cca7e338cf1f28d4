// SPDX-License-Identifier: Apache-2.0
// The constants of one real PPK2, as published in the unit test of hdoordt/ppk2-rs (MIT), and what turns a
// current into its ADC's value: the inverse of what hosts compute.
#pragma once

#include <cstddef>
#include <string>

namespace tinyhil::sim {

// The lines that it answers 0x19 with, without the last, `END`.
std::string ppk2_constant_lines(unsigned vdd_mv, unsigned mode);

// 0 to 16383, rounded and clipped.
unsigned ppk2_adc(double current_a, std::size_t range, double vdd_mv);

}  // namespace tinyhil::sim
