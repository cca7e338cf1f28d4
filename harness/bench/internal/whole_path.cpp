// SPDX-License-Identifier: Apache-2.0
#include "whole_path.hpp"

#include <system_error>

namespace tinyhil::bench {

std::string whole_path(const std::filesystem::path& file) {
  std::error_code ignored;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(file, ignored);
  return whole.empty() ? file.string() : whole.string();
}

}  // namespace tinyhil::bench
