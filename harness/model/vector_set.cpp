// SPDX-License-Identifier: Apache-2.0
#include "vector_set.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "base/file_content.hpp"
#include "base/nearest.hpp"
#include "formats/array_checks.hpp"
#include "formats/npz.hpp"
#include "limits.hpp"
#include "model/internal/equal_vectors.hpp"
#include "model/internal/near_copies.hpp"
#include "numbered_arrays.hpp"

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

// Of one of several.
bool is_of_an_input(const std::string& array) {
  return is_numbered(array, "inputs") || is_numbered(array, "input_scale") ||
         is_numbered(array, "input_zero_point");
}

// A misspelt name would silently drop a slice or a golden output from the verdict.
void check_names(const Npz& npz, const Task& task) {
  std::vector<std::string> known = task.arrays();
  known.insert(known.end(), {"inputs", "group", "group_unit", "input_scale", "input_zero_point"});
  const std::vector<std::string> exact = known;
  known.insert(known.end(), {"slice_*", "slice_*_names", "golden_*"});
  for (const std::string& name : npz.names()) {
    if (is_slice(name) || is_slice_names(name) || is_golden(name) || is_of_an_input(name)) continue;
    if (std::ranges::find(exact, name) != exact.end()) continue;
    ArrayPlace{npz.file(), name}.refuse("is not known", suggestion(name, known));
  }
  for (const std::string& name : npz.names()) {
    if (!is_slice_names(name)) continue;
    const std::string slice = name.substr(0, name.size() - kNames.size());
    if (!npz.has(slice))
      ArrayPlace{npz.file(), name}.refuse("has no array `" + slice + '`', "add it or remove this");
  }
}

// Of one vector of these.
Tensor input_of(const NpyArray& inputs) {
  const auto& shape = inputs.header.shape;
  if (shape.empty() || shape.size() > 4)
    inputs.place.refuse("is " + inputs.header.description() + ", which does not have 1 to 4 dimensions",
                        "give it the shape [vectors, ...] that the model takes, one vector a row");
  if (inputs.values.empty()) inputs.place.refuse("is empty", "save at least one vector");
  if (shape[0] > kVectorsMax) inputs.place.refuse("has more than 10 million vectors", "split the file");
  Tensor input;
  input.dtype = tensor_dtype(inputs);
  input.rank = static_cast<std::uint8_t>(shape.size());
  // Each fits: the whole array is at most 1 GiB.
  for (std::size_t i = 1; i < shape.size(); ++i) input.dims[i] = static_cast<std::uint32_t>(shape[i]);
  return input;
}

void take_inputs(const Npz& npz, VectorSet& set) {
  std::vector<Tensor> tensors;
  std::vector<std::vector<std::uint8_t>> values;
  for (const std::string& name : arrays_of(npz, "inputs")) {
    NpyArray inputs = npz.read(name);
    tensors.push_back(input_of(inputs));
    if (tensors.size() == 1) set.count = inputs.header.shape[0];
    if (inputs.header.shape[0] != set.count)
      inputs.place.refuse("has " + std::to_string(inputs.header.shape[0]) + " vectors, `" +
                              numbered("inputs", 0) + "` " + std::to_string(set.count),
                          "save as many of each");
    values.push_back(std::move(inputs.values));
  }
  set.input = TensorList(std::move(tensors));
  set.inputs = values.size() == 1 ? std::move(values.front()) : row_by_row(values, set.count);
  assert(set.inputs.size() == set.count * set.input.bytes());
}

void take_slices(const Npz& npz, VectorSet& set) {
  for (const std::string& array : npz.names()) {
    if (!is_slice(array)) continue;
    Slice slice;
    slice.name = array.substr(kSlice.size());
    slice.values = names(npz.require(array + std::string(kNames)));
    slice.code = codes(npz.read(array), set.count, slice.values.size(), array + std::string(kNames));
    set.slices.push_back(std::move(slice));
  }
}

Golden golden_of(NpyArray array, std::size_t count) {
  check_rows(array, count);
  if (array.values.empty())
    array.place.refuse("is empty", "save one row of outputs a vector, or leave it out");
  Golden golden;
  golden.bytes_each = array.values.size() / count;
  Tensor output{tensor_dtype(array), 2, {1, 1, 1, 1}, 0, 0};
  output.dims[1] = static_cast<std::uint32_t>(golden.bytes_each / size_of(output.dtype));
  golden.output = output;
  golden.outputs = std::move(array.values);
  return golden;
}

