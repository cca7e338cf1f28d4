// SPDX-License-Identifier: Apache-2.0
#include "array_checks.hpp"

#include <cmath>
#include <limits>
#include <set>

#include "base/utf8.hpp"

namespace tinyhil {
namespace {

constexpr std::size_t kNamesMax = 65'534;  // 0xFFFF means "no prediction" in a scorecard

}  // namespace

void check_rows(const NpyArray& array, std::size_t count) {
  const auto& shape = array.header.shape;
  if (shape.empty())
    array.place.refuse("is a single value",
                       "save one entry for each of the " + std::to_string(count) + " vectors");
  if (shape[0] != count)
    array.place.refuse("has " + std::to_string(shape[0]) + " entries, `inputs` " + std::to_string(count),
                       "save one entry a vector, in the order of `inputs`");
}

void check_vector_of_integers(const NpyArray& array, std::size_t count) {
  if (!array.is_integer() || array.header.shape.size() > 1)
    array.place.refuse("is " + array.header.description() + ", not a list of integers",
                       "save it as integers: .astype(np.int32).reshape(-1)");
  check_rows(array, count);
}

std::int64_t integer_within(const NpyArray& array, std::size_t index, const IntegerRange& range) {
  const auto value = array.integer(index);
  if (value && *value >= range.low && *value <= range.high) return *value;
  const std::string shown = value ? std::to_string(*value) : "a number beyond int64";
  array.place.refuse("has " + shown + " at index " + std::to_string(index) + ", " + range.otherwise,
                     "correct it to " + std::to_string(range.low) + " to " + std::to_string(range.high));
}

std::vector<std::uint16_t> codes(const NpyArray& array, std::size_t count, std::size_t limit,
                                 const std::string& of) {
  check_vector_of_integers(array, count);
  const IntegerRange range{.low = 0,
                           .high = static_cast<std::int64_t>(limit) - 1,
                           .otherwise = "but `" + of + "` has " + std::to_string(limit) + " entries"};
  std::vector<std::uint16_t> values;
  values.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(static_cast<std::uint16_t>(integer_within(array, i, range)));
  return values;
}

std::vector<std::string> names(const NpyArray& array) {
  if (array.header.kind != NpyKind::bytes || array.header.shape.size() != 1)
    array.place.refuse("is " + array.header.description() + ", not a list of byte strings",
                       "save it as np.array([\"a\", \"b\"], dtype=\"S\")");
  if (array.size() == 0) array.place.refuse("is empty", "name at least one");
  if (array.size() > kNamesMax) array.place.refuse("has more than 65,534 entries", "use fewer");
  std::vector<std::string> values;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < array.size(); ++i) {
    values.push_back(array.text(i));
    const std::string place = " at index " + std::to_string(i);
    if (values.back().empty() || !is_utf8(values.back()))
      array.place.refuse("has no UTF-8 text" + place, "give every entry a name");
    if (!seen.insert(values.back()).second)
      array.place.refuse("has `" + values.back() + "` twice, again" + place,
                         "give each entry a name of its own");
  }
  return values;
}

std::vector<float> finite_reals(const NpyArray& array) {
  if (array.header.kind != NpyKind::floating && !array.is_integer())
    array.place.refuse("is " + array.header.description() + ", not numbers",
                       "save it as floats: .astype(np.float32)");
  std::vector<float> values;
  values.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) {
    const double value =
        array.is_integer() ? static_cast<double>(array.integer(i).value_or(0)) : array.real(i);
    values.push_back(static_cast<float>(value));
    if (!std::isfinite(values.back()))
      array.place.refuse("has no finite float32 at index " + std::to_string(i),
                         "correct it, or leave its vector out");
  }
  return values;
}

DType tensor_dtype(const NpyArray& array) {
  const std::size_t size = array.header.item_size;
  switch (array.header.kind) {
    case NpyKind::signed_integer:
      if (size == 1) return DType::int8;
      if (size == 2) return DType::int16;
      if (size == 4) return DType::int32;
      break;
    case NpyKind::unsigned_integer:
      if (size == 1) return DType::uint8;
      break;
    case NpyKind::floating:
      if (size == 4) return DType::float32;
      break;
    default:
      break;
  }
  array.place.refuse("is " + array.header.description() + ", which no tensor of a model can be",
                     "convert it with .astype() to the model's type: int8, uint8, int16, int32 or float32");
}

float positive_scalar(const NpyArray& array) {
  if (array.header.kind != NpyKind::floating || !array.is_scalar())
    array.place.refuse("is " + array.header.description() + ", not one float", "save np.float32(value)");
  const auto value = static_cast<float>(array.real(0));
  if (!std::isfinite(value) || value <= 0)
    array.place.refuse("is not a positive number", "save the scale of the model's input tensor");
  return value;
}

std::int32_t integer_scalar(const NpyArray& array) {
  if (!array.is_integer() || !array.is_scalar())
    array.place.refuse("is " + array.header.description() + ", not one integer", "save np.int32(value)");
  const IntegerRange range{.low = std::numeric_limits<std::int32_t>::min(),
                           .high = std::numeric_limits<std::int32_t>::max(),
                           .otherwise = "which does not fit in 32 bits"};
  return static_cast<std::int32_t>(integer_within(array, 0, range));
}

}  // namespace tinyhil
