// SPDX-License-Identifier: Apache-2.0
// The forms of a result, through a model whose output is its input.
#include <algorithm>
#include <numeric>
#include <random>

#include "running.hpp"

namespace agent_test {
namespace {

// Element `i` of a little-endian tensor as a number that orders as it does.
double element(const Bytes& tensor, thil_dtype dtype, std::size_t i) {
  switch (dtype) {
    case THIL_DTYPE_INT8:
      return static_cast<std::int8_t>(tensor[i]);
    case THIL_DTYPE_UINT8:
      return tensor[i];
    case THIL_DTYPE_INT16: {
      std::int16_t value = 0;
      std::memcpy(&value, tensor.data() + 2 * i, 2);
      return value;
    }
    case THIL_DTYPE_INT32: {
      std::int32_t value = 0;
      std::memcpy(&value, tensor.data() + 4 * i, 4);
      return value;
    }
    case THIL_DTYPE_FLOAT32:
      break;
  }
  float value = 0;
  std::memcpy(&value, tensor.data() + 4 * i, 4);
  return value;
}

std::size_t size_of(thil_dtype dtype) {
  if (dtype == THIL_DTYPE_INT8 || dtype == THIL_DTYPE_UINT8) return 1;
  return dtype == THIL_DTYPE_INT16 ? 2 : 4;
}

// The largest first; of equal ones the one further to the front.
Bytes naive_top_k(const Bytes& tensor, thil_dtype dtype, std::size_t k) {
  const std::size_t size = size_of(dtype);
  std::vector<std::size_t> order(tensor.size() / size);
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return element(tensor, dtype, left) > element(tensor, dtype, right);
  });
  order.resize(std::min(k, order.size()));
  Bytes expected;
  for (std::size_t i : order) {
    expected.push_back(static_cast<std::uint8_t>(i));
    expected.push_back(static_cast<std::uint8_t>(i >> 8));
    const auto at = tensor.begin() + static_cast<std::ptrdiff_t>(i * size);
    expected.insert(expected.end(), at, at + static_cast<std::ptrdiff_t>(size));
  }
  return expected;
}

template <typename Number>
Bytes tensor_of(std::initializer_list<Number> numbers) {
  Bytes tensor(numbers.size() * sizeof(Number));
  std::memcpy(tensor.data(), std::data(numbers), tensor.size());
  return tensor;
}

struct Output : Running {
  Bytes of(const Bytes& tensor, thil_dtype dtype, std::uint8_t form, std::uint8_t k = 0) {
    const auto low = static_cast<std::uint8_t>(tensor.size());
    const auto high = static_cast<std::uint8_t>(tensor.size() >> 8);
    host.push(THIL_SLOT_MODEL, 0, {'F', 0, low, high, low, high, 0, static_cast<std::uint8_t>(dtype)});
    host.push(THIL_SLOT_VECTORS, kVectors, tensor);
    load(0);
    auto request = run(0, 1);
    request.form = form;
    request.top_k = k;
    const auto frames = start(request);
    if (frames.size() != 3) return {};
    return rows_of(frames, frames[1].payload.size() - 8 - 9).at(0).output;
  }

  // Loads a model whose output, of so many bytes, counts upwards from 3; returns that output.
  Bytes count_up(std::size_t size) {
    host.push(THIL_SLOT_MODEL, 0,
              fake_model(1, static_cast<std::uint8_t>(size), 0, 0, static_cast<std::uint8_t>(size >> 8)));
    host.push(THIL_SLOT_VECTORS, kVectors, {3});
    load(0);
    Bytes output(size);
    std::iota(output.begin(), output.end(), std::uint8_t{3});
    return output;
  }

  Bytes top(const Bytes& tensor, thil_dtype dtype, std::uint8_t k) {
    return of(tensor, dtype, THIL_RESULT_TOP_K, k);
  }
};

TEST_F(Output, InFullIsTheTensor) {
  const Bytes tensor = tensor_of<float>({1.5f, -2.5f});
  EXPECT_EQ(of(tensor, THIL_DTYPE_FLOAT32, THIL_RESULT_FULL), tensor);
}

