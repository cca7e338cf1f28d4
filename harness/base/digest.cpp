// SPDX-License-Identifier: Apache-2.0
#include "digest.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace tinyhil {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

std::uint8_t nibble(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<std::uint8_t>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<std::uint8_t>(digit - 'a' + 10);
  if (digit >= 'A' && digit <= 'F') return static_cast<std::uint8_t>(digit - 'A' + 10);
  throw std::invalid_argument("a SHA-256 digest has hex digits only");
}

// OpenSSL built without SHA-256, or out of memory: nothing after this could be trusted.
void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL cannot compute SHA-256");
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  require(state_->context != nullptr && EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() { EVP_MD_CTX_free(state_->context); }

Sha256& Sha256::add(std::span<const std::uint8_t> piece) {
  require(EVP_DigestUpdate(state_->context, piece.data(), piece.size()) == 1);
  return *this;
}

Sha256& Sha256::add(std::string_view piece) { return add(bytes_of(piece)); }

Digest Sha256::finish() {
  Digest digest;
  require(EVP_DigestFinal_ex(state_->context, digest.bytes.data(), nullptr) == 1);
  return digest;
}

std::string Digest::hex() const {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string Digest::short_hex() const { return hex().substr(0, 12); }

Digest Digest::from_hex(std::string_view hex) {
  Digest digest;
  if (hex.size() != 2 * digest.bytes.size())
    throw std::invalid_argument("a SHA-256 digest has 64 hex digits");
  for (std::size_t i = 0; i < digest.bytes.size(); ++i)
    digest.bytes[i] = static_cast<std::uint8_t>(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
  return digest;
}

Digest sha256(std::span<const std::uint8_t> content) {
  Digest digest;
  const int done =
      EVP_Digest(content.data(), content.size(), digest.bytes.data(), nullptr, EVP_sha256(), nullptr);
  require(done == 1);
  return digest;
}

Digest sha256(std::string_view content) { return sha256(bytes_of(content)); }

}  // namespace tinyhil
