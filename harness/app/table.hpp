// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace tinyhil::app {

// Lines of text whose columns stand below each other, two spaces apart. Every row has as many cells as the
// first. Control characters of a cell are made visible, so that each row is one line.
std::string table_of(const std::vector<std::vector<std::string>>& rows);

}  // namespace tinyhil::app
