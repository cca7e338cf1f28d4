// SPDX-License-Identifier: Apache-2.0
// The readers that word_reader() chooses among, one for each format. Each throws Error(usage) where the
// calibration text is not one of its format.
#pragma once

#include <memory>
#include <string>

#include "meter/internal/sample_words.hpp"

namespace tinyhil::meter {

std::unique_ptr<WordReader> make_ppk2_u32_reader(const std::string& calibration);
std::unique_ptr<WordReader> make_lpm01a_u16_reader(const std::string& calibration);
std::unique_ptr<WordReader> make_amperes_f32_reader(const std::string& calibration);

}  // namespace tinyhil::meter
