// SPDX-License-Identifier: Apache-2.0
// What would change the outcome of a check, in words: how much room a pass has, what a failure lacks, what
// would decide the undecided, what has to be corrected.
#pragma once

#include <string>

#include "model/verdict.hpp"

namespace tinyhil::gate {

// One line without a full stop. `difference`: a ratio is a difference and reads in points
// (model/reading.hpp).
std::string would_change(const Check& check, bool difference);

// Fills Check::would_change of each check that has none; a rule may know better.
void say_what_would_change(Finding& finding);

// Fills Check::more_seconds of each check that asks for more vectors: the time that both models need for
// them, at the mean of their timed inferences and the repeats of the campaign. Transfer comes on top. Left
// open when a side was not timed.
void price_more_vectors(Finding& finding, const Scorecard& candidate, const Scorecard& baseline);

}  // namespace tinyhil::gate
