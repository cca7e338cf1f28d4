// SPDX-License-Identifier: Apache-2.0
// What several routes read and check of a request.
#include <limits>

#include "base/error.hpp"
#include "base/quantity.hpp"
#include "daemon/service/internal/routes.hpp"

namespace tinyhil::daemon {

const char* const kNumberSchema = R"({"type": "integer", "minimum": 1, "maximum": 9223372036854775807})";

std::uint64_t path_number(const Request& request, const std::string& noun) {
  const std::optional<std::int64_t> number = parse_integer(request.path_parameters.at("id"));
  if (!number || *number <= 0)
    throw Error(ErrorKind::not_found, "there is no such " + noun, request.path,
                "a " + noun + "'s number is 1 or more");
  return static_cast<std::uint64_t>(*number);
}

void check_owner(const DaemonParts& parts, const Request& request, const Owned& owned, const char* what) {
  if (owned.owner == request.caller.name || request.caller.role == Role::admin) return;
  parts.book.note(
      {0, parts.keeper.now(), request.caller.name, what, owned.subject, "refused: not its owner"});
  throw Error(ErrorKind::not_allowed, owned.subject + " belongs to " + owned.owner, request.path,
              "ask its owner, or an administrator");
}

LeaseRecord held_lease(const DaemonParts& parts, const Request& request) {
  LeaseRecord record = parts.book.lease(lease_in(request));
  const std::string subject = "lease " + std::to_string(record.id.value);
  if (record.wish.owner != request.caller.name)
    throw Error(ErrorKind::not_allowed, subject + " belongs to " + record.wish.owner, request.path,
                "lease a board of your own");
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const auto epoch = static_cast<std::uint64_t>(query_number(request, "epoch", 0, most));
  if (!record.granted_at || record.ended_at || record.epoch != epoch)
    throw Error(ErrorKind::lease_lost, subject + " is not held with epoch " + std::to_string(epoch),
                request.path, "lease a board again");
  return record;
}

QueryParameter epoch_parameter() { return {"epoch", "of the lease", R"({"type": "integer", "minimum": 0})"}; }

std::optional<Digest> sha256_in(const std::string& text) {
  if (text.size() != 64 || text.find_first_not_of("0123456789abcdef") != std::string::npos)
    return std::nullopt;
  return Digest::from_hex(text);
}

}  // namespace tinyhil::daemon