// `golden_x_0`, `golden_x_1` and so on, which stay what they are, together: the outputs of a model of
// several.
void join_golden(const std::string& stem, VectorSet& set) {
  std::vector<Tensor> tensors;
  std::vector<std::vector<std::uint8_t>> values;
  for (auto part = set.golden.find(numbered(stem, 0));
       part != set.golden.end() && tensors.size() < TensorList::kMost;
       part = set.golden.find(numbered(stem, tensors.size()))) {
    tensors.push_back(part->second.output.only());
    values.push_back(part->second.outputs);
  }
  if (tensors.size() < 2) return;
  Golden golden;
  golden.output = TensorList(std::move(tensors));
  golden.bytes_each = golden.output.bytes();
  golden.outputs = row_by_row(values, set.count);
  set.golden.emplace(stem, std::move(golden));
}

void take_golden(const Npz& npz, VectorSet& set) {
  std::vector<std::string> stems;
  for (const std::string& name : npz.names()) {
    if (!is_golden(name)) continue;
    set.golden.emplace(name, golden_of(npz.read(name), set.count));
    const std::string stem = name.substr(0, name.rfind('_'));
    if (is_golden(stem) && name == numbered(stem, 0) && !npz.has(stem)) stems.push_back(stem);
  }
  for (const std::string& stem : stems) join_golden(stem, set);
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

void take_quantisation(const Npz& npz, const std::string& suffix, Tensor& input) {
  const std::string scale = "input_scale" + suffix, zero_point = "input_zero_point" + suffix;
  if (npz.has(scale) && input.dtype == DType::float32)
    npz.read(scale).place.refuse("is given, but float32 inputs are real numbers as they are",
                                 "remove it; or save the integers that it is the scale of");
  if (npz.has(scale)) input.scale = positive_scalar(npz.read(scale));
  if (!npz.has(zero_point)) return;
  const NpyArray array = npz.read(zero_point);
  if (input.scale == 0) array.place.refuse("is given without `" + scale + '`', "save both, or neither");
  input.zero_point = integer_scalar(array);
}

// What is said of an input that is not there would be left out without a word.
void refuse_other_quantisation(const Npz& npz, const VectorSet& set) {
  for (const std::string stem : {"input_scale", "input_zero_point"}) {
    std::vector<std::string> wrong;
    if (!set.input.is_single()) wrong.push_back(stem);
    for (std::size_t i = npz.has("inputs") ? 0 : set.input.size(); i < TensorList::kMost; ++i)
      wrong.push_back(numbered(stem, i));
    for (const std::string& name : wrong) {
      if (npz.has(name))
        ArrayPlace{npz.file(), name}.refuse("is of an input that is not there",
                                            "give it the number of the input that it is about");
    }
  }
}

void take_quantisation(const Npz& npz, VectorSet& set) {
  refuse_other_quantisation(npz, set);
  std::vector<Tensor> inputs(set.input.begin(), set.input.end());
  for (std::size_t i = 0; i < inputs.size(); ++i)
    take_quantisation(npz, npz.has("inputs") ? "" : '_' + std::to_string(i), inputs[i]);
  set.input = TensorList(std::move(inputs));
}

template <class T>
void add_all(Sha256& hash, const std::vector<T>& values) {
  hash.add(std::span(reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)));
}

std::vector<std::uint64_t> type_and_shape(const Tensor& tensor) {
  return {std::uint64_t(tensor.dtype), tensor.dims[0], tensor.dims[1], tensor.dims[2], tensor.dims[3]};
}

// Of one input the same as ever: it is stored.
Digest digest_of_values(const VectorSet& set) {
  Sha256 hash;
  add_all(hash, std::vector<std::uint64_t>{set.count});
  for (const Tensor& tensor : set.input) add_all(hash, type_and_shape(tensor));
  add_all(hash, set.inputs);
  add_all(hash, set.labels);
  add_all(hash, set.targets);
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

VectorSet parse_vector_set(std::vector<std::uint8_t> content, const std::filesystem::path& file,
                           const SharedTask& task) {
  VectorSet set;
  set.task = task;
  set.file = file;
  set.digest = sha256(content);
  const Npz npz(std::move(content), file.string());
  check_names(npz, *task);
  take_inputs(npz, set);
  task->take(npz, set);
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

VectorSet load_vector_set(const std::filesystem::path& file, const SharedTask& task) {
  return parse_vector_set(read_file(file, kFileSizeMax, "vector file"), file, task);
}

}  // namespace tinyhil
