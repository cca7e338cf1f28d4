// SPDX-License-Identifier: Apache-2.0
// Recordings that other tools made, as one of ours with words of amperes_f32, so that it can be looked at and
// replayed. What a meter's errors are such files do not tell: ranges are empty, the supply is 0 V.
#pragma once

#include <filesystem>

#include "meter/trace_reader.hpp"

namespace tinyhil::meter {

// By the name's ending: .ppk2 (version 2) or .csv as export_csv writes it, at a constant rate; rows that are
// missing become a gap. `to` must not exist. Throws Error(usage) where the file is none of these or too large
// (4 GiB unpacked), Error(output) when `to` cannot be written.
void import_trace(const std::filesystem::path& file, const std::filesystem::path& to);

}  // namespace tinyhil::meter
