// SPDX-License-Identifier: Apache-2.0
// How evidence fails: an Error(fail) with the place in the bundle.
#pragma once

#include <string>

#include "base/error.hpp"

namespace tinyhil::evidence {

inline Error broken(const std::string& where, const std::string& what) {
  return Error(ErrorKind::broken_evidence, what, where,
               "do not rely on this bundle; ask whoever made it for the original");
}

}  // namespace tinyhil::evidence
