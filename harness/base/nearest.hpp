// SPDX-License-Identifier: Apache-2.0
// "Did you mean ...?", for error messages. Nothing here fails.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tinyhil {

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. Words of more than
// 64 characters are as far apart as they are long.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate nearest to `word`; nothing when none is near enough to be a typing mistake.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

// "`a`, `b`, `c`"
std::string quoted_list(const std::vector<std::string>& words);

// "did you mean `slim`? choose one of `shipped`, `slim`"
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace tinyhil
