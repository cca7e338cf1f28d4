// SPDX-License-Identifier: Apache-2.0
#include "lease_tokens.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "base/hex.hpp"
#include "base/quantity.hpp"
#include "daemon/http/secret_file.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::string_view kTokenPrefix = "lease-";

[[noreturn]] void no_key(const std::string& why, const std::filesystem::path& file) {
  throw Error(ErrorKind::bench_fault, "the key of the leases' tokens cannot be made: " + why, file.string(),
              "make the state folder writable to the daemon");
}

void make_key(const std::filesystem::path& file) {
  std::array<unsigned char, kKeySize> key{};
  if (::RAND_bytes(key.data(), kKeySize) != 1) no_key("there are no random numbers", file);
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) no_key(std::strerror(errno), file);
  const bool is_written = ::write(descriptor, key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
                          ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (is_written) return;
  ::unlink(file.c_str());
  no_key("it was not written", file);
}

std::string read_key(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) make_key(file);
  check_secrecy(file, "the key of the leases' tokens");
  const std::vector<std::uint8_t> content = read_file(file, 2 * kKeySize, "key of the leases' tokens");
  if (content.size() == kKeySize) return {content.begin(), content.end()};
  throw Error(ErrorKind::usage, "this is no key of 32 bytes", file.string(),
              "remove it: another one is made, and leases that others hold from afar are lost");
}

}  // namespace

LeaseTokens::LeaseTokens(const std::filesystem::path& state_folder)
    : key_(read_key(state_folder / "lease.key")) {}

std::string LeaseTokens::token(RequestId id) const {
  const std::string subject = std::string(kTokenPrefix) + std::to_string(id.value);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  ::HMAC(::EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
         reinterpret_cast<const unsigned char*>(subject.data()), subject.size(), digest.data(), &size);
  return subject + "-" + to_hex(std::span(digest).first(size));
}

std::optional<RequestId> LeaseTokens::lease_of(std::string_view shown) const {
  if (!shown.starts_with(kTokenPrefix)) return std::nullopt;
  const std::string_view rest = shown.substr(kTokenPrefix.size());
  const auto number = parse_integer(std::string(rest.substr(0, rest.find('-'))));
  if (!number || *number <= 0) return std::nullopt;
  const RequestId id{static_cast<std::uint64_t>(*number)};
  const std::string expected = token(id);
  const bool is_it =
      expected.size() == shown.size() && ::CRYPTO_memcmp(expected.data(), shown.data(), shown.size()) == 0;
  return is_it ? std::optional(id) : std::nullopt;
}

}  // namespace tinyhil::daemon
