// SPDX-License-Identifier: Apache-2.0
#include "new_file.hpp"

#include <system_error>

#include "base/error.hpp"

namespace tinyhil::app {

void refuse_to_overwrite(const std::filesystem::path& file) {
  std::error_code none;
  if (std::filesystem::symlink_status(file, none).type() == std::filesystem::file_type::not_found) return;
  throw Error(ErrorKind::usage, "the bench file is there already", file.string(),
              "give another name, or move it away");
}

}  // namespace tinyhil::app
