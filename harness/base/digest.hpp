// SPDX-License-Identifier: Apache-2.0
// SHA-256: the identity of an image, a model, a vector set, a campaign. The functions do not fail; an object
// of Sha256 belongs to one thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tinyhil {

struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  std::string hex() const;                       // 64 lower-case digits
  std::string short_hex() const;                 // the first 12, for people
  static Digest from_hex(std::string_view hex);  // throws std::invalid_argument unless 64 hex digits
  auto operator<=>(const Digest&) const = default;
};

// The digest of content that comes in pieces.
class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  ~Sha256();
  Sha256& add(std::span<const std::uint8_t> piece);
  Sha256& add(std::string_view piece);
  Digest finish();  // once, after the last piece

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest sha256(std::span<const std::uint8_t> content);
Digest sha256(std::string_view content);
// Of a file of any size, read in pieces. Throws Error(usage) when it cannot be read.
Digest sha256_of_file(const std::filesystem::path& file);

}  // namespace tinyhil
