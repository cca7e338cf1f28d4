// SPDX-License-Identifier: Apache-2.0
// What a model was given, small: enough to see that a recording is silent, clipped or upside down.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>

#include "plots.hpp"

namespace tinyhil::report {
namespace {

constexpr std::size_t kCellsMax = 32;    // of a side of a picture
constexpr std::size_t kColumnsMax = 96;  // of a line
constexpr std::size_t kChannelsMax = 4;  // of a picture: grey, two, RGB, RGBA
constexpr int kShades = 8;

template <class T>
double number_at(std::span<const std::uint8_t> bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return static_cast<double>(value);
}

double number_at(DType dtype, std::span<const std::uint8_t> bytes, std::size_t index) {
  switch (dtype) {
    case DType::int8:
      return number_at<std::int8_t>(bytes, index);
    case DType::uint8:
      return number_at<std::uint8_t>(bytes, index);
    case DType::int16:
      return number_at<std::int16_t>(bytes, index);
    case DType::int32:
      return number_at<std::int32_t>(bytes, index);
    case DType::float32:
      break;
  }
  return number_at<float>(bytes, index);
}

// Those that are no numbers count as 0; all between 0 and 1 afterwards.
std::vector<double> stretched(const Tensor& tensor, std::span<const std::uint8_t> bytes) {
  std::vector<double> values(tensor.elements());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = number_at(tensor.dtype, bytes, i);
    values[i] = std::isfinite(value) ? value : 0;
  }
  const auto [low, high] = std::ranges::minmax(values);
  for (double& value : values) value = high > low ? (value - low) / (high - low) : 0.5;
  return values;
}

struct Picture {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t channels = 1;
};

std::vector<std::size_t> long_dimensions(const Tensor& tensor) {
  std::vector<std::size_t> dimensions;
  for (const std::uint32_t dimension : tensor.dims)
    if (dimension > 1) dimensions.push_back(dimension);
  return dimensions;
}

// The mean of what falls into a cell.
double mean_in(const std::vector<double>& values, const Picture& picture, const Picture& cells,
               std::size_t cell) {
  const std::size_t row = cell / cells.columns;
  const std::size_t column = cell % cells.columns;
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t y = row * picture.rows / cells.rows; y < (row + 1) * picture.rows / cells.rows; ++y) {
    for (std::size_t x = column * picture.columns / cells.columns;
         x < (column + 1) * picture.columns / cells.columns; ++x) {
      for (std::size_t channel = 0; channel < picture.channels; ++channel, ++count)
        sum += values[(y * picture.columns + x) * picture.channels + channel];
    }
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

html::Markup drawing(const std::string& view_box, std::uint32_t vector, const html::Markup& marks) {
  return html::element("svg",
                       {{"class", "thumbnail"},
                        {"viewBox", view_box},
                        {"role", "img"},
                        {"aria-label", "input of vector " + std::to_string(vector)},
                        {"preserveAspectRatio", "none"}},
                       marks);
}

// One path a shade: a rectangle for each cell would be several times as long.
html::Markup draw_picture(const std::vector<double>& values, const Picture& picture, std::uint32_t vector) {
  const Picture cells{std::min(picture.rows, kCellsMax), std::min(picture.columns, kCellsMax)};
  std::vector<std::string> paths(kShades);
  for (std::size_t cell = 0; cell < cells.rows * cells.columns; ++cell) {
    const double mean = mean_in(values, picture, cells, cell);
    const int shade = std::clamp(static_cast<int>(mean * kShades), 0, kShades - 1);
    paths[static_cast<std::size_t>(shade)] +=
        fmt::format("M{} {}h1v1h-1z", cell % cells.columns, cell / cells.columns);
  }
  html::Markup marks;
  for (int shade = 0; shade < kShades; ++shade) {
    const int grey = 255 * shade / (kShades - 1);
    const std::string& path = paths[static_cast<std::size_t>(shade)];
    if (!path.empty())
      marks += html::element("path", {{"d", path}, {"fill", fmt::format("#{0:02x}{0:02x}{0:02x}", grey)}});
  }
  return drawing(fmt::format("0 0 {} {}", cells.columns, cells.rows), vector, marks);
}

// From the lowest to the highest of each column, so that a short peak is seen.
html::Markup draw_line(const std::vector<double>& values, std::uint32_t vector) {
  const std::size_t columns = std::min(values.size(), kColumnsMax);
  std::string points;
  for (std::size_t column = 0; column < columns; ++column) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(column * values.size() / columns);
    const auto end = values.begin() + static_cast<std::ptrdiff_t>((column + 1) * values.size() / columns);
    const auto [low, high] = std::minmax_element(begin, end);
    points += fmt::format("{}{} {:.1f}", points.empty() ? "" : " ", column, 24 - 24 * *low);
    if (*high > *low) points += fmt::format(" {} {:.1f}", column, 24 - 24 * *high);
  }
  return drawing(fmt::format("0 0 {} 24", columns - 1), vector,
                 html::element("polyline", {{"points", points}, {"vector-effect", "non-scaling-stroke"}}));
}

}  // namespace

html::Markup draw_thumbnail(const VectorSet& vectors, std::uint32_t vector) {
  const Tensor& tensor = vectors.input.front();
  const std::size_t bytes = vectors.input.bytes();
  if (vectors.inputs.size() < (vector + std::size_t{1}) * bytes) return {};
  const std::vector<std::size_t> sides = long_dimensions(tensor);
  const bool has_channels = sides.size() == 3 && sides[2] <= kChannelsMax;
  if (sides.empty() || (sides.size() > 2 && !has_channels)) return {};
  const std::vector<double> values =
      stretched(tensor, std::span(vectors.inputs).subspan(vector * bytes, bytes));
  if (sides.size() == 1) return draw_line(values, vector);
  return draw_picture(values, {sides[0], sides[1], has_channels ? sides[2] : 1}, vector);
}

}  // namespace tinyhil::report
