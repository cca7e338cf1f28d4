// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace tinyhil::daemon {

// PEM. The certificate comes first, those that lead from it to a root behind it.
struct TlsFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;  // only its owner may read it
};

}  // namespace tinyhil::daemon
