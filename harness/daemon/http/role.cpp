// SPDX-License-Identifier: Apache-2.0
#include "route.hpp"

namespace tinyhil::daemon {

const char* to_string(Role role) {
  switch (role) {
    case Role::nobody:
      return "nobody";
    case Role::viewer:
      return "viewer";
    case Role::runner:
      return "runner";
    case Role::user:
      return "user";
    case Role::admin:
      break;
  }
  return "admin";
}

}  // namespace tinyhil::daemon
