// SPDX-License-Identifier: Apache-2.0
#include "inference_rows.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace tinyhil {
namespace {

template <class T>
auto at(const std::vector<T>& values, std::size_t index) {
  return values.begin() + static_cast<std::ptrdiff_t>(index);
}

// The values of the rows before `end`, where none was known so far.
template <class T>
void fill(std::vector<T>& values, std::size_t end, T missing) {
  if (values.empty()) values.resize(end, missing);
}

template <class T>
void append_values(const RowColumn<T>& column, InferenceRows& to, const InferenceRows& from,
                   std::span<const std::size_t> rows) {
  std::vector<T>& target = to.*column.values;
  const std::vector<T>& source = from.*column.values;
  if (column.missing && source.empty()) {
    if (!target.empty()) target.resize(target.size() + rows.size(), *column.missing);
    return;
  }
  const std::size_t width = column.width(from);
  const std::size_t size = target.size() + rows.size() * width;
  if (size > target.capacity()) target.reserve(std::max(size, 2 * target.capacity()));
  for (const std::size_t row : rows)
    target.insert(target.end(), at(source, row * width), at(source, (row + 1) * width));
}

std::vector<std::size_t> indices(std::size_t first, std::size_t count) {
  std::vector<std::size_t> indices(count);
  std::iota(indices.begin(), indices.end(), first);
  return indices;
}

template <class T>
void permute_values(std::vector<T>& values, std::span<const std::size_t> order, std::size_t width) {
  if (values.empty()) return;
  std::vector<T> moved;
  moved.reserve(values.size());
  for (const std::size_t row : order)
    moved.insert(moved.end(), at(values, row * width), at(values, (row + 1) * width));
  values = std::move(moved);
}

}  // namespace

const char* to_string(RowStatus status) {
  switch (status) {
    case RowStatus::ok:
      return "ok";
    case RowStatus::invoke_failed:
      return "invoke failed";
    case RowStatus::clock_suspect:
      return "clock suspect";
    case RowStatus::disturbed:
      return "disturbed";
    case RowStatus::quarantined:
      return "quarantined";
  }
  return "unknown";
}

bool InferenceRows::is_rectangular() const {
  bool all = true;
  for_each_row_column([&](const auto& column) {
    const auto& values = this->*column.values;
    const bool unknown = column.missing && values.empty();
    all = all && (unknown || values.size() == size() * column.width(*this));
  });
  return all;
}

void InferenceRows::resize(std::size_t rows) {
  const std::size_t before = size();
  for_each_row_column([&](const auto& column) {
    auto& values = this->*column.values;
    const auto missing = column.missing.value_or(0);
    if (column.missing) fill(values, before, missing);
    values.resize(rows * column.width(*this), missing);
  });
}

std::size_t InferenceRows::add_row() {
  resize(size() + 1);
  return size() - 1;
}

void InferenceRows::copy_row(std::size_t to, const InferenceRows& from, std::size_t row) {
  for_each_row_column([&](const auto& column) {
    auto& target = this->*column.values;
    const auto& source = from.*column.values;
    if (source.empty()) return;
    if (column.missing) fill(target, size(), *column.missing);
    const std::size_t width = column.width(*this);
    std::copy_n(at(source, row * width), width, target.begin() + static_cast<std::ptrdiff_t>(to * width));
  });
}

void InferenceRows::append(const InferenceRows& from, std::span<const std::size_t> rows) {
  const std::size_t before = size();
  output_size = from.output_size;
  for_each_row_column([&](const auto& column) {
    if (column.missing && !(from.*column.values).empty()) fill(this->*column.values, before, *column.missing);
    append_values(column, *this, from, rows);
  });
}

void InferenceRows::append(const InferenceRows& from) { append(from, indices(0, from.size())); }

void InferenceRows::permute(std::span<const std::size_t> order) {
  for_each_row_column(
      [&](const auto& column) { permute_values(this->*column.values, order, column.width(*this)); });
}

InferenceRows InferenceRows::part(std::size_t first, std::size_t count) const {
  InferenceRows part;
  part.append(*this, indices(first, count));
  return part;
}

}  // namespace tinyhil