TEST_F(Output, AsADigestIsTheBeginningOfItsSha256) {
  const Bytes tensor = tensor_of<std::int16_t>({1, -2, 3});
  const thil_digest digest = digest_of(tensor);
  EXPECT_EQ(of(tensor, THIL_DTYPE_INT16, THIL_RESULT_DIGEST), Bytes(digest.bytes, digest.bytes + 8));
}

TEST_F(Output, AsTopKHoldsIndexAndElementOfTheLargest) {
  EXPECT_EQ(top(tensor_of<std::int8_t>({-3, 5, 127, -128}), THIL_DTYPE_INT8, 2), (Bytes{2, 0, 127, 1, 0, 5}));
  EXPECT_EQ(top(tensor_of<std::uint8_t>({3, 255, 127, 128}), THIL_DTYPE_UINT8, 2),
            (Bytes{1, 0, 255, 3, 0, 128}));
}

TEST_F(Output, TopKTakesTheFirstOfEqualOnes) {
  EXPECT_EQ(top(tensor_of<std::int8_t>({1, 7, 7, 1, 7}), THIL_DTYPE_INT8, 4),
            (Bytes{1, 0, 7, 2, 0, 7, 4, 0, 7, 0, 0, 1}));
}

TEST_F(Output, TopKOrdersNegativeNumbersOfEveryType) {
  const Bytes wide = tensor_of<std::int16_t>({-300, 300, -1, -32768, 32767});
  EXPECT_EQ(top(wide, THIL_DTYPE_INT16, 5), naive_top_k(wide, THIL_DTYPE_INT16, 5));
  const Bytes wider = tensor_of<std::int32_t>({-70000, 70000, -1, INT32_MIN, INT32_MAX});
  EXPECT_EQ(top(wider, THIL_DTYPE_INT32, 5), naive_top_k(wider, THIL_DTYPE_INT32, 5));
  const Bytes real =
      tensor_of<float>({-1.5f, -0.25f, 3e38f, -3e38f, 1e-40f, -1e-40f, 0.0f, -INFINITY, INFINITY});
  EXPECT_EQ(top(real, THIL_DTYPE_FLOAT32, 9), naive_top_k(real, THIL_DTYPE_FLOAT32, 9));
}

TEST_F(Output, TopKOfMoreThanThereAreIsAllOfThem) {
  const Bytes tensor = tensor_of<std::int8_t>({4, 9});
  EXPECT_EQ(top(tensor, THIL_DTYPE_INT8, 255), (Bytes{1, 0, 9, 0, 0, 4}));
}

TEST_F(Output, TopKIsWhatANaiveSortGives) {
  std::mt19937 random(20240613);
  const thil_dtype types[] = {THIL_DTYPE_INT8, THIL_DTYPE_UINT8, THIL_DTYPE_INT16, THIL_DTYPE_INT32,
                              THIL_DTYPE_FLOAT32};
  for (int round = 0; round < 200; ++round) {
    const thil_dtype dtype = types[round % 5];
    const std::size_t elements = 1 + random() % 60;
    Bytes tensor(elements * size_of(dtype));
    for (auto& byte : tensor) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0);
    if (dtype == THIL_DTYPE_FLOAT32) {  // a value of a coarse grid, so that there are ties and no NaN
      for (std::size_t i = 0; i < elements; ++i) {
        const float value = 0.25f * (static_cast<float>(random() % 9) - 4.0f) + 0.125f;
        std::memcpy(tensor.data() + 4 * i, &value, 4);
      }
    }
    const auto k = static_cast<std::uint8_t>(1 + random() % 12);
    EXPECT_EQ(top(tensor, dtype, k), naive_top_k(tensor, dtype, k)) << "round " << round;
  }
}

