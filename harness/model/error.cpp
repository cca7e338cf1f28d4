// SPDX-License-Identifier: Apache-2.0
#include "error.hpp"

#include <utility>

namespace tinyhil {

Error::Error(ExitCode code, std::string what, std::string where, std::string remedy)
    : std::runtime_error(what), code_(code), where_(std::move(where)), remedy_(std::move(remedy)) {}

}  // namespace tinyhil
