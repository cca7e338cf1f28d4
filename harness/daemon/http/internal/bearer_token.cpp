// SPDX-License-Identifier: Apache-2.0
#include "bearer_token.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/file_content.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kFileMost = 4096;

void check_secrecy(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return;  // reading it says why
  const bool ours = status.st_uid == ::geteuid() || status.st_uid == 0;
  if (ours && (status.st_mode & (S_IRWXG | S_IRWXO)) == 0) return;
  throw Error(ErrorKind::usage, "others may read or change the token", file.string(),
              "make it yours alone: chmod 600, and chown to the daemon's user");
}

bool is_visible_ascii(char character) { return character > 0x20 && character < 0x7f; }

std::string read_token(const std::filesystem::path& file) {
  check_secrecy(file);
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
