// SPDX-License-Identifier: Apache-2.0
// What several routes read and check of a request.
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

std::optional<Digest> sha256_in(const std::string& text) {
  if (text.size() != 64 || text.find_first_not_of("0123456789abcdef") != std::string::npos)
    return std::nullopt;
  return Digest::from_hex(text);
}

}  // namespace tinyhil::daemon
