// SPDX-License-Identifier: Apache-2.0
// {test: energy, margin: 3 %, limit: 400 uJ, of: gross}: an inference takes at most `margin` more energy than
// the baseline's on each board, and at most `limit`. Models are compared in blocks of windows that took turns
// (stats/energy_ratio.hpp), so the meter's common errors cancel; against a limit they count in full.
#include <fmt/format.h>

#include <cmath>

#include "gate/gate.hpp"
#include "gate/internal/board_energy.hpp"
#include "gate/internal/finding.hpp"
#include "gate/rules/keys.hpp"

namespace tinyhil::gate {
namespace {

constexpr double kMicrojoules = 1e6;

class Energy final : public Rule {
 public:
  explicit Energy(const Section& section) {
    if (section.has("margin")) margin_ = read_margin(section);
    if (section.has("limit")) limit_uj_ = section.energy_uj("limit");
    if (!margin_ && !limit_uj_)
      section.fail("the rule holds energy against nothing",
                   "write `margin: 3 %` for the baseline's energy, `limit: 400 uJ`, or both");
    if (limit_uj_ && *limit_uj_ <= 0)
      section.fail_at("limit", "`limit` is nothing", "write for example `limit: 400 uJ`");
    is_net_ = section.choice("of", {"gross", "net"}, "gross") == "net";
  }

  Finding judge(const Evidence& evidence) const override {
    const EnergyOfRun run = energy_of_run(evidence);
    if (!run.obstacles.empty()) return conclude("not applied", run.obstacles);
    std::vector<Check> checks;
    for (const BoardEnergy& board : run.boards) {
      if (margin_) checks.push_back(held_to_baseline(board, evidence));
      if (limit_uj_) checks.push_back(held_to_limit(board, evidence));
    }
    return conclude(fmt::format("windows of inferences, {} energy, uncertainty after JCGM 100, each bound "
                                "one-sided at {}",
                                word(), percent(1 - evidence.alpha)),
                    std::move(checks));
  }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    need_current(known, found);
    return found;
  }

  Demand demand() const override { return {.energy_margin = margin_, .net_energy = is_net_}; }

  bool needs_random_sample() const override { return false; }
  bool needs_recordings() const override { return true; }

  std::vector<Term> terms() const override {
    return {looser_if_higher("margin", margin_.value_or(kNoLimit)),
            looser_if_higher("limit", limit_uj_.value_or(kNoLimit))};
  }

 private:
  const char* word() const { return is_net_ ? "net" : "gross"; }
  stats::Baseline baseline() const { return is_net_ ? stats::Baseline::idle : stats::Baseline::none; }

  Check missing(const std::string& subject, const BoardEnergy& board, std::size_t n) const {
    Check check;
    check.subject = subject;
    check.outcome = Outcome::inconclusive;
    check.n = n;
    check.reason =
        fmt::format("{} windows of board {} that count are too few to say what an inference takes{}", n,
                    board.board, is_net_ ? " beyond idling" : "");
    return check;
  }

  Check held_to_baseline(const BoardEnergy& board, const Evidence& evidence) const {
    const std::string subject = fmt::format("energy beside the baseline's, board {}", board.board);
    const std::vector<stats::EnergyBlock> blocks =
        board.blocks({evidence.baseline.info.model, evidence.candidate.info.model});
    const std::optional<stats::EnergyRatio> ratio = stats::energy_ratio(blocks, baseline());
    if (!ratio) return missing(subject, board, blocks.size());
    const double confidence = 1 - 2 * evidence.alpha;
    const Interval bounds = ratio->interval(confidence);
    Check check;
    check.subject = subject;
    check.n = ratio->blocks;
    check.unit = Unit::ratio;
    check.estimate = ratio->ratio - 1;
    check.interval = Interval{bounds.low - 1, bounds.high - 1};
    check.confidence = 1 - evidence.alpha;
    check.limit = *margin_;
    check.allowed = Allowed::at_most;
    check.outcome = held_to(*check.interval, *margin_);
    check.reason = fmt::format(
        "{} energy of an inference is {} beside the baseline's on board {}{}, at most {} ({}, n = {} "
        "blocks); at most {} allowed",
        word(), signed_percent(*check.estimate), board.board, simulated_note(board.meter()),
        signed_percent(check.interval->high), percent(1 - evidence.alpha), check.n, signed_percent(*margin_));
    if (check.outcome == Outcome::inconclusive) say_what_it_takes(*ratio, confidence, check);
    return check;
  }

  void say_what_it_takes(const stats::EnergyRatio& ratio, double confidence, Check& check) const {
    const stats::MoreBlocks more = stats::blocks_to_decide(ratio, 1 + *margin_, confidence);
    if (more.instrument_limited) {
      check.reason += fmt::format(
          "; undecided, and no number of windows would decide: the meter itself may be off by {} between the "
          "two; use one range for both, or another meter",
          percent(std::exp(ratio.instrument_half_width(confidence)) - 1));
      return;
    }
    check.more_vectors = more.blocks;
    check.more_seconds = more.seconds;
    check.reason += fmt::format(
        "; undecided: {} more vectors with a block each, {:.3g} s of windows, would be expected "
        "to decide",
        more.blocks, more.seconds);
  }

  Check held_to_limit(const BoardEnergy& board, const Evidence& evidence) const {
    const std::string subject = fmt::format("energy of an inference, board {}", board.board);
    const std::vector<stats::InferenceWindow> windows = board.windows(evidence.candidate.info.model);
    const std::optional<stats::EnergyBudget> energy =
        stats::energy_per_inference(windows, baseline(), stats::supply_of(board.meter()));
    if (!energy) return missing(subject, board, windows.size());
    const Interval bounds = energy->interval(1 - 2 * evidence.alpha);
    Check check;
    check.subject = subject;
    check.n = windows.size();
    check.unit = Unit::microjoules;
    check.estimate = kMicrojoules * energy->value;
    check.interval = Interval{kMicrojoules * bounds.low, kMicrojoules * bounds.high};
    check.confidence = 1 - evidence.alpha;
    check.limit = *limit_uj_;
    check.allowed = Allowed::at_most;
    check.quantity = "energy";
    check.outcome = held_to(*check.interval, *limit_uj_);
    check.reason = fmt::format(
        "an inference takes {:.4g} uJ {} on board {}{}, {:.4g} to {:.4g} ({} each, n = {} windows); at most "
        "{:.4g} uJ allowed",
        *check.estimate, word(), board.board, simulated_note(board.meter()), check.interval->low,
        check.interval->high, percent(1 - evidence.alpha), check.n, *limit_uj_);
    return check;
  }

  std::optional<double> margin_;
  std::optional<double> limit_uj_;
  bool is_net_ = false;
};

}  // namespace

std::unique_ptr<Rule> make_energy(const Section& section) { return std::make_unique<Energy>(section); }

}  // namespace tinyhil::gate
