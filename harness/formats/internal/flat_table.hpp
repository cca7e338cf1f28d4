// SPDX-License-Identifier: Apache-2.0
// Reads a FlatBuffer that may be hostile. Every read is checked; what does not fit throws BrokenFlat, and
// what is read counts against a budget, since a small file may name one part a million times.
//
// Format: https://flatbuffers.dev/internals/
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tinyhil {

struct BrokenFlat {};

class FlatFile {
 public:
  explicit FlatFile(std::span<const std::uint8_t> bytes)
      : bytes_(bytes), left_(4 * std::uint64_t{bytes.size()} + 65'536) {}

  // `count` bytes at `at`, and the right to read them.
  std::span<const std::uint8_t> take(std::uint64_t at, std::uint64_t count);
  std::uint64_t number(std::uint64_t at, std::size_t width);  // little-endian, at most 8 bytes

 private:
  std::span<const std::uint8_t> bytes_;
  std::uint64_t left_;
};

// A vector in a file: where its first element is, and how many there are.
struct FlatList {
  std::uint64_t at = 0;
  std::uint32_t count = 0;
};

// Fields are numbered as the schema lists them; a union counts as two, its type first.
class FlatTable {
 public:
  static FlatTable root(FlatFile& file, std::string_view identifier);

  std::uint64_t number(std::size_t field, std::size_t width, std::uint64_t absent) const;
  bool has(std::size_t field) const { return offset(field) != 0; }
  FlatTable child(std::size_t field) const;
  FlatList list(std::size_t field) const;  // empty when absent
  FlatTable entry(const FlatList& tables, std::uint32_t index) const;
  std::span<const std::uint8_t> bytes(std::size_t field, std::size_t element) const;  // of a whole vector

  std::size_t fields() const { return (vtable_size_ - 4u) / 2; }
  // Of a scalar, whatever its type: up to the next field, so that zero padding behind it does not count.
  std::uint64_t scalar(std::size_t field) const;

 private:
  FlatTable(FlatFile& file, std::uint64_t at);
  std::uint64_t offset(std::size_t field) const;  // 0: absent

  FlatFile* file_;
  std::uint64_t at_, vtable_;
  std::uint16_t vtable_size_, size_;
};

}  // namespace tinyhil
