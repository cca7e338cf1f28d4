// SPDX-License-Identifier: Apache-2.0
// The driver on a made-up /sys/class/hwmon.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <fstream>

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "meter.hpp"
#include "testing/await.hpp"

namespace tinyhil::meter {
namespace {

namespace fs = std::filesystem;
using testing::FloatEq;
using testing::HasSubstr;

class Ina2xxTest : public testing::Test, public SampleSink {
 protected:
  Ina2xxTest() {
    write("hwmon0", "name", "coretemp\n");
    write("hwmon3", "name", "ina226\n");
    write("hwmon3", "curr1_input", "12\n");
    write("hwmon3", "in1_input", "3304\n");
    write("hwmon3", "shunt_resistor", "100000\n");
    write("hwmon3", "update_interval", "1\n");
  }
  void write(const std::string& device, const std::string& attribute, const std::string& text) {
    fs::create_directories(root_.path() / device);
    std::ofstream(root_.path() / device / attribute) << text;
  }
  std::unique_ptr<Meter> open(const std::string& device = "ina226") {
    return open_meter(Section::parse("driver: ina2xx\nroot: " + root_.path().string() + "\ndevice: " +
                                         device + "\naccuracy: 1 %\noffset: 1 mA\nsupply: 3.3 V\n",
                                     "bench.yaml"),
                      io_.get_executor());
  }
  std::string why_not(const std::string& device = "ina226") {
    const auto meter = open(device);
    try {
      test::await(io_, meter->prepare());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bench_fault);
      return error.what();
    }
    return "it is prepared";
  }

  void samples(const SampleBlock& block) override {
    EXPECT_EQ(block.first, end_);
    end_ = block.first + block.current_a.size();
    for (const float current : block.current_a) current_a_.push_back(current);
    on_sample_();
  }
  void gap(const Gap& gap) override {
    EXPECT_EQ(gap.first, end_);
    end_ = gap.first + gap.count;
    if (gap.cause == GapCause::corrupted) ++corrupted_;
    if (gap.cause == GapCause::corrupted) on_sample_();
  }

  TemporaryFolder root_;
  boost::asio::io_context io_;
  std::uint64_t end_ = 0;
  std::vector<float> current_a_;
  int corrupted_ = 0;
  std::function<void()> on_sample_ = [] {};
};

TEST_F(Ina2xxTest, FindsItsDeviceByNameOrFolderAndKnowsItsLimits) {
  for (const char* device : {"ina226", "hwmon3"}) {
    const auto meter = open(device);
    const MeterIdentity identity = test::await(io_, meter->prepare());
    EXPECT_EQ(identity.rate_hz, 1000);
    EXPECT_NEAR(identity.ranges.at(0).top_a, 0.8192, 1e-9);
    EXPECT_EQ(identity.ranges.at(0).resolution_a, 1e-3);
    EXPECT_NEAR(identity.supply_v, 3.304, 1e-9);
    EXPECT_EQ(identity.voltage, VoltageSource::measured);
  }
}

TEST_F(Ina2xxTest, TakesTheStatedSupplyWhereNoneIsMeasured) {
  write("hwmon3", "in1_input", "99999999999999999999\n");
  const auto meter = open();
  const MeterIdentity identity = test::await(io_, meter->prepare());
  EXPECT_EQ(identity.supply_v, 3.3);
  EXPECT_EQ(identity.voltage, VoltageSource::stated);
}

TEST_F(Ina2xxTest, RecordsWhatTheDeviceHoldsAndCountsNonsenseAsLost) {
  const auto meter = open();
  test::await(io_, meter->prepare());
  int reads = 0;
  on_sample_ = [&] {
    const std::vector<std::string> next{"-3\n", "rubbish\n", std::string(10'000, '1') + "\n",
                                        "",     "200000\n",  "40\n"};
    if (reads < 6) return write("hwmon3", "curr1_input", next[static_cast<std::size_t>(reads++)]);
    meter->stop();
  };
  EXPECT_TRUE(test::await(io_, meter->record(*this)));
  EXPECT_THAT(current_a_, testing::ElementsAre(FloatEq(0.012F), FloatEq(-0.003F), FloatEq(0.040F)));
  EXPECT_EQ(corrupted_, 4);
}

TEST_F(Ina2xxTest, EndsAsGoneWhenTheDeviceVanishes) {
  const auto meter = open();
  test::await(io_, meter->prepare());
  on_sample_ = [&] { fs::remove_all(root_.path() / "hwmon3"); };
  const Result<void> outcome = test::await(io_, meter->record(*this));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, FaultKind::gone);
}

TEST_F(Ina2xxTest, SaysWhatIsMissing) {
  EXPECT_THAT(why_not("ina219"), HasSubstr("no hwmon device `ina219`"));
  EXPECT_THAT(why_not("coretemp"), HasSubstr("no curr1_input"));
  write("hwmon3", "curr1_input", "\n");
  EXPECT_THAT(why_not(), HasSubstr("is no current"));
}

}  // namespace
}  // namespace tinyhil::meter
