// SPDX-License-Identifier: Apache-2.0
#include "npy.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>
#include <utility>

#include "base/error.hpp"

namespace tinyhil {
namespace {

static_assert(std::endian::native == std::endian::little, "values are copied as they are in the file");

constexpr std::string_view kNpyMagic = "\x93NUMPY";

template <class T>
T load(const std::vector<std::uint8_t>& bytes, std::size_t offset) {
  assert(offset + sizeof(T) <= bytes.size());
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

const char* word(NpyKind kind) {
  switch (kind) {
    case NpyKind::boolean:
      return "bool";
    case NpyKind::signed_integer:
      return "int";
    case NpyKind::unsigned_integer:
      return "uint";
    case NpyKind::floating:
      return "float";
    case NpyKind::bytes:
      return "bytes";
  }
  return "unknown";
}

struct HeaderExtent {
  std::size_t offset;
  std::size_t size;
};

// After the magic: major and minor version, then the header's length in 2 bytes (version 1) or 4 (2 and 3).
HeaderExtent find_header(const std::vector<std::uint8_t>& content, const ArrayPlace& place) {
  const std::string remedy = "save the file again with np.savez";
  if (content.size() < 12 || std::memcmp(content.data(), kNpyMagic.data(), kNpyMagic.size()) != 0)
    place.refuse("is not a .npy file", remedy);
  const int major = content[kNpyMagic.size()];
  if (major < 1 || major > 3)
    place.refuse("has .npy version " + std::to_string(major) + "; 1 to 3 are known", remedy);
  const HeaderExtent extent = major == 1 ? HeaderExtent{10, load<std::uint16_t>(content, 8)}
                                         : HeaderExtent{12, load<std::uint32_t>(content, 8)};
  if (extent.size > content.size() - extent.offset) place.refuse("is cut off within its header", remedy);
  return extent;
}

}  // namespace

void ArrayPlace::refuse(const std::string& what, std::string remedy) const {
  throw Error(ErrorKind::usage, "array `" + array + "` " + what, file, std::move(remedy));
}

std::optional<std::size_t> NpyHeader::byte_count() const {
  std::size_t bytes = item_size;
  for (const std::size_t dim : shape)
    if (__builtin_mul_overflow(bytes, dim, &bytes)) return std::nullopt;
  return bytes;
}

std::string NpyHeader::description() const {
  std::string text = word(kind);
  if (kind != NpyKind::boolean && kind != NpyKind::bytes) text += std::to_string(8 * item_size);
  std::string dims;
  for (const std::size_t dim : shape) dims += (dims.empty() ? "" : ", ") + std::to_string(dim);
  return text + '[' + dims + ']';
}

bool NpyArray::is_integer() const {
  return header.kind != NpyKind::floating && header.kind != NpyKind::bytes;
}

std::optional<std::int64_t> NpyArray::integer(std::size_t index) const {
  assert(is_integer());
  std::uint64_t value = 0;
  std::memcpy(&value, values.data() + index * header.item_size, header.item_size);
  if (header.kind == NpyKind::signed_integer) {
    const unsigned unused = static_cast<unsigned>(64 - 8 * header.item_size);
    return static_cast<std::int64_t>(value << unused) >> unused;  // carries the sign up
  }
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

double NpyArray::real(std::size_t index) const {
  assert(header.kind == NpyKind::floating);
  const std::size_t offset = index * header.item_size;
  return header.item_size == 4 ? static_cast<double>(load<float>(values, offset))
                               : load<double>(values, offset);
}

std::string NpyArray::text(std::size_t index) const {
  assert(header.kind == NpyKind::bytes);
  std::string text(reinterpret_cast<const char*>(values.data()) + index * header.item_size, header.item_size);
  text.erase(text.find_last_not_of('\0') + 1);  // npos + 1 is 0
  return text;
}

NpyArray parse_npy(std::vector<std::uint8_t> content, ArrayPlace place) {
  const HeaderExtent extent = find_header(content, place);
  const char* const text = reinterpret_cast<const char*>(content.data()) + extent.offset;
  NpyHeader header = parse_npy_header({text, extent.size}, place);
  const std::size_t values_at = extent.offset + extent.size;
  if (header.byte_count() != content.size() - values_at)
    place.refuse("announces " + header.description() + " but holds " +
                     std::to_string(content.size() - values_at) + " bytes",
                 "save the file again; it is damaged");
  content.erase(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(values_at));
  return {std::move(place), std::move(header), std::move(content)};
}

}  // namespace tinyhil
