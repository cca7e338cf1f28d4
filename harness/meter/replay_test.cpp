// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "meter/internal/trace_samples.hpp"
#include "trace_export.hpp"
#include "trace_reader.hpp"

namespace tinyhil::meter {
namespace {

template <class T>
T run(asio::io_context& io, asio::awaitable<T> task) {
  std::future<T> result = asio::co_spawn(io, std::move(task), asio::use_future);
  io.restart();
  io.run();
  return result.get();
}

class Replay : public testing::Test {
 protected:
  Replay() {
    TraceStart start = ampere_start();
    start.identity.simulated = true;
    TraceWriter writer(path("run.trace"), start);
    add_samples(writer, 0, std::vector<float>(100'000, 0.25F), std::vector<std::uint8_t>(100'000, 3));
    writer.gap({100'000, 500, GapCause::reported});
    add_samples(writer, 100'500, std::vector<float>(1'000, 0.5F), std::vector<std::uint8_t>(1'000, 0));
    writer.finish();
  }

  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

  std::unique_ptr<Meter> meter_of(const std::string& name) {
    const Section section =
        Section::parse("driver: replay\nfile: " + path(name).string() + "\n", "bench.yaml");
    return open_meter(section, io_.get_executor());
  }

  TemporaryFolder folder_;
  asio::io_context io_;
};

TEST_F(Replay, GivesWhatWasRecordedWithItsGap) {
  const std::unique_ptr<Meter> meter = meter_of("run.trace");
  const MeterIdentity identity = run(io_, meter->prepare());
  EXPECT_EQ(identity.driver, "replay of test");
  EXPECT_TRUE(identity.simulated);
  EXPECT_TRUE(identity.virtual_time);
  TraceWriter copy(path("copy.trace"), {identity, meter->word_format(), 0});
  EXPECT_TRUE(run(io_, meter->record(copy)));
  copy.finish();
  const TraceReader trace(path("copy.trace"));
  EXPECT_EQ(trace.end(), 101'500);
  ASSERT_EQ(trace.gaps().size(), 1);
  EXPECT_EQ(trace.gaps()[0].cause, GapCause::reported);
  EXPECT_NEAR(trace.charge_c(0, 1e6), 0.25 + 0.005, 1e-12);
  std::vector<std::uint8_t> lines(1);
  trace.lines(99'999, lines);
  EXPECT_EQ(lines[0], 3);
}

TEST_F(Replay, PlaysFilesOfOtherPrograms) {
  export_ppk2(TraceReader(path("run.trace")), path("run.ppk2"));
  const std::unique_ptr<Meter> meter = meter_of("run.ppk2");
  const MeterIdentity identity = run(io_, meter->prepare());
  EXPECT_EQ(identity.driver, "replay of ppk2 file");
  EXPECT_FALSE(identity.simulated);
  TraceWriter copy(path("copy.trace"), {identity, meter->word_format(), 0});
  EXPECT_TRUE(run(io_, meter->record(copy)));
  EXPECT_EQ(copy.end(), 101'500);
}

struct StoppingSink : SampleSink {
  explicit StoppingSink(Meter& meter) : meter_(meter) {}
  void samples(const SampleBlock& block) override {
    seen += block.current_a.size();
    meter_.stop();
  }
  void gap(const Gap&) override {}

  Meter& meter_;
  std::uint64_t seen = 0;
};

TEST_F(Replay, Stops) {
  const std::unique_ptr<Meter> meter = meter_of("run.trace");
  run(io_, meter->prepare());
  StoppingSink sink(*meter);
  EXPECT_TRUE(run(io_, meter->record(sink)));
  EXPECT_EQ(sink.seen, 65'536);
}

TEST_F(Replay, SaysThatThereIsNoFile) { EXPECT_THROW(run(io_, meter_of("none.trace")->prepare()), Error); }

}  // namespace
}  // namespace tinyhil::meter
