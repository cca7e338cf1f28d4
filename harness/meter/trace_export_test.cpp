// SPDX-License-Identifier: Apache-2.0
#include "trace_export.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <iterator>
#include <random>

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "meter/internal/ppk2_frames.hpp"
#include "meter/internal/trace_samples.hpp"
#include "trace_import.hpp"

namespace tinyhil::meter {
namespace {

class TraceExport : public testing::Test {
 protected:
  TraceExport() {
    for (std::size_t i = 0; i < 30'000; ++i) {
      current_.push_back(static_cast<float>(i % 977) * 1e-6F);
      lines_.push_back(static_cast<std::uint8_t>(i / 100));
    }
    TraceWriter writer(path("run.trace"), ampere_start());
    add_samples(writer, 0, std::span<const float>(current_).first(20'000),
                std::span<const std::uint8_t>(lines_).first(20'000));
    writer.gap({20'000, 50, GapCause::counter});
    add_samples(writer, 20'050, std::span<const float>(current_).subspan(20'050),
                std::span<const std::uint8_t>(lines_).subspan(20'050));
    writer.finish();
  }

  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

  std::string text_of(const std::string& name) const {
    std::ifstream in(path(name));
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // What came back of [first, last) is what was recorded.
  void expect_same(const TraceReader& trace, std::size_t first, std::size_t last,
                   double tolerance_a = 0) const {
    std::vector<float> current(last - first);
    std::vector<std::uint8_t> lines(last - first);
    trace.current(first, current);
    trace.lines(first, lines);
    for (std::size_t i = 0; i < current.size(); ++i) {
      ASSERT_NEAR(current[i], current_[first + i], tolerance_a) << first + i;
      ASSERT_EQ(lines[i], lines_[first + i]) << first + i;
    }
  }

  TemporaryFolder folder_;
  std::vector<float> current_;
  std::vector<std::uint8_t> lines_;
};

TEST_F(TraceExport, ToCsvHasARowForEverySampleThatIsThere) {
  export_csv(TraceReader(path("run.trace")), path("run.csv"));
  const std::string text = text_of("run.csv");
  EXPECT_TRUE(text.starts_with("time_s,current_uA,D0,D1,D2,D3,D4,D5,D6,D7\n0,0,0,0,0,0,0,0,0,0\n1e-05,1,"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1 + 29'950);
  EXPECT_THAT(text, testing::HasSubstr("\n0.001,100,1,0,0,0,0,0,0,0\n"));
}

TEST_F(TraceExport, ToCsvComesBackWithItsGap) {
  export_csv(TraceReader(path("run.trace")), path("run.csv"));
  import_trace(path("run.csv"), path("back.trace"));
  const TraceReader trace(path("back.trace"));
  EXPECT_EQ(trace.end(), 30'000);
  EXPECT_NEAR(trace.start().identity.rate_hz, 100'000, 1e-3);
  ASSERT_EQ(trace.gaps().size(), 1);
  EXPECT_EQ(trace.gaps()[0].first, 20'000);
  EXPECT_EQ(trace.gaps()[0].count, 50);
  expect_same(trace, 0, 20'000);
  expect_same(trace, 20'050, 30'000);
}

// Any bits that are a number: tiny, huge and negative ones too.
TEST_F(TraceExport, ToCsvAndBackIsExactForEveryFloat) {
  std::mt19937 random(18);
  std::vector<float> current(20'000);
  std::ranges::generate(current, [&] {
    const auto any = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    return std::isfinite(any) ? any : 3e-9F;
  });
  TraceWriter writer(path("any.trace"), ampere_start());
  add_samples(writer, 0, current, {});
  writer.finish();
  export_csv(TraceReader(path("any.trace")), path("any.csv"));
  import_trace(path("any.csv"), path("back.trace"));
  std::vector<float> back(current.size());
  TraceReader(path("back.trace")).current(0, back);
  for (std::size_t i = 0; i < current.size(); ++i) ASSERT_EQ(back[i], current[i]) << i;
}

TEST_F(TraceExport, ToPpk2ComesBackWithZeroesInTheGap) {
  export_ppk2(TraceReader(path("run.trace")), path("run.ppk2"));
  import_trace(path("run.ppk2"), path("back.trace"));
  const TraceReader trace(path("back.trace"));
  EXPECT_EQ(trace.end(), 30'000);
  EXPECT_EQ(trace.start().identity.rate_hz, 100'000);
  EXPECT_EQ(trace.start().start_ns, 1'700'000'000'000'000'000);
  EXPECT_EQ(trace.charge_c(20'000, 20'050), 0);
  expect_same(trace, 0, 20'000, 1e-10);
  expect_same(trace, 20'050, 30'000, 1e-10);
}

TEST_F(TraceExport, TakesAPart) {
  const TraceReader trace(path("run.trace"));
  export_csv(trace, path("part.csv"), {100, 102});
  EXPECT_THAT(text_of("part.csv"), testing::HasSubstr("D7\n0.001,100,1,0,0,0,0,0,0,0\n0.00101,101,"));
  export_ppk2(trace, path("part.ppk2"), {10'000, 1'000'000});
  import_trace(path("part.ppk2"), path("back.trace"));
  const TraceReader part(path("back.trace"));
  EXPECT_EQ(part.end(), 20'000);
  EXPECT_EQ(part.start().start_ns, 1'700'000'000'100'000'000);
  std::vector<float> current(1);
  part.current(1, current);
  EXPECT_NEAR(current[0], current_[10'001], 1e-10);
}

TEST_F(TraceExport, ReplacesNoFile) {
  const TraceReader trace(path("run.trace"));
  export_csv(trace, path("run.csv"));
  EXPECT_THROW(export_csv(trace, path("run.csv")), Error);
  EXPECT_THROW(export_ppk2(trace, path("run.csv")), Error);
}

TEST(Ppk2Frame, HasItsBitPairsBigEndian) {
  std::array<std::uint8_t, kFrameBytes> frame{};
  put_frame(frame, 1e-6F, 0b00000001);
  EXPECT_EQ(frame, (std::array<std::uint8_t, kFrameBytes>{0, 0, 0x80, 0x3F, 0x55, 0x56}));
  EXPECT_EQ(frame_of(frame).lines, 1);
  frame[4] = 0xC0;  // line 7 was both
  frame[5] = 0;
  EXPECT_EQ(frame_of(frame).lines, 0x80);
}

TEST_F(TraceExport, RefusesWhatItCannotImport) {
  const auto refused = [&](const std::string& name, const std::string& content) {
    std::ofstream(path(name)) << content;
    std::filesystem::remove(path("no.trace"));
    EXPECT_THROW(import_trace(path(name), path("no.trace")), Error) << content;
  };
  refused("a.ppk2", "no archive");
  refused("a.txt", "");
  refused("a.csv", "");
  refused("a.csv", "time_s,current_uA\n0,1\n");
  refused("a.csv", "time_s,current_uA\n0,1\n0,1\n");
  refused("a.csv", "time_s,current_uA\n0,1\n1,x\n");
  refused("a.csv", "time_s,current_uA\n0,1\n1,1\n1.5,1\n");
  refused("a.csv", "time_s,current_uA\n0,1\n1,1\n0,1\n");
  refused("a.csv", "time_s,current_uA\n0,1\n1,nan\n");
  refused("a.csv", "time_s,current_uA\n0,1\n1,1e\n");
  refused("a.csv", "time_s,current_uA\n0,1\n1,1e9999999999\n");
  refused("a.csv", "time_s,current_uA\n0,1\n1,1e99\n");
  refused("a.csv", "time_s,current_uA,D0,D1,D2,D3,D4,D5,D6,D7\n0,1,0,1\n1,1,0,1\n");
  refused("a.csv", "time_s,current_uA\n0,1\n1,1\n" + std::string(10'000, '1') + "\n");
}

}  // namespace
}  // namespace tinyhil::meter
