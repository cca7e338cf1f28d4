// SPDX-License-Identifier: Apache-2.0
#include "flat_table.hpp"

#include <algorithm>

namespace tinyhil {
namespace {

constexpr std::uint64_t kCostOfARead = 4;

std::int32_t as_signed(std::uint64_t value) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
}

}  // namespace

std::span<const std::uint8_t> FlatFile::take(std::uint64_t at, std::uint64_t count) {
  const std::uint64_t cost = count + kCostOfARead;
  if (at > bytes_.size() || count > bytes_.size() - at || cost > left_) throw BrokenFlat{};
  left_ -= cost;
  return bytes_.subspan(at, count);
}

std::uint64_t FlatFile::number(std::uint64_t at, std::size_t width) {
  const std::span<const std::uint8_t> bytes = take(at, width);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value |= std::uint64_t{bytes[i]} << (8 * i);
  return value;
}

FlatTable FlatTable::root(FlatFile& file, std::string_view identifier) {
  const auto found = file.take(4, 4);
  if (!std::equal(found.begin(), found.end(), identifier.begin(), identifier.end())) throw BrokenFlat{};
  return {file, file.number(0, 4)};
}

FlatTable::FlatTable(FlatFile& file, std::uint64_t at) : file_(&file), at_(at) {
  const std::int64_t vtable = static_cast<std::int64_t>(at) - as_signed(file.number(at, 4));
  if (vtable < 0) throw BrokenFlat{};
  vtable_ = static_cast<std::uint64_t>(vtable);
  vtable_size_ = static_cast<std::uint16_t>(file.number(vtable_, 2));
  size_ = static_cast<std::uint16_t>(file.number(vtable_ + 2, 2));
  if (vtable_size_ < 4) throw BrokenFlat{};
}

std::uint64_t FlatTable::offset(std::size_t field) const {
  return field < fields() ? file_->number(vtable_ + 4 + 2 * field, 2) : 0;
}

std::uint64_t FlatTable::number(std::size_t field, std::size_t width, std::uint64_t absent) const {
  const std::uint64_t found = offset(field);
  return found == 0 ? absent : file_->number(at_ + found, width);
}

FlatTable FlatTable::child(std::size_t field) const {
  const std::uint64_t place = at_ + offset(field);
  if (place == at_) throw BrokenFlat{};
  return {*file_, place + file_->number(place, 4)};
}

FlatList FlatTable::list(std::size_t field) const {
  const std::uint64_t found = offset(field);
  if (found == 0) return {};
  const std::uint64_t place = at_ + found;
  const std::uint64_t start = place + file_->number(place, 4);
  return {start + 4, static_cast<std::uint32_t>(file_->number(start, 4))};
}

FlatTable FlatTable::entry(const FlatList& tables, std::uint32_t index) const {
  if (index >= tables.count) throw BrokenFlat{};
  const std::uint64_t place = tables.at + 4 * std::uint64_t{index};
  return {*file_, place + file_->number(place, 4)};
}

std::span<const std::uint8_t> FlatTable::bytes(std::size_t field, std::size_t element) const {
  const FlatList found = list(field);
  return found.count == 0 ? std::span<const std::uint8_t>()
                          : file_->take(found.at, std::uint64_t{found.count} * element);
}

std::uint64_t FlatTable::scalar(std::size_t field) const {
  const std::uint64_t from = offset(field);
  if (from == 0) return 0;
  std::uint64_t end = size_;
  for (std::size_t other = 0; other < fields(); ++other) {
    if (const std::uint64_t at = offset(other); at > from) end = std::min(end, at);
  }
  if (end <= from) throw BrokenFlat{};
  return file_->number(at_ + from, std::min<std::uint64_t>(end - from, 8));
}

}  // namespace tinyhil
