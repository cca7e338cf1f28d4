// SPDX-License-Identifier: Apache-2.0
// Who is at the other end of a Unix socket, as the kernel tells it, and what role that is. Example:
//
//   options.who = by_group("tinyhil");  // members of the group are users, other accounts viewers
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "route.hpp"

namespace tinyhil::daemon {

struct PeerCredentials {
  pid_t pid = 0;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  // the supplementary ones
  std::string user;           // "ada", or "uid 1000" when the account has no name
};

// Role::nobody refuses all but the routes that are open to everybody.
using CallerRule = std::function<Caller(const PeerCredentials&)>;

struct GroupRole {
  std::string group;  // an empty name has no members
  Role role;
};

// root and the daemon's own account are admins, members of the groups have the first role that fits, and
// everybody else is a viewer. Throws Error(usage) when there is no such group.
CallerRule by_groups(const std::vector<GroupRole>& groups, Role others = Role::viewer);
CallerRule by_group(const std::string& users, Role others = Role::viewer);

// Of a connected socket. Throws Error(bench_fault) when the kernel does not tell.
PeerCredentials peer_credentials(int socket);

}  // namespace tinyhil::daemon
