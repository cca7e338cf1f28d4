// SPDX-License-Identifier: Apache-2.0
// What a RunStream does while nothing comes: when it asks, how long it waits, and whose it then is.
#include <algorithm>
#include <array>
#include <cstdio>

#include "run_stream.hpp"

namespace tinyhil::device {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstProbe{1000};
constexpr milliseconds kProbeMin{200};
constexpr milliseconds kAgainMin{50};
constexpr int kProbesPerLimit = 16;  // one lost packet may hold several in a row
constexpr std::uint32_t kUnaskedMax = 16;
constexpr int kTimesSeen = 8;  // longer than the longest that was seen, until it is a hang

// How long a device that is overdue is asked whether it is still there, on a line that may only have stalled.
milliseconds patience_with_silence(milliseconds limit) {
  return std::min(3 * limit, limit + milliseconds(4000));
}

std::string in_seconds(std::chrono::nanoseconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f s", std::chrono::duration<double>(time).count());
  return text.data();
}

}  // namespace

// An answer to `check` shows whether the run goes on, and whether its command or its end were lost.
void RunStream::watch(Session& session, Time now) {
  note_damage(session, now);
  if (now >= deadline()) run_out(now);
  if (!fault_ && now >= next_probe_) probe(session, now);
}

void RunStream::probe(Session& session, Time now) {
  session.post(THIL_ID_check, {});
  ++probes_;
  // What is disturbed by the first is not by the next.
  const std::chrono::nanoseconds most = std::max(kAgainMin, limit() / kProbesPerLimit);
  next_probe_ = now + std::min(session.patience() * (1 << std::min(probes_, 6)), most);
}

// What arrived damaged may have been a result: somebody is there, and need not be waited for to be asked.
void RunStream::note_damage(const Session& session, Time now) {
  const std::uint32_t bad = session.counters().frames_bad;
  if (bad == frames_bad_) return;
  damaged_ += bad - frames_bad_;
  frames_bad_ = bad;
  hear(now);
  const bool knows_gap = longest_gap_ > std::chrono::nanoseconds(0);
  const std::chrono::nanoseconds pause =
      knows_gap ? std::max<std::chrono::nanoseconds>(kProbeMin, 4 * longest_gap_) : kFirstProbe;
  next_probe_ = std::min(next_probe_, now + std::min<std::chrono::nanoseconds>(pause, limit() / 2));
}

void RunStream::hear(Time now) {
  last_heard_ = now;
  overdue_.reset();
}

void RunStream::note_progress(Time now) {
  last_progress_ = now;
  damaged_ = 0;
  unasked_ = 0;
}

// Whose it is that nothing comes. A silence may end yet: the line may have stalled.
void RunStream::run_out(Time now) {
  const std::string within = "no result within " + std::to_string(limit().count()) + " ms";
  if (overdue_) {
    fall_silent(
        Silence::unexplained,
        within + ", nor an answer in " + std::to_string(patience_with_silence(limit()).count()) + " ms more");
  } else if (now >= talk_limit() && damaged_ > 0) {
    fault_ = Fault{FaultKind::corrupt,
                   within + ", and " + std::to_string(damaged_) + " frames arrived damaged",
                   {},
                   "check the cable, lower the baud rate"};
  } else if (unasked_ >= kUnaskedMax) {
    fall_silent(Silence::of_the_device, within + "; the device sent " + std::to_string(unasked_) +
                                            " messages that nobody had asked for");
  } else if (now >= talk_limit()) {
    fall_silent(Silence::unexplained, within + ", though the device talks");
  } else {
    overdue_ = now;
    probes_ = 0;
    next_probe_ = now;
  }
}

void RunStream::fall_silent(Silence silence, const std::string& what) {
  silence_ = silence;
  fault_ = Fault{FaultKind::timeout,
                 what + "; " + std::to_string(grid_->missing()) + " results of the range are missing",
                 {},
                 "the device hangs, is slower than " + limit_key() + " allows, or its line is dead"};
}

bool RunStream::knows_all_models() const {
  return std::ranges::all_of(grid_->request().models, [this](const RunModel& model) {
    return model.is_known || known_models_.contains(model.slot);
  });
}

void RunStream::note_models() {
  const std::vector<RunModel>& models = grid_->request().models;
  for (std::size_t model = 0; model < models.size(); ++model) {
    if (grid_->has_row(model)) known_models_.insert(models[model].slot);
  }
}

// Nobody knows how long a new model takes; its first inference tells.
milliseconds RunStream::limit() const {
  const RunRequest& request = grid_->request();
  const milliseconds longest = request.longest_inference;
  if (longest == milliseconds(0)) return request.inference_timeout;
  if (!knows_all_models()) return longest;
  const auto seen = std::max(request.longest_seen, longest_gap_);
  const auto learned = std::chrono::duration_cast<milliseconds>(kTimesSeen * seen);
  return std::min(std::max(learned, request.inference_timeout), longest);
}

std::string RunStream::limit_key() const {
  const bool is_learned = grid_->request().longest_inference > milliseconds(0);
  return is_learned ? "`longest_inference` in the bench file" : "`inference_timeout` in the campaign";
}

// The device's own clock tells a slow inference from a slow line.
void RunStream::judge_lateness(const FrameView& frame, std::chrono::nanoseconds by, milliseconds limit) {
  const RunRequest& request = grid_->request();
  const std::optional<ResultGrid::Slowest>& slowest = grid_->slowest();
  if (frame.header.type == THIL_ID_results && slowest && request.clock_hz > 0) {
    const std::chrono::duration<double> took(slowest->clock / static_cast<double>(request.clock_hz));
    const milliseconds longest = std::max(request.longest_inference, limit);
    if (took > limit && took <= longest) return;  // slower than was learned: now it is known
    if (took > longest) {
      slow_ = SlowInference{current_, slowest->model, slowest->vector};
      fault_ = Fault{FaultKind::timeout,
                     "an inference took " +
                         in_seconds(std::chrono::duration_cast<std::chrono::nanoseconds>(took)) +
                         ", longer than " + limit_key() + ", " + in_seconds(longest),
                     {},
                     "raise " + limit_key() + ", or make the model faster"};
      return;
    }
  }
  ++late_.times;
  late_.most = std::max(late_.most, std::chrono::duration_cast<milliseconds>(by));
}

// A question disturbs the inference that it falls into. So none is asked before the device has been silent
// for much longer than it ever was, or, when nothing is known of that, for as long as an inference may take.
Time RunStream::probe_after(Time now) const {
  const std::chrono::nanoseconds most = limit();
  if (longest_gap_ == std::chrono::nanoseconds(0)) return now + most;
  return now + std::min(std::max<std::chrono::nanoseconds>(kProbeMin, 4 * longest_gap_), most);
}

Time RunStream::talk_limit() const { return last_progress_ + kTalkFactor * limit(); }

Time RunStream::deadline() const {
  if (overdue_) return *overdue_ + patience_with_silence(limit());
  return std::min(last_heard_ + limit(), talk_limit());
}

}  // namespace tinyhil::device
