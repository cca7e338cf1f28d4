// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tinyhil::campaign {

inline constexpr const char* kVersion = TINYHIL_VERSION;  // from CMake's project()

}  // namespace tinyhil::campaign
