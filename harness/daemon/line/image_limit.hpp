// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace tinyhil::daemon {

// Bytes of a firmware image that goes from a daemon to the holder of a lease, or the other way.
inline constexpr std::size_t kImageMost = 64UL * 1024 * 1024;

}  // namespace tinyhil::daemon
