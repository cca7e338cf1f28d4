// SPDX-License-Identifier: Apache-2.0
#include "tflite.hpp"

#include <algorithm>
#include <bit>
#include <string_view>

#include "base/error.hpp"
#include "formats/internal/flat_table.hpp"
#include "tflite_graph.hpp"

namespace tinyhil {
namespace {

// Fields of the schema's tables, by their place.
enum ModelField { kCodes = 1, kSubgraphs = 2 };
enum SubgraphField { kTensors, kInputs, kOutputs, kOperators };
enum TensorField { kShape, kType, kQuantization = 4 };
enum QuantizationField { kScale = 2, kZeroPoint = 3 };
enum CodeField { kDeprecated = 0, kBuiltin = 3 };
constexpr std::size_t kCodeOfOperator = 0;
constexpr std::string_view kIdentifier = "TFL3";

std::optional<DType> dtype_of(std::uint64_t type) {
  switch (type) {
    case 0:
      return DType::float32;
    case 2:
      return DType::int32;
    case 3:
      return DType::uint8;
    case 7:
      return DType::int16;
    case 9:
      return DType::int8;
    default:
      return std::nullopt;
  }
}

std::uint32_t word_of(std::span<const std::uint8_t> bytes, std::size_t index) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) word |= std::uint32_t{bytes[4 * index + i]} << (8 * i);
  return word;
}

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> content)
      : file_(content), model_(FlatTable::root(file_, kIdentifier)), graph_(first_graph()) {}

  TfliteModel read() {
    TfliteModel read{ends(kInputs), ends(kOutputs), {}};
    const FlatList operators = graph_.list(kOperators), codes = model_.list(kCodes);
    for (std::uint32_t i = 0; i < operators.count; ++i) {
      const auto at = static_cast<std::uint32_t>(graph_.entry(operators, i).number(kCodeOfOperator, 4, 0));
      const FlatTable code = model_.entry(codes, at);
      read.operators.push_back(
          static_cast<std::uint32_t>(std::max(code.number(kDeprecated, 1, 0), code.number(kBuiltin, 4, 0))));
    }
    return read;
  }

 private:
  FlatTable first_graph() const {
    const FlatList graphs = model_.list(kSubgraphs);
    if (graphs.count == 0) throw BrokenFlat{};
    return model_.entry(graphs, 0);
  }

  std::vector<std::optional<Tensor>> ends(std::size_t field) const {
    std::vector<std::optional<Tensor>> tensors;
    const std::span<const std::uint8_t> indexes = graph_.bytes(field, 4);
    const FlatList all = graph_.list(kTensors);
    for (std::size_t i = 0; i < indexes.size() / 4; ++i)
      tensors.push_back(tensor_of(graph_.entry(all, word_of(indexes, i))));
    return tensors;
  }

  static std::optional<Tensor> tensor_of(const FlatTable& table) {
    Tensor tensor;
    const auto type = dtype_of(table.number(kType, 1, 0));
    const std::span<const std::uint8_t> shape = table.bytes(kShape, 4);
    if (!type || shape.size() / 4 > tensor.dims.size()) return std::nullopt;
    tensor.dtype = *type;
    tensor.rank = static_cast<std::uint8_t>(shape.size() / 4);
    for (std::size_t i = 0; i < tensor.rank; ++i) {
      tensor.dims[i] = word_of(shape, i);
      if (tensor.dims[i] == 0 || tensor.dims[i] > 0x7FFF'FFFF) return std::nullopt;
    }
    if (!table.has(kQuantization)) return tensor;
    const FlatTable quantization = table.child(kQuantization);
    const std::span<const std::uint8_t> scale = quantization.bytes(kScale, 4);
    const std::span<const std::uint8_t> zero = quantization.bytes(kZeroPoint, 8);
    if (scale.size() != 4) return tensor;
    tensor.scale = std::bit_cast<float>(word_of(scale, 0));
    if (zero.size() == 8) tensor.zero_point = static_cast<std::int32_t>(word_of(zero, 0));
    return tensor;
  }

  FlatFile file_;
  FlatTable model_, graph_;
};

std::optional<TensorList> all_of(const std::vector<std::optional<Tensor>>& tensors) {
  std::vector<Tensor> known;
  for (const std::optional<Tensor>& tensor : tensors) {
    if (tensor) known.push_back(*tensor);
  }
  if (known.empty() || known.size() < tensors.size() || known.size() > TensorList::kMost) return std::nullopt;
  return TensorList(std::move(known));
}

}  // namespace

std::optional<TensorList> TfliteModel::input() const { return all_of(inputs); }
std::optional<TensorList> TfliteModel::output() const { return all_of(outputs); }

bool is_tflite(std::span<const std::uint8_t> content) {
  return content.size() >= 8 && std::equal(kIdentifier.begin(), kIdentifier.end(), content.begin() + 4);
}

TfliteModel read_tflite(std::span<const std::uint8_t> content, const std::string& file) {
  const char* why = "it does not say TFL3";
  try {
    if (is_tflite(content)) {
      why = "it is cut short, or its parts lie outside of the file";
      if (tflite_graph(content)) return Reader(content).read();  // its weights are there, too
    }
  } catch (const BrokenFlat&) {
  }
  throw Error(ErrorKind::usage, std::string("the model file is no valid .tflite file: ") + why, file,
              "export the model again, or fetch the whole file");
}

}  // namespace tinyhil
