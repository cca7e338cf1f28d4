// SPDX-License-Identifier: Apache-2.0
// Which term of a selector to blame for matching no board, and what was probably meant.
#pragma once

#include "board_index.hpp"
#include "daemon/explain.hpp"

namespace tinyhil::daemon {

// The term without which the most boards match; among equals one that no board meets at all. For a selector
// that matches no board. Without any term, and so without any board: a remedy alone.
UnmatchedTerm unmatched_term(const Selector& selector, const BoardIndex& boards);

}  // namespace tinyhil::daemon
