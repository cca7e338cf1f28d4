// SPDX-License-Identifier: Apache-2.0
#include "board_meter.hpp"

#include <unistd.h>

#include <atomic>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/temporary_folder.hpp"
#include "campaign/internal/metered_windows.hpp"
#include "campaign/internal/recorder.hpp"
#include "campaign/internal/worker.hpp"

namespace tinyhil::campaign {
namespace {

std::filesystem::path new_trace_in(const std::filesystem::path& folder, const std::string& board) {
  static std::atomic<std::uint64_t> made{0};
  std::filesystem::path trace;
  do {
    trace = folder / (board + "-" + std::to_string(getpid()) + "-" + std::to_string(++made) + ".trace");
  } while (std::filesystem::exists(trace));
  return trace;
}

// Where a recording's samples go: a folder that keeps them, or one that is gone with this.
class TraceFile {
 public:
  TraceFile(const std::filesystem::path& folder, const std::string& board) {
    if (folder.empty()) {
      path_ = passing_.emplace().path() / "meter.trace";
    } else {
      std::filesystem::create_directories(folder);
      path_ = new_trace_in(folder, board);
    }
  }

  const std::filesystem::path& path() const { return path_; }
  std::string kept() const { return passing_ ? "" : path_.string(); }

 private:
  std::optional<TemporaryFolder> passing_;
  std::filesystem::path path_;
};

}  // namespace

struct BoardMeter::Parts {
  Recorder recorder;
  MeterIdentity identity = {};
  bool is_recording = false;  // a call that was cancelled left it so
  Worker judge = {};

  Parts(asio::any_io_executor home, const Board& board) : recorder(std::move(home), board) {}
};

struct BoardMeter::Wanted {
  WindowRequest request;
  RunWindow about = {};
  KnownInference known = {};
};

BoardMeter::BoardMeter(asio::any_io_executor home, const Board& board)
    : board_(board), parts_(std::make_unique<Parts>(std::move(home), board)) {}

BoardMeter::~BoardMeter() = default;

std::optional<std::filesystem::path> BoardMeter::activity() const { return parts_->recorder.activity(); }

asio::awaitable<void> BoardMeter::prepare() {
  co_await end_earlier();
  parts_->identity = co_await parts_->recorder.prepare();
}

asio::awaitable<void> BoardMeter::end_earlier() {
  if (!parts_->is_recording) co_return;
  co_await parts_->recorder.end();
  parts_->is_recording = false;
}

asio::awaitable<Result<Recording>> BoardMeter::measure(BoardSession& session, const ModelFile& model,
                                                       MeasuredVector vector, MeasureOptions options) {
  const InferOptions once;
  const BoardSession::OnRows unheard = [](std::uint64_t) {};
  const Result<InferenceRows> rows = co_await session.infer(model, vector.alone, once, unheard);
  if (!rows) co_return rows.error();
  const Result<LoadedModel> loaded = co_await session.load(model);  // known already: nothing is sent
  if (!loaded) co_return loaded.error();
  const DeviceIdentity& device = session.device();
  check_windows(board_, device, false);
  Wanted wanted;
  const double clock_hz = device.board.clock_hz;
  wanted.known.seconds = clock_hz > 0 ? rows->clock.front() / clock_hz : 0;
  wanted.known.output = sha256(rows->outputs);
  wanted.request.model_slot = loaded->slot;
  wanted.request.layers = device.windows.tells_layers;
  fill_window(wanted.request, options.window, wanted.known);
  wanted.about.model = model.name;
  wanted.about.vector = vector.number;
  std::vector<Wanted> windows;
  if (options.idle.count() > 0) {
    Wanted& idle = windows.emplace_back();
    idle.request.kind = WindowKind::idle;
    idle.request.length = options.idle;
  }
  windows.push_back(std::move(wanted));
  co_return co_await record(session, std::move(windows), std::move(options));
}

asio::awaitable<Result<Recording>> BoardMeter::rest(BoardSession& session, WindowRequest window,
                                                    MeasureOptions options) {
  check_windows(board_, session.device(), window.kind == WindowKind::sleep);
  std::vector<Wanted> windows;
  windows.emplace_back().request = window;
  co_return co_await record(session, std::move(windows), std::move(options));
}

asio::awaitable<Result<Recording>> BoardMeter::record(BoardSession& session, std::vector<Wanted> windows,
                                                      MeasureOptions options) {
  co_await end_earlier();
  const TraceFile trace(options.traces, board_.name);
  MeteredWindows metered(parts_->recorder, parts_->judge,
                         [&session](WindowRequest request) { return session.window(request); });
  Recording recording;
  recording.info = {board_.name, parts_->identity};
  recording.started_at = to_text(system_now());
  parts_->is_recording = true;
  co_await metered.begin(trace.path());
  std::optional<Fault> fault;
  for (Wanted& each : windows) {
    each.request.rest = options.rest;
    const Result<WindowReport> report = co_await metered.run(each.request, each.about, each.known);
    if (!report) fault = report.error();
    if (fault || metered.has_ended()) break;
  }
  const BoardIdentity& board = session.device().board;
  const WindowClocks clocks{board.timer_hz, board.clock_hz};
  RecordedWindows recorded = co_await metered.end(clocks);
  parts_->is_recording = false;
  if (fault) co_return *fault;
  if (!recorded.recorded) {
    throw Error(ErrorKind::bench_fault, "the current meter was lost: " + describe(recorded.recorded.error()),
                "board " + board_.name, "plug it in and open the board again");
  }
  recording.windows = std::move(recorded.windows);
  recording.end.trace = trace.kept();
  recording.end.samples = parts_->recorder.samples();
  co_return recording;
}

}  // namespace tinyhil::campaign
