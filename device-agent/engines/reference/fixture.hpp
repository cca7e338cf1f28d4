// SPDX-License-Identifier: Apache-2.0
// What the tests of the engine share: the files of testdata/ and memory aligned as engine.h asks.
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <vector>

#include "thil/engine.h"

namespace tinyhil::fixture {

using Bytes = std::vector<uint8_t>;

inline Bytes read(const std::string& name) {
  std::ifstream file(TINYHIL_SOURCE_DIR "/device-agent/engines/reference/testdata/" + name, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

// The places of a model's inputs, or outputs.
using Piece = std::span<uint8_t>;
inline std::vector<Piece> tensors_of(const thil_engine_model* model, thil_tensor_role role) {
  std::vector<Piece> pieces;
  thil_tensor_info info{};
  while (uint8_t* at = thil_engine_tensor(model, role, static_cast<uint32_t>(pieces.size()), &info))
    pieces.emplace_back(at, info.bytes);
  return pieces;
}

// Names in testdata/ that load and run.
inline std::vector<std::string> runnable_models() {
  return {"add",
          "average_pool_2d",
          "concatenation",
          "conv_2d",
          "depthwise_conv_2d",
          "expand_dims",
          "flatten",
          "fully_connected",
          "logistic",
          "max_pool_2d",
          "maximum",
          "mean",
          "minimum",
          "mul",
          "network_0",
          "network_1",
          "network_2",
          "network_3",
          "pack",
          "pad",
          "quantize",
          "relu",
          "relu6",
          "reshape",
          "resize_bilinear",
          "resize_nearest_neighbor",
          "shape",
          "slice",
          "softmax",
          "split",
          "split_v",
          "squeeze",
          "strided_slice",
          "sub",
          "transpose",
          "two_and_two",
          "unpack",
          "var_handle",
          "elu",
          "hard_swish",
          "leaky_relu",
          "prelu",
          "svdf",
          "tanh",
          "transpose_conv",
          "gather",
          "unidirectional_sequence_lstm"};
}

// `size` bytes aligned to 16 that end where the allocation ends, so that ASan sees an overrun.
class Aligned {
 public:
  explicit Aligned(size_t size)
      : size_(size), begin_(new (std::align_val_t{16}) uint8_t[size + (size == 0)]) {
    std::memset(begin_.get(), 0xA5, size);
  }
  explicit Aligned(const Bytes& bytes) : Aligned(bytes.size()) {
    if (!bytes.empty()) {
      std::memcpy(begin_.get(), bytes.data(), bytes.size());
    }
  }
  uint8_t* data() { return begin_.get(); }
  size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(uint8_t* bytes) const { ::operator delete[](bytes, std::align_val_t{16}); }
  };
  size_t size_;
  std::unique_ptr<uint8_t[], Free> begin_;
};

// A load of `bytes` into an arena of `arena_size`, and what came of it.
struct Loaded {
  Aligned image;
  Aligned arena;
  thil_engine_model* model = nullptr;
  thil_engine_report report{};
  thil_engine_status status;

  explicit Loaded(const Bytes& bytes, size_t arena_size = 1 << 16) : image(bytes), arena(arena_size) {
    const thil_engine_memory memory{image.data(), image.size(), arena.data(), arena.size()};
    status = thil_engine_load(&memory, &model, &report);
  }
};

}  // namespace tinyhil::fixture
