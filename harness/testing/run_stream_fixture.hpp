// SPDX-License-Identifier: Apache-2.0
// Runs over the real agent in virtual time, each command and each frame of results noted.
#pragma once

#include "device/agent/run_stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "device/agent/internal/exchange.hpp"
#include "device/agent/internal/push_stream.hpp"
#include "virtual_line.hpp"

namespace tinyhil::test {

constexpr std::uint16_t kCount = 200;  // vectors of one byte, which is their number

struct SentRun {
  std::uint16_t first = 0;
  std::uint16_t count = 0;
  std::uint8_t form = 0;
  std::uint8_t batch = 0;
};

// Model 0 gives the vector back, model 1 adds a hundred.
class RunStreamTest : public ::testing::Test {
 protected:
  RunStreamTest() : content(kCount) {
    for (std::uint16_t i = 0; i < kCount; ++i) content[i] = static_cast<std::uint8_t>(i);
    EXPECT_TRUE(line.hello());
    device::PushStream push({{device::SlotKind::model, 0, kModels[0], sha256(kModels[0]), 0},
                             {device::SlotKind::model, 1, kModels[1], sha256(kModels[1]), 0},
                             {device::SlotKind::vectors, 0, content, sha256(content), 0}},
                            std::chrono::milliseconds(5'000));
    EXPECT_TRUE(line.drive({&push}));
    for (std::uint16_t slot = 0; slot < 2; ++slot) {
      thil_load load{};
      load.slot = slot;
      device::Exchange exchange(THIL_ID_load, device::pack(load),
                                device::Patience{std::chrono::milliseconds(5'000), true});
      EXPECT_TRUE(line.drive({&exchange}));
    }
    line.requests.clear();
    line.loses_request = [this](const device::FrameView& frame) { return hear_request(frame); };
  }

  static device::RunRequest request(std::size_t models = 1, std::uint16_t repeats = 1) {
    device::RunRequest request;
    for (std::uint8_t slot = 0; slot < models; ++slot) {
      Tensor output;
      output.rank = 1;
      request.models.push_back({slot, output, {}, {}});
    }
    request.count = kCount;
    request.repeats = repeats;
    request.tag = 9;
    request.inference_timeout = std::chrono::milliseconds(10'000);
    return request;
  }
  Result<void> run(std::vector<device::RunRequest> requests) {
    const std::size_t all = requests.size();
    stream.emplace(
        std::move(requests), [all] { return all; }, sink());
    return line.drive({&*stream});
  }
  device::RunStream::Sink sink() {
    return [this](std::size_t, std::size_t model, const InferenceRows& rows) {
      ++flushes;
      for (std::size_t row = 0; row < rows.size(); ++row) {
        ++stored[model].at(rows.vector[row]);
        statuses.push_back(rows.status[row]);
        EXPECT_EQ(rows.outputs[row], static_cast<std::uint8_t>(rows.vector[row] + 100 * model))
            << "vector " << rows.vector[row] << ", model " << model;
      }
    };
  }
  void expect_all(std::size_t models, int copies) const {
    for (std::size_t model = 0; model < models; ++model) {
      EXPECT_EQ(stored[model], std::vector<int>(kCount, copies)) << "model " << model;
    }
  }
  static std::function<bool(const device::FrameView&)> nth(std::uint8_t type, int which) {
    return [type, left = which](const device::FrameView& frame) mutable {
      return frame.header.type == type && left-- == 0;
    };
  }

  const std::vector<std::vector<std::uint8_t>> kModels{{'F', 0, 1, 0, 1, 0, 0}, {'F', 0, 1, 0, 1, 0, 100}};
  std::vector<std::uint8_t> content;
  VirtualLine line;
  std::optional<device::RunStream> stream;
  std::vector<SentRun> runs;
  std::function<bool(const device::FrameView&)> loses_request;
  std::array<std::vector<int>, 2> stored{std::vector<int>(kCount), std::vector<int>(kCount)};
  std::vector<std::uint8_t> statuses;
  int flushes = 0;

 private:
  bool hear_request(const device::FrameView& frame) {
    if (const auto run = device::unpack<thil_run>(frame)) {
      runs.push_back({run->first, run->count, run->form, run->batch});
    }
    return loses_request && loses_request(frame);
  }
};

}  // namespace tinyhil::test
