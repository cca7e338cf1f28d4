// SPDX-License-Identifier: Apache-2.0
#include "bearer_token.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "daemon/http/secret_file.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kFileMost = 4096;

bool is_visible_ascii(char character) { return character > 0x20 && character < 0x7f; }

std::string read_token(const std::filesystem::path& file) {
  check_secrecy(file, "the token");
  const std::vector<std::uint8_t> content = read_file(file, kFileMost, "token file");
  std::string token(content.begin(), content.end());
  token.erase(token.find_last_not_of(" \t\r\n") + 1);
  token.erase(0, token.find_first_not_of(" \t\r\n"));
  if (token.size() >= 16 && token.size() <= 1000 &&
      std::all_of(token.begin(), token.end(), is_visible_ascii)) {
    return token;
  }
  throw Error(ErrorKind::usage, "this is no token: 16 to 1,000 visible ASCII characters", file.string(),
              "make one: head -c 32 /dev/urandom | base64 > FILE");
}

}  // namespace

BearerToken::BearerToken(const std::filesystem::path& file, Caller bearer)
    : digest_(sha256(read_token(file))), bearer_(std::move(bearer)) {}

bool BearerToken::is(std::string_view shown) const {
  const Digest other = sha256(shown);
  unsigned differences = 0;
  for (std::size_t i = 0; i < digest_.bytes.size(); ++i) differences |= digest_.bytes[i] ^ other.bytes[i];
  return differences == 0;
}

}  // namespace tinyhil::daemon
