// SPDX-License-Identifier: Apache-2.0
// What verify holds the verdicts of a bundle to that another version of tinyhil made.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace tinyhil::campaign {

// `theirs` and `ours`: what results.json has under `verdicts`, as the bundle has it and as computed here.
// What does not hang on a formula has to be the same: who was judged, how it ended, each rule, what was
// counted and seen, each limit. Throws Error(broken_evidence) at the first that is not. Another version may
// bound what was seen by other formulas: the place of the first finding for which that is so, such as
// "/verdicts/0/findings/0/checks/0/interval", else nothing. Sentences are not compared, nor what the other
// version did not write yet.
std::optional<std::string> hold_verdicts(const nlohmann::json& theirs, const nlohmann::json& ours);

}  // namespace tinyhil::campaign
