// SPDX-License-Identifier: Apache-2.0
// compare() written for the reader, one vector after the other: what the fast one is held against in tests
// and benchmarks.
#pragma once

#include "metric/compare.hpp"

namespace tinyhil::test {

Comparison compare_reference(const Trial& candidate, const Trial& baseline, const VectorSet& vectors);

}  // namespace tinyhil::test
