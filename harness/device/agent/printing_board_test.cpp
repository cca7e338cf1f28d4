// SPDX-License-Identifier: Apache-2.0
// A board whose application prints on the agent's line: the same rows as on a clean line, in about the time.
#include <gtest/gtest.h>

#include <map>

#include "device/agent/internal/exchange.hpp"
#include "device/agent/internal/push_stream.hpp"
#include "model/inference_rows.hpp"
#include "run_stream.hpp"
#include "testing/virtual_line.hpp"

namespace tinyhil::device {
namespace {

using std::chrono::milliseconds;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint16_t kPrintingVectors = 200;  // of a block
constexpr std::uint16_t kPrintingInput = 20;
constexpr std::uint8_t kPrintingOutput = 12;
constexpr std::uint16_t kPrintingBlocks = 6;

// Each n-th frame has a line of a log before it, or in its middle.
struct Printing {
  int before = 0;
  int inside = 0;
  int phase = 0;
};

std::function<void(Bytes&)> printer(Printing printing) {
  return [printing, frames = printing.phase](Bytes& frame) mutable {
    const std::string text = "[  12.345] I (app): still here, " + std::to_string(++frames) + "\r\n";
    const bool is_before = printing.before > 0 && frames % printing.before == 0;
    const bool is_inside = printing.inside > 0 && frames % printing.inside == 0;
    if (is_inside) frame.insert(frame.begin() + 9, text.begin(), text.end());
    if (is_before) frame.insert(frame.begin(), text.begin(), text.end());
  };
}

struct CampaignOutcome {
  std::map<std::uint32_t, Bytes> outputs;  // by position
  std::size_t rows = 0;
  double seconds = 0;
  bool done = false;
};

class PrintingCampaign {
 public:
  explicit PrintingCampaign(const Printing& printing) {
    line_.byte_time = std::chrono::microseconds(87);  // 115,200 baud
    line_.latency = milliseconds(1);
    line_.inference_time = std::chrono::microseconds(2'000);
    if (printing.before > 0 || printing.inside > 0) line_.prints = printer(printing);
  }

  CampaignOutcome run(RunMode mode) {
    const Time begin = line_.now;
    outcome_.done = line_.hello() && fill() && load() && infer(mode);
    outcome_.seconds = std::chrono::duration<double>(line_.now - begin).count();
    return outcome_;
  }
  const Session& session() const { return line_.session; }

 private:
  bool fill() {
    model_ = {'F', 0, kPrintingInput, 0, kPrintingOutput, 0, 3};
    std::vector<PushBlock> blocks{{SlotKind::model, 0, model_, sha256(model_), 0}};
    for (std::uint16_t slot = 0; slot < kPrintingBlocks; ++slot) {
      for (std::size_t i = 0; i < std::size_t{kPrintingVectors} * kPrintingInput; ++i) {
        contents_[slot].push_back(static_cast<std::uint8_t>((i * 7 + i / kPrintingInput * 13 + slot) % 200));
      }
      blocks.push_back({SlotKind::vectors, slot, contents_[slot], sha256(contents_[slot]), 0});
    }
    PushStream push(std::move(blocks), milliseconds(90'000));
    return line_.drive({&push}).has_value();
  }
  bool load() {
    thil_load load{};
    Exchange exchange(THIL_ID_load, pack(load), Patience{milliseconds(90'000), true});
    return line_.drive({&exchange}).has_value();
  }
  bool infer(RunMode mode) {
    std::vector<RunRequest> requests;
    for (std::uint16_t slot = 0; slot < kPrintingBlocks; ++slot) {
      RunRequest& request = requests.emplace_back();
      Tensor output;
      output.rank = 1;
      output.dims = {kPrintingOutput, 1, 1, 1};
      request.models = {RunModel{0, output}};
      request.vector_slot = slot;
      request.count = kPrintingVectors;
      request.position = OrderPosition{1000U * slot};
      request.mode = mode;
    }
    RunStream run(
        std::move(requests), [] { return kPrintingBlocks; },
        [this](std::size_t, std::size_t, const InferenceRows& rows) { store(rows); });
    return line_.drive({&run}).has_value();
  }
  void store(const InferenceRows& rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const auto at = rows.outputs.begin() + static_cast<std::ptrdiff_t>(row * kPrintingOutput);
      outcome_.outputs[rows.vector[row]] = Bytes(at, at + kPrintingOutput);
      ++outcome_.rows;
    }
  }

  test::VirtualLine line_;
  Bytes model_;
  std::array<Bytes, kPrintingBlocks> contents_;
  CampaignOutcome outcome_;
};

class PrintingBoard : public ::testing::TestWithParam<RunMode> {
 protected:
  void expect_as_clean(const Printing& printing, double times) {
    const CampaignOutcome clean = PrintingCampaign({}).run(GetParam());
    ASSERT_TRUE(clean.done);
    PrintingCampaign campaign(printing);
    const CampaignOutcome printed = campaign.run(GetParam());
    ASSERT_TRUE(printed.done);
    EXPECT_EQ(printed.rows, std::size_t{kPrintingVectors} * kPrintingBlocks) << "each row once";
    EXPECT_EQ(printed.outputs, clean.outputs);
    EXPECT_LT(printed.seconds, times * clean.seconds) << clean.seconds << " s on a clean line";
    EXPECT_NE(campaign.session().stray().find("I (app): still here"), std::string::npos)
        << campaign.session().stray();
    EXPECT_EQ(campaign.session().counters().frames_bad > 0, printing.inside > 0);
  }
};

TEST_P(PrintingBoard, TextBeforeEveryFrameDamagesNone) { expect_as_clean({.before = 1}, 1.3); }

TEST_P(PrintingBoard, TextBeforeEachSecondFrameDamagesNone) { expect_as_clean({.before = 2}, 1.3); }

TEST_P(PrintingBoard, TextInsideEachTenthFrameCostsThatFrame) {
  for (int phase = 0; phase < 10; ++phase) {
    SCOPED_TRACE("phase " + std::to_string(phase));
    expect_as_clean({.inside = 10, .phase = phase}, 1.3);
  }
}

TEST_P(PrintingBoard, TextInsideEachThirdFrameIsSurvived) {
  for (int phase = 0; phase < 3; ++phase) {
    SCOPED_TRACE("phase " + std::to_string(phase));
    expect_as_clean({.inside = 3, .phase = phase}, 3);
  }
}

INSTANTIATE_TEST_SUITE_P(EachMode, PrintingBoard, ::testing::Values(RunMode::measure, RunMode::throughput),
                         [](const auto& mode) {
                           return mode.param == RunMode::measure ? "Measure" : "Throughput";
                         });

}  // namespace
}  // namespace tinyhil::device
