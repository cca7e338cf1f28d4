// SPDX-License-Identifier: Apache-2.0
#include "peer_credentials.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace tinyhil::daemon {

namespace {

std::string account_name(uid_t uid) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const bool named = ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found;
  return named ? entry.pw_name : "uid " + std::to_string(uid);
}

// No credentials, no groups: an account with more than 1,024 is a member of none here.
std::vector<gid_t> supplementary_groups(int socket) {
  std::vector<gid_t> groups(1024);
  socklen_t size = groups.size() * sizeof(gid_t);
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) size = 0;
  groups.resize(size / sizeof(gid_t));
  groups.shrink_to_fit();
  return groups;
}

gid_t group_id(const std::string& name) {
  std::vector<char> buffer(64UL * 1024);
  group entry{};
  group* found = nullptr;
  if (::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) == 0 && found) {
    return entry.gr_gid;
  }
  throw Error(ErrorKind::usage, "there is no group `" + name + "`", "/etc/group",
              "make it: groupadd --system " + name + "; or name another");
}

bool is_member(const PeerCredentials& peer, gid_t group) {
  return peer.gid == group || std::find(peer.groups.begin(), peer.groups.end(), group) != peer.groups.end();
}

}  // namespace

CallerRule by_groups(const std::vector<GroupRole>& groups, Role others) {
  std::vector<std::pair<gid_t, Role>> roles;
  for (const GroupRole& each : groups)
    if (!each.group.empty()) roles.emplace_back(group_id(each.group), each.role);
  return [roles = std::move(roles), others](const PeerCredentials& peer) {
    if (peer.uid == 0 || peer.uid == ::geteuid()) return Caller{peer.user, Role::admin};
    const auto found =
        std::ranges::find_if(roles, [&](const auto& each) { return is_member(peer, each.first); });
    return Caller{peer.user, found == roles.end() ? others : found->second};
  };
}

CallerRule by_group(const std::string& users, Role others) {
  return by_groups({{users, Role::user}}, others);
}

PeerCredentials peer_credentials(int socket) {
  ucred process{};
  socklen_t size = sizeof(process);
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &process, &size) != 0) {
    throw Error(ErrorKind::bench_fault, std::string("who calls is not known: ") + std::strerror(errno),
                "Unix socket", "call again");
  }
  return {process.pid, process.uid, process.gid, supplementary_groups(socket), account_name(process.uid)};
}

}  // namespace tinyhil::daemon
