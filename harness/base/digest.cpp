// SPDX-License-Identifier: Apache-2.0
#include "digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "error.hpp"
#include "hex.hpp"

namespace tinyhil {
namespace {

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

std::string Digest::hex() const { return to_hex(bytes); }

std::string Digest::short_hex() const { return hex().substr(0, 12); }

Digest Digest::from_hex(std::string_view hex) {
  Digest digest;
  if (hex.size() != 2 * digest.bytes.size())
    throw std::invalid_argument("a SHA-256 digest has 64 hex digits");
  const auto content = tinyhil::from_hex(hex);
  if (!content) throw std::invalid_argument("a SHA-256 digest has hex digits only");
  std::ranges::copy(*content, digest.bytes.begin());
  return digest;
}

Digest sha256(std::span<const std::uint8_t> content) {
  Digest digest;
  const int done =
      EVP_Digest(content.data(), content.size(), digest.bytes.data(), nullptr, EVP_sha256(), nullptr);
  require(done == 1);
  return digest;
}

Digest sha256_of_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<char> piece(std::size_t{1} << 20);
  Sha256 digest;
  while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())) || stream.gcount() > 0)
    digest.add(std::string_view(piece.data(), static_cast<std::size_t>(stream.gcount())));
  if (stream.bad() || !stream.eof())
    throw Error(ErrorKind::usage, "the file cannot be read", file.string(), "check its name and permissions");
  return digest.finish();
}

Digest sha256(std::string_view content) { return sha256(bytes_of(content)); }

}  // namespace tinyhil