// The content of all parts of one inference; checks that they follow each other.
Bytes joined(const std::vector<Frame>& frames, std::uint32_t inference) {
  Bytes whole;
  for (const Frame& frame : frames) {
    if (frame.header.type != THIL_ID_part) continue;
    const auto part = frame.as<thil_part>();
    if (part.inference != inference) continue;
    EXPECT_EQ(part.run, 42U);
    EXPECT_EQ(part.offset, whole.size());
    whole.insert(whole.end(), part.content.bytes, part.content.bytes + part.content.size);
  }
  return whole;
}

TEST_F(Output, OneThatFitsNoFrameComesInPartsAfterARowWithItsDigest) {
  for (const std::size_t size : {1008U, 1012U, 1013U, 1900U}) {
    const Bytes tensor = count_up(size);
    const auto frames = start(run(0, 1, 2));
    std::vector<std::uint8_t> expected{THIL_ID_done};
    for (int repeat = 0; repeat < 2; ++repeat) {
      expected.push_back(THIL_ID_results);
      for (std::size_t at = 0; at < size; at += 1012) expected.push_back(THIL_ID_part);
    }
    expected.push_back(THIL_ID_run_ended);
    EXPECT_EQ(types_of(frames), expected) << size;
    for (std::uint32_t inference = 0; inference < 2; ++inference)
      EXPECT_EQ(joined(frames, inference), tensor) << size;
    const auto rows = rows_of(frames, THIL_SHORT_DIGEST_SIZE);
    ASSERT_EQ(rows.size(), 2U);
    const thil_digest digest = digest_of(tensor);
    EXPECT_EQ(rows[1].status, THIL_RESULT_OK | THIL_RESULT_IN_PARTS);
    EXPECT_EQ(rows[1].output, Bytes(digest.bytes, digest.bytes + 8));
  }
}

TEST_F(Output, NothingOfItIsSentWhileTheNextInferenceRuns) {
  count_up(1900);
  static std::vector<std::size_t> sent;
  sent.clear();
  fake_engine_on_invoke([] { sent.push_back(fake_port->to_host.size()); });
  const auto frames = start(run(0, 1, 3));
  fake_engine_on_invoke(nullptr);
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_GT(sent[1] - sent[0], 1900U) << "the whole output has gone before";
  EXPECT_EQ(joined(frames, 2).size(), 1900U);
}

TEST_F(Output, ARequestAmongThePartsEndsTheRunButACheckDoesNot) {
  count_up(1900);
  for (const bool is_check : {true, false}) {
    begin(run(0, 1, 2), 1);
    host.put(is_check ? host.line_of(thil_check{}) : host.line_of(thil_list{0, THIL_SLOT_VECTORS, 0, 1}));
    const auto frames = host.settle();
    EXPECT_EQ(joined(frames, 0).size(), is_check ? 1900U : 0U);
    EXPECT_EQ(joined(frames, 1).size(), is_check ? 1900U : 0U);
  }
}

TEST_F(Output, AsDigestOrTopKItNeedsNoParts) {
  const thil_digest digest = digest_of(count_up(1900));
  auto request = run(0, 1);
  request.form = THIL_RESULT_DIGEST;
  EXPECT_EQ(rows_of(start(request), 8).at(0).output, Bytes(digest.bytes, digest.bytes + 8));
  request.form = THIL_RESULT_TOP_K;
  request.top_k = 2;
  EXPECT_EQ(rows_of(start(request), 6).at(0).output, (Bytes{124, 0, 127, 124, 1, 127})) << "124 + 256";
}

TEST_F(Output, TopKThatFitsNoFrameIsRefused) {
  const Bytes tensor(1000, 1);
  of(tensor, THIL_DTYPE_INT8, THIL_RESULT_FULL);
  auto request = run(0, 1);
  request.form = THIL_RESULT_TOP_K;
  request.top_k = 255;
  EXPECT_EQ(rows_of(start(request), 255u * 3).size(), 1u);
  const Bytes wide(1004, 1);
  of(wide, THIL_DTYPE_FLOAT32, THIL_RESULT_FULL);
  const auto refused = host.refusal(request);
  EXPECT_EQ(refused.reason, THIL_REFUSED_TOO_LARGE);
  EXPECT_EQ(text(refused.detail), "top_k");
}

}  // namespace
}  // namespace agent_test
