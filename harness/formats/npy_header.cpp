// SPDX-License-Identifier: Apache-2.0
// The header of a .npy file: a Python dictionary with three keys, written by numpy with repr().
#include <charconv>

#include "npy.hpp"

namespace tinyhil {
namespace {

constexpr std::size_t kRankMax = 8;
constexpr std::size_t kTextSizeMax = 1024;  // of one byte string

class HeaderReader {
 public:
  HeaderReader(std::string_view text, const ArrayPlace& place) : text_(text), place_(place) {}

  NpyHeader read() {
    expect('{');
    while (!take('}')) {
      read_entry(word());
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (!text_.empty()) malformed();
    if (!has_type_ || !has_order_ || !has_shape_) malformed();
    return header_;
  }

 private:
  [[noreturn]] void malformed() const {
    place_.refuse("has a header that numpy did not write", "save the file again with np.savez");
  }

  void skip_space() {
    const auto end = text_.find_first_not_of(" \n");
    text_.remove_prefix(end == std::string_view::npos ? text_.size() : end);
  }

  bool take(char wanted) {
    skip_space();
    if (text_.empty() || text_.front() != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }

  void expect(char wanted) {
    if (!take(wanted)) malformed();
  }

  bool take(std::string_view wanted) {
    skip_space();
    if (!text_.starts_with(wanted)) return false;
    text_.remove_prefix(wanted.size());
    return true;
  }

  std::string_view word() {
    expect('\'');
    const auto end = text_.find('\'');
    if (end == std::string_view::npos) malformed();
    const std::string_view found = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return found;
  }

  std::size_t number() {
    skip_space();
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc()) malformed();
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return value;
  }

  void once(bool& seen) const {
    if (seen) malformed();
    seen = true;
  }

  void read_entry(std::string_view key) {
    expect(':');
    if (key == "descr") return read_type();
    if (key == "fortran_order") return read_order();
    if (key == "shape") return read_shape();
    malformed();
  }

  void read_type() {
    once(has_type_);
    if (take('[')) place_.refuse("has records as elements", "save each field as an array of its own");
    set_type(word());
  }

  void set_type(std::string_view descr) {
    if (descr.size() < 2) malformed();
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(descr.data() + 2, descr.data() + descr.size(), size);
    const bool sized = error == std::errc() && end == descr.data() + descr.size();
    if (descr[1] == 'O')
      place_.refuse("holds Python objects",
                    "save plain numbers or byte strings, such as np.array(x, dtype='S')");
    if (descr[1] == 'U')
      place_.refuse("holds Unicode text", "save it as UTF-8 bytes: np.char.encode(names, 'utf-8')");
    if (descr[0] == '>' && size > 1)
      place_.refuse("is big-endian", "save it with .astype(array.dtype.newbyteorder('<'))");
    if ((descr[0] != '<' && descr[0] != '|') || !sized || !accept(descr[1], size))
      place_.refuse(
          "has elements of type `" + std::string(descr) + "`, which is not supported",
          "convert it with .astype() to int8 ... int64, uint8 ... uint64, float32, float64 or bytes");
  }

  bool accept(char kind, std::size_t size) {
    header_.item_size = size;
    const bool integer_size = size == 1 || size == 2 || size == 4 || size == 8;
    switch (kind) {
      case 'b':
        header_.kind = NpyKind::boolean;
        return size == 1;
      case 'i':
        header_.kind = NpyKind::signed_integer;
        return integer_size;
      case 'u':
        header_.kind = NpyKind::unsigned_integer;
        return integer_size;
      case 'f':
        header_.kind = NpyKind::floating;
        return size == 4 || size == 8;
      case 'S':
        header_.kind = NpyKind::bytes;
        return size >= 1 && size <= kTextSizeMax;
      default:
        return false;
    }
  }

  void read_order() {
    once(has_order_);
    if (take("False")) return;
    if (!take("True")) malformed();
    place_.refuse("is in Fortran order", "save np.ascontiguousarray(array)");
  }

  void read_shape() {
    once(has_shape_);
    expect('(');
    while (!take(')')) {
      if (header_.shape.size() == kRankMax) place_.refuse("has more than 8 dimensions", "reshape it");
      header_.shape.push_back(number());
      if (!take(',')) {
        expect(')');
        break;
      }
    }
  }

  std::string_view text_;
  const ArrayPlace& place_;
  NpyHeader header_;
  bool has_type_ = false;
  bool has_order_ = false;
  bool has_shape_ = false;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view text, const ArrayPlace& place) {
  return HeaderReader(text, place).read();
}

}  // namespace tinyhil
