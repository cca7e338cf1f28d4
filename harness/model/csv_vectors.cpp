// SPDX-License-Identifier: Apache-2.0
#include "csv_vectors.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "base/error.hpp"
#include "base/nearest.hpp"

namespace tinyhil {
namespace {

constexpr std::string_view kLabel = "label";
constexpr std::string_view kGroup = "group";
constexpr std::string_view kSliceColumn = "slice_";
constexpr std::int32_t kClassesMax = 65'535;

[[noreturn]] void refuse_table(const Csv& csv, const std::string& what, const std::string& remedy) {
  throw Error(ErrorKind::usage, what, csv.file, remedy);
}

std::vector<std::string> texts_of(const Csv& csv, std::size_t column) {
  std::vector<std::string> texts;
  for (const std::vector<std::string>& row : csv.rows) texts.push_back(row[column]);
  return texts;
}

struct Coded {
  std::vector<std::string> names;
  std::vector<std::int32_t> codes;
};

// By the order in which they come.
Coded coded_by_appearance(const std::vector<std::string>& texts) {
  Coded coded;
  for (const std::string& text : texts) {
    const auto known = std::ranges::find(coded.names, text);
    coded.codes.push_back(static_cast<std::int32_t>(known - coded.names.begin()));
    if (known == coded.names.end()) coded.names.push_back(text);
  }
  return coded;
}

std::optional<std::int32_t> class_number(const std::string& text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number && value >= 0 && value < kClassesMax ? std::optional(value) : std::nullopt;
}

std::vector<std::string> classes_in(const std::vector<std::string>& labels) {
  std::vector<std::string> names = labels;
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());  // clang 14 has no std::ranges::unique
  const bool are_numbers =
      std::ranges::all_of(names, [](const std::string& n) { return class_number(n).has_value(); });
  if (!are_numbers) return names;
  std::int32_t last = 0;
  for (const std::string& name : names) last = std::max(last, *class_number(name));
  names.clear();
  for (std::int32_t i = 0; i <= last; ++i) names.push_back(std::to_string(i));
  return names;
}

Coded coded_labels(const Csv& csv, std::size_t column, std::vector<std::string> classes) {
  const std::vector<std::string> labels = texts_of(csv, column);
  Coded coded{classes.empty() ? classes_in(labels) : std::move(classes), {}};
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const auto known = std::ranges::find(coded.names, labels[row]);
    if (known == coded.names.end()) {
      throw Error(ErrorKind::usage, "`" + labels[row] + "` is none of the classes",
                  csv.file + ":" + std::to_string(csv.lines[row]), suggestion(labels[row], coded.names));
    }
    coded.codes.push_back(static_cast<std::int32_t>(known - coded.names.begin()));
  }
  return coded;
}

std::vector<std::size_t> feature_columns(const Csv& csv) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < csv.names.size(); ++i) {
    const std::string& name = csv.names[i];
    if (name != kLabel && name != kGroup && !name.starts_with(kSliceColumn)) columns.push_back(i);
  }
  if (columns.empty())
    refuse_table(csv, "the table has no features", "add a column for each number that the models take");
  return columns;
}

std::vector<std::size_t> shape_of(const Csv& csv, std::size_t features, const std::optional<Tensor>& input) {
  std::vector<std::size_t> shape = {csv.rows.size()};
  if (!input) {
    shape.push_back(features);
    return shape;
  }
  if (input->elements() != features) {
    refuse_table(
        csv, "the table has " + std::to_string(features) + " features, but the models take " + input->shape(),
        "give each element of the input a column; " + std::string(kSliceColumn) +
            "<name> for what is no feature");
  }
  for (std::size_t i = 1; i < input->rank; ++i) shape.push_back(input->dims.at(i));
  return shape;
}

NpzArray inputs_of(const Csv& csv, const std::optional<Tensor>& input) {
  const std::vector<std::size_t> columns = feature_columns(csv);
  std::vector<float> values;
  for (std::size_t row = 0; row < csv.rows.size(); ++row)
    for (const std::size_t column : columns) values.push_back(static_cast<float>(csv.number(row, column)));
  return float_array("inputs", shape_of(csv, columns.size(), input), values);
}

}  // namespace

std::vector<NpzArray> vectors_of_csv(const Csv& csv, const std::optional<Tensor>& input,
                                     const std::vector<std::string>& classes) {
  const std::optional<std::size_t> label = csv.column(kLabel);
  if (!label) {
    const auto near = nearest(kLabel, csv.names);
    refuse_table(csv, "the table has no column `label`",
                 near ? "rename `" + *near + "`" : "add it, with the right class of each line");
  }
  const Coded labels = coded_labels(csv, *label, classes);
  std::vector<NpzArray> arrays = {inputs_of(csv, input), integer_array("labels", labels.codes),
                                  text_array("classes", labels.names)};
  if (const auto group = csv.column(kGroup))
    arrays.push_back(integer_array("group", coded_by_appearance(texts_of(csv, *group)).codes));
  for (std::size_t i = 0; i < csv.names.size(); ++i) {
    if (!csv.names[i].starts_with(kSliceColumn)) continue;
    const Coded values = coded_by_appearance(texts_of(csv, i));
    arrays.push_back(integer_array(csv.names[i], values.codes));
    arrays.push_back(text_array(csv.names[i] + "_names", values.names));
  }
  return arrays;
}

}  // namespace tinyhil
