// SPDX-License-Identifier: Apache-2.0
// driver: replay    file: run-7.trace
// Plays a recording again, as fast as it is taken: ours, or a .ppk2 or CSV of another program. It says of
// itself what the recorded meter did, as "replay of ...", in virtual time. The recording's end ends record(),
// too.
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <optional>

#include "base/temporary_folder.hpp"
#include "meter/internal/find_usb.hpp"
#include "meter/meter.hpp"
#include "meter/trace_import.hpp"
#include "meter/trace_reader.hpp"

namespace tinyhil::meter {

namespace {

constexpr std::uint64_t kStep = 65'536;  // samples until others get their turn

class ReplayMeter : public Meter {
 public:
  ReplayMeter(std::filesystem::path file, asio::any_io_executor executor)
      : file_(std::move(file)), executor_(std::move(executor)) {}

  asio::awaitable<MeterIdentity> prepare() override {
    trace_ = opened();
    MeterIdentity identity = trace_->start().identity;
    identity.driver = "replay of " + identity.driver;
    identity.virtual_time = true;
    co_return identity;
  }

  asio::awaitable<Result<void>> record(SampleSink& sink) override {
    assert(trace_);
    stopped_ = false;
    std::uint64_t at = 0;
    std::size_t gaps = 0;
    while (!stopped_ && at < trace_->end()) {
      const Gap* const gap = gaps < trace_->gaps().size() ? &trace_->gaps()[gaps] : nullptr;
      const std::uint64_t end = std::min(at + kStep, gap != nullptr ? gap->first : trace_->end());
      trace_->visit(at, end, [&](const SampleBlock& block) { sink.samples(block); });
      at = end;
      if (gap != nullptr && at == gap->first) {
        sink.gap(*gap);
        at += gap->count;
        ++gaps;
      }
      co_await asio::post(executor_, asio::use_awaitable);
    }
    co_return Result<void>();
  }

  void stop() override { stopped_ = true; }

  WordFormat word_format() const override {
    assert(trace_);
    return trace_->start().format;
  }

  std::string describe() const override { return "replay of " + file_.string(); }

 private:
  TraceReader opened() {
    const std::string ending = file_.extension().string();
    if (ending != ".ppk2" && ending != ".csv") return TraceReader(file_);
    if (!folder_) folder_.emplace();
    const std::filesystem::path imported = folder_->path() / "imported.trace";
    if (!std::filesystem::exists(imported)) import_trace(file_, imported);
    return TraceReader(imported);
  }

  std::filesystem::path file_;
  asio::any_io_executor executor_;
  std::optional<TemporaryFolder> folder_;  // of what was imported
  std::optional<TraceReader> trace_;
  bool stopped_ = false;
};

}  // namespace

std::unique_ptr<Meter> make_replay(const Section& section, asio::any_io_executor executor) {
  std::filesystem::path file = section.path("file");
  section.finish();
  return std::make_unique<ReplayMeter>(std::move(file), std::move(executor));
}

// A file.
const host::SerialPort* find_replay(const host::UsbDevice&) { return nullptr; }

}  // namespace tinyhil::meter
