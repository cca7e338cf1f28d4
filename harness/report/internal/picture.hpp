// SPDX-License-Identifier: Apache-2.0
// One rule as one picture: a row a check, on a common axis for all checks that can share one.
#pragma once

#include "html.hpp"
#include "model/verdict.hpp"

namespace tinyhil::report::page {

// All checks of a finding, the worst on top; of many, those that pass with the most room are folded away.
html::Markup picture(const Finding& finding);

// One check alone, for a narrow place.
html::Markup picture(const Finding& finding, const Check& check);

// What would change it: of the leading check, and of those beside it that did not pass either.
html::Markup changes(const Finding& finding);
html::Markup change(const Check& check);

}  // namespace tinyhil::report::page
