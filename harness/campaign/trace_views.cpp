// SPDX-License-Identifier: Apache-2.0
#include "trace_views.hpp"

#include <algorithm>
#include <set>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "meter/trace_reader.hpp"

namespace tinyhil::campaign {
namespace {

constexpr std::size_t kColumns = 800;

class TraceViews {
 public:
  TraceViews(const Recording& recording, const std::filesystem::path& file, const std::string& baseline)
      : recording_(recording), trace_(file), baseline_(baseline) {}

  std::vector<TraceView> all() {
    const double whole_s = static_cast<double>(trace_.end()) * trace_.sample_s();
    if (whole_s <= 0) return {};
    add("the whole recording", 0, whole_s);
    const MeasuredWindow* example = example_window();
    if (example == nullptr) return std::move(views_);
    add_block(*example);
    const double margin = 0.1 * example->length_s;
    add("one window of " + words_of(*example), example->begin_s - margin,
        example->begin_s + example->length_s + margin);
    add_inference(*example);
    return std::move(views_);
  }

 private:
  std::string words_of(const MeasuredWindow& window) const {
    if (window.kind != WindowKind::inference) return to_string(window.kind);
    return window.model + ", vector " + std::to_string(window.vector->value);
  }

  // The one with layers if there is one, of a candidate before the baseline.
  const MeasuredWindow* example_window() const {
    const MeasuredWindow* best = nullptr;
    const auto rank = [&](const MeasuredWindow& window) {
      return 2 * static_cast<int>(!window.layers.empty()) + static_cast<int>(window.model != baseline_);
    };
    for (const MeasuredWindow& window : recording_.windows) {
      if (window.kind != WindowKind::inference || window.state != WindowState::complete) continue;
      if (best == nullptr || rank(window) > rank(*best)) best = &window;
    }
    return best;
  }

  TraceView& add(std::string title, double begin_s, double end_s) {
    TraceView& view = views_.emplace_back();
    view.board = recording_.info.board;
    view.title = std::move(title);
    view.begin_s = std::max(0.0, begin_s);
    view.end_s = end_s;
    for (const meter::TraceColumn& column :
         trace_.columns(view.begin_s / trace_.sample_s(), view.end_s / trace_.sample_s(), kColumns))
      view.columns.push_back({column.low_a, column.high_a, column.mean_a, column.covered <= 0});
    for (const MeasuredWindow& window : recording_.windows) {
      const double ends_s = window.begin_s + window.length_s;
      if (window.length_s <= 0 || ends_s < view.begin_s || window.begin_s > view.end_s) continue;
      view.spans.push_back({window.begin_s, ends_s, words_of(window), window.model == baseline_});
    }
    return view;
  }

  void add_block(const MeasuredWindow& example) {
    double begin_s = example.begin_s, end_s = example.begin_s + example.length_s;
    for (const MeasuredWindow& window : recording_.windows) {
      if (window.kind != WindowKind::inference || window.block != example.block || window.length_s <= 0)
        continue;
      begin_s = std::min(begin_s, window.begin_s);
      end_s = std::max(end_s, window.begin_s + window.length_s);
    }
    const double margin = 0.05 * (end_s - begin_s);
    add("the models by turns over vector " + std::to_string(example.vector->value), begin_s - margin,
        end_s + margin);
  }

  // The second one, where there is one: the first begins while the board's supply still settles.
  void add_inference(const MeasuredWindow& window) {
    const double period_s = window.length_s / window.report.proven;
    const double begin_s = window.begin_s + (window.report.proven > 1 ? period_s : 0);
    TraceView& view = add("one inference of " + words_of(window), begin_s, begin_s + period_s);
    if (window.layers.empty()) return;
    view.spans.clear();
    double at_s = begin_s;
    for (std::size_t i = 0; i < window.layers.size(); ++i) {
      const double ends_s = at_s + window.layers[i].time_s;
      const std::string label = i == 0 ? "between inferences" : "layer " + std::to_string(i);
      view.spans.push_back({at_s, ends_s, label, false});
      at_s = ends_s;
    }
  }

  const Recording& recording_;
  meter::TraceReader trace_;
  const std::string& baseline_;
  std::vector<TraceView> views_;
};

bool is_at_hand(const Recording& recording, const std::filesystem::path& file) {
  std::error_code none;
  return !recording.end.trace.empty() && std::filesystem::is_regular_file(file, none) &&
         sha256_of_file(file) == recording.end.trace_digest;
}

}  // namespace

std::vector<TraceView> trace_views(const std::vector<Recording>& recordings,
                                   const std::filesystem::path& folder, const std::string& baseline) {
  std::vector<TraceView> all;
  std::set<std::string> boards;
  for (const Recording& recording : recordings) {
    const std::filesystem::path file = folder / recording.end.trace;
    if (boards.contains(recording.info.board)) continue;
    try {
      if (!is_at_hand(recording, file)) continue;
      for (TraceView& view : TraceViews(recording, file, baseline).all()) all.push_back(std::move(view));
      boards.insert(recording.info.board);
    } catch (const Error&) {  // it cannot be read: as if it was not there
    }
  }
  return all;
}

}  // namespace tinyhil::campaign
