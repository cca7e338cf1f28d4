// SPDX-License-Identifier: Apache-2.0
#include "tflite_graph.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "formats/internal/flat_table.hpp"

namespace tinyhil {
namespace {

// Fields by their place in the schema.
namespace model {
enum Field { operator_codes = 1, subgraphs = 2, buffers = 4 };
}
namespace code {
enum Field { deprecated_builtin = 0, custom = 1, version = 2, builtin = 3 };
}
namespace subgraph {
enum Field { tensors = 0, inputs = 1, outputs = 2, operators = 3 };
}
namespace tensor {
enum Field { shape = 0, type = 1, buffer = 2, quantization = 4, is_variable = 5, sparsity = 6 };
}
namespace quantization {
enum Field { scale = 2, zero_point = 3, dimension = 6 };
}
namespace op {
enum Field {
  opcode = 0,
  inputs = 1,
  outputs = 2,
  options_type = 3,
  options = 4,
  custom_options = 5,
  large_custom_options = 9,
  options_2_type = 11,
  options_2 = 12
};
}
namespace buffer {
enum Field { data = 0, offset = 1, size = 2 };
}

constexpr std::uint64_t kReshapeOptions = 17, kSqueezeOptions = 30;  // whose first field is a list of int
constexpr std::int32_t kNoTensor = -1;                               // an optional input that is left out

class Walk {
 public:
  explicit Walk(std::span<const std::uint8_t> bytes) : file_(bytes), model_(FlatTable::root(file_, "TFL3")) {}

  Digest digest() {
    const FlatList graphs = model_.list(model::subgraphs);
    if (graphs.count == 0) throw BrokenFlat{};
    add(graphs.count);
    for (std::uint32_t i = 0; i < graphs.count; ++i) add_subgraph(model_.entry(graphs, i));
    return hash_.finish();
  }

 private:
  void add(std::uint64_t value) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(value);
      value >>= 8;
    }
    hash_.add(bytes);
  }

  void add(std::span<const std::uint8_t> bytes) {
    add(bytes.size());
    hash_.add(bytes);
  }

  void add_subgraph(const FlatTable& graph) {
    reached_.clear();
    add_tensors(graph, graph.list(subgraph::inputs));
    const FlatList operators = graph.list(subgraph::operators);
    add(operators.count);
    for (std::uint32_t i = 0; i < operators.count; ++i) add_operator(graph, graph.entry(operators, i));
    add_tensors(graph, graph.list(subgraph::outputs));
  }

  // By the order in which they are reached, each described the first time.
  void add_tensors(const FlatTable& graph, const FlatList& indices) {
    add(indices.count);
    for (std::uint32_t i = 0; i < indices.count; ++i) {
      const auto index = static_cast<std::int32_t>(file_.number(indices.at + 4 * std::uint64_t{i}, 4));
      const auto [known, is_new] = reached_.emplace(index, reached_.size());
      add(known->second);
      if (index != kNoTensor && is_new)
        add_tensor(graph.entry(graph.list(subgraph::tensors), static_cast<std::uint32_t>(index)));
      if (index == kNoTensor) add(std::uint64_t{UINT64_MAX});
    }
  }

  void add_tensor(const FlatTable& one) {
    add(one.bytes(tensor::shape, 4));
    add(one.number(tensor::type, 1, 0));
    add(one.number(tensor::is_variable, 1, 0));
    if (one.has(tensor::sparsity)) throw BrokenFlat{};  // its index lists are not followed
    if (one.has(tensor::quantization)) {
      const FlatTable scales = one.child(tensor::quantization);
      add(scales.bytes(quantization::scale, 4));
      add(scales.bytes(quantization::zero_point, 8));
      add(scales.number(quantization::dimension, 4, 0));
    }
    add_buffer(static_cast<std::uint32_t>(one.number(tensor::buffer, 4, 0)));
  }

  // Values may lie behind the FlatBuffer, in files of more than 2 GiB and of some converters.
  void add_buffer(std::uint32_t index) {
    const FlatTable values = model_.entry(model_.list(model::buffers), index);
    const std::uint64_t at = values.number(buffer::offset, 8, 0);
    add(at > 1 ? file_.take(at, values.number(buffer::size, 8, 0)) : values.bytes(buffer::data, 1));
  }

  void add_operator(const FlatTable& graph, const FlatTable& one) {
    add_code(static_cast<std::uint32_t>(one.number(op::opcode, 4, 0)));
    add_options(one, op::options_type, op::options);
    add_options(one, op::options_2_type, op::options_2);
    add(one.bytes(op::custom_options, 1));
    if (one.number(op::large_custom_options, 8, 0) > 1) throw BrokenFlat{};
    add_tensors(graph, one.list(op::inputs));
    add_tensors(graph, one.list(op::outputs));
  }

  // The code is the larger of two fields: the first had only one byte.
  void add_code(std::uint32_t index) {
    const FlatTable code = model_.entry(model_.list(model::operator_codes), index);
    const auto old = static_cast<std::uint64_t>(code.number(code::deprecated_builtin, 1, 0));
    add(std::max(old, code.number(code::builtin, 4, 0)));
    add(code.number(code::version, 4, 1));
    add(code.bytes(code::custom, 1));
  }

  void add_options(const FlatTable& one, op::Field type, op::Field options) {
    const std::uint64_t kind = one.number(type, 1, 0);
    add(kind);
    if (kind == 0) return;
    const FlatTable fields = one.child(options);
    const bool is_list = type == op::options_type && (kind == kReshapeOptions || kind == kSqueezeOptions);
    for (std::size_t field = 0; field < fields.fields(); ++field) {
      if (!fields.has(field)) continue;
      add(field);
      is_list ? add(fields.bytes(field, 4)) : add(fields.scalar(field));
    }
    add(std::uint64_t{UINT64_MAX});
  }

  FlatFile file_;
  FlatTable model_;
  Sha256 hash_;
  std::map<std::int32_t, std::uint64_t> reached_;  // tensors of this subgraph, by their order of appearance
};

}  // namespace

std::optional<Digest> tflite_graph(std::span<const std::uint8_t> file) {
  try {
    return Walk(file).digest();
  } catch (const BrokenFlat&) {
    return std::nullopt;
  }
}

}  // namespace tinyhil
