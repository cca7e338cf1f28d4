// SPDX-License-Identifier: Apache-2.0
// The target of a request, taken apart: "/leases/a%20b?state=held".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/route.hpp"

namespace tinyhil::daemon {

struct Target {
  std::string path;                   // as it was sent
  std::vector<std::string> segments;  // decoded; a path that ends with a slash has an empty one at its end
  Parameters query;                   // decoded; a plus sign is a space
};

// Nothing when it does not begin with a slash, a percent sign is not followed by two digits, something
// decoded is no UTF-8 or has a control character, there are more than 64 segments or parameters, or a
// parameter stands there twice.
std::optional<Target> parse_target(std::string_view text);

// "/leases/{id}" -> "leases", "{id}". As it stands, nothing is decoded.
std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace tinyhil::daemon
