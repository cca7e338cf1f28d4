// SPDX-License-Identifier: Apache-2.0
#include "vector_set.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "base/file_content.hpp"
#include "base/nearest.hpp"
#include "equal_vectors.hpp"
#include "formats/array_checks.hpp"
#include "formats/npz.hpp"
#include "limits.hpp"
#include "near_copies.hpp"

namespace tinyhil {
namespace {

constexpr std::size_t kFileSizeMax = std::size_t{1} << 30;
constexpr std::string_view kSlice = "slice_";
constexpr std::string_view kNames = "_names";
constexpr std::string_view kGolden = "golden_";

bool is_slice_names(const std::string& array) {
  return array.starts_with(kSlice) && array.ends_with(kNames) && array.size() > kSlice.size() + kNames.size();
}

bool is_slice(const std::string& array) {
  return array.starts_with(kSlice) && array.size() > kSlice.size() && !is_slice_names(array);
}

bool is_golden(const std::string& array) {
  return array.starts_with(kGolden) && array.size() > kGolden.size();
}

// A misspelt name would silently drop a slice or a golden output from the verdict.
void check_names(const Npz& npz) {
  const std::vector<std::string> known = {"inputs",        "labels",      "classes",          "group",
                                          "group_unit",    "input_scale", "input_zero_point", "slice_*",
                                          "slice_*_names", "golden_*"};
  for (const std::string& name : npz.names()) {
    if (is_slice(name) || is_slice_names(name) || is_golden(name)) continue;
    if (std::find(known.begin(), known.begin() + 7, name) != known.begin() + 7) continue;
    ArrayPlace{npz.file(), name}.refuse("is not known", suggestion(name, known));
  }
  for (const std::string& name : npz.names()) {
    if (!is_slice_names(name)) continue;
    const std::string slice = name.substr(0, name.size() - kNames.size());
    if (!npz.has(slice))
      ArrayPlace{npz.file(), name}.refuse("has no array `" + slice + '`', "add it or remove this");
  }
}

NpyArray require(const Npz& npz, const std::string& name) {
  if (!npz.has(name))
    ArrayPlace{npz.file(), name}.refuse("is missing", "add it: np.savez(..., " + name + "=...)");
  return npz.read(name);
}

void take_inputs(const Npz& npz, VectorSet& set) {
  NpyArray inputs = require(npz, "inputs");
  const auto& shape = inputs.header.shape;
  if (shape.empty() || shape.size() > 4)
    inputs.place.refuse("is " + inputs.header.description() + ", which does not have 1 to 4 dimensions",
                        "give it the shape [vectors, ...] that the model takes, one vector a row");
  if (inputs.values.empty()) inputs.place.refuse("is empty", "save at least one vector");
  if (shape[0] > kVectorsMax) inputs.place.refuse("has more than 10 million vectors", "split the file");
  set.count = shape[0];
  set.input.dtype = tensor_dtype(inputs);
  set.input.rank = static_cast<std::uint8_t>(shape.size());
  // Each fits: the whole array is at most 1 GiB.
  for (std::size_t i = 1; i < shape.size(); ++i) set.input.dims[i] = static_cast<std::uint32_t>(shape[i]);
  set.inputs = std::move(inputs.values);
  assert(set.inputs.size() == set.count * set.input.bytes());
}

void take_labels(const Npz& npz, VectorSet& set) {
  set.classes = names(require(npz, "classes"));
  set.labels = codes(require(npz, "labels"), set.count, set.classes.size(), "classes");
}

void take_slices(const Npz& npz, VectorSet& set) {
  for (const std::string& array : npz.names()) {
    if (!is_slice(array)) continue;
    Slice slice;
    slice.name = array.substr(kSlice.size());
    slice.values = names(require(npz, array + std::string(kNames)));
    slice.code = codes(npz.read(array), set.count, slice.values.size(), array + std::string(kNames));
    set.slices.push_back(std::move(slice));
  }
}

void take_golden(const Npz& npz, VectorSet& set) {
  for (const std::string& name : npz.names()) {
    if (!is_golden(name)) continue;
    NpyArray array = npz.read(name);
    check_rows(array, set.count);
    Golden golden;
    golden.dtype = tensor_dtype(array);
    if (array.values.empty())
      array.place.refuse("is empty", "save one row of outputs a vector, or leave it out");
    golden.bytes_each = array.values.size() / set.count;
    golden.outputs = std::move(array.values);
    set.golden.emplace(name, std::move(golden));
  }
}

void take_group(const Npz& npz, VectorSet& set) {
  if (!npz.has("group")) return;
  const NpyArray array = npz.read("group");
  check_vector_of_integers(array, set.count);
  const IntegerRange range{.low = 0,
                           .high = std::numeric_limits<std::uint32_t>::max(),
                           .otherwise = "which is not a group number"};
  set.group.reserve(set.count);
  for (std::size_t i = 0; i < set.count; ++i)
    set.group.push_back(static_cast<std::uint32_t>(integer_within(array, i, range)));
}

void take_group_unit(const Npz& npz, VectorSet& set) {
  if (!npz.has("group_unit")) return;
  const NpyArray array = npz.read("group_unit");
  const std::vector<std::string> unit = names(array);
  if (unit.size() != 1 || !npz.has("group"))
    array.place.refuse("is not one name beside `group`", "save np.array(['speaker'], 'S'), or leave it out");
  set.group_unit = unit.front();
}

void take_quantisation(const Npz& npz, VectorSet& set) {
  if (npz.has("input_scale")) set.input.scale = positive_scalar(npz.read("input_scale"));
  if (!npz.has("input_zero_point")) return;
  const NpyArray zero_point = npz.read("input_zero_point");
  if (set.input.scale == 0)
    zero_point.place.refuse("is given without `input_scale`", "save both, or neither");
  set.input.zero_point = integer_scalar(zero_point);
}

template <class T>
void add_all(Sha256& hash, const std::vector<T>& values) {
  hash.add(std::span(reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)));
}

Digest digest_of_values(const VectorSet& set) {
  const std::vector<std::uint64_t> shape = {set.count,         std::uint64_t(set.input.dtype),
                                            set.input.dims[0], set.input.dims[1],
                                            set.input.dims[2], set.input.dims[3]};
  Sha256 hash;
  add_all(hash, shape);
  add_all(hash, set.inputs);
  add_all(hash, set.labels);
  for (const std::string& name : set.classes) hash.add(std::to_string(name.size()) + " " + name);
  return hash.finish();
}

}  // namespace

std::span<const std::uint8_t> VectorSet::vector(std::size_t index) const {
  assert(index < count);
  return std::span(inputs).subspan(index * input.bytes(), input.bytes());
}

const Slice* VectorSet::slice(const std::string& wanted) const {
  for (const Slice& slice : slices)
    if (slice.name == wanted) return &slice;
  return nullptr;
}

VectorSet parse_vector_set(std::vector<std::uint8_t> content, const std::filesystem::path& file) {
  VectorSet set;
  set.file = file;
  set.digest = sha256(content);
  const Npz npz(std::move(content), file.string());
  check_names(npz);
  take_inputs(npz, set);
  take_labels(npz, set);
  take_slices(npz, set);
  take_golden(npz, set);
  take_group(npz, set);
  take_group_unit(npz, set);
  take_quantisation(npz, set);
  set.copies = group_equal_vectors(set);
  set.values = digest_of_values(set);
  set.near_copies = count_near_copies(set);
  return set;
}

VectorSet load_vector_set(const std::filesystem::path& file) {
  return parse_vector_set(read_file(file, kFileSizeMax, "vector file"), file);
}

}  // namespace tinyhil
