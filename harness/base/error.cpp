// SPDX-License-Identifier: Apache-2.0
#include "error.hpp"

#include <utility>

namespace tinyhil {

Error::Error(ErrorKind kind, std::string what, std::string where, std::string remedy)
    : std::runtime_error(what), kind_(kind), where_(std::move(where)), remedy_(std::move(remedy)) {}

}  // namespace tinyhil
