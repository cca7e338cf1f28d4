// SPDX-License-Identifier: Apache-2.0
#include "comparable.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fault_words.hpp"

namespace tinyhil::gate {
namespace {

std::string unanswered(const Scorecard& card) {
  const auto missing = std::ranges::count(card.answers, Answer::missing);
  const std::size_t quarantined = card.quarantined.size();
  if (missing > 0) return fmt::format("gave no answer to {} vectors", missing);
  if (quarantined > 0) return fmt::format("crashed or hung twice on each of {} vectors", quarantined);
  return "";
}

std::string describe(const std::optional<Fault>& fault) {
  if (!fault) return "no reason was recorded";
  const std::string what = with_record(*fault);
  return fault->remedy.empty() ? what : what + "; " + fault->remedy;
}

bool blames_the_bench(const Scorecard& card) {
  return !card.fault || is_of_the_bench(*card.fault, card.info.board.provenance);
}

std::optional<Obstacle> obstacle_of_baseline(const Scorecard& baseline) {
  const std::string who = "the baseline `" + baseline.info.model + "` ";
  if (baseline.state == TrialState::faulted) {
    return Obstacle{Outcome::error, who + "gives nothing to compare with: " + describe(baseline.fault)};
  }
  if (baseline.state != TrialState::complete || baseline.rows() != baseline.wanted_rows()) {
    return Obstacle{Outcome::error, fmt::format("{}is incomplete: {} of {} inferences", who, baseline.rows(),
                                                baseline.wanted_rows())};
  }
  if (const std::string lack = unanswered(baseline); !lack.empty()) {
    return Obstacle{Outcome::error, who + lack};
  }
  return std::nullopt;
}

std::optional<Obstacle> obstacle_of_candidate(const Scorecard& candidate) {
  const std::string progress =
      fmt::format("after {} of {} inferences", candidate.rows(), candidate.wanted_rows());
  switch (candidate.state) {
    case TrialState::faulted:
      return Obstacle{blames_the_bench(candidate) ? Outcome::error : Outcome::fail,
                      fmt::format("the device failed with `{}` {}: {}", candidate.info.model, progress,
                                  describe(candidate.fault))};
    case TrialState::running:
    case TrialState::interrupted:
      return Obstacle{Outcome::inconclusive,
                      fmt::format("the trial of `{}` ended early, {}; run it again to resume",
                                  candidate.info.model, progress)};
    case TrialState::complete:
      break;
  }
  if (candidate.rows() == candidate.wanted_rows()) return std::nullopt;
  return Obstacle{Outcome::error,
                  fmt::format("the trial of `{}` is marked complete {}", candidate.info.model, progress)};
}

std::optional<Obstacle> unlike(const std::string& what, const std::string& candidate,
                               const std::string& baseline) {
  if (candidate == baseline) return std::nullopt;
  return Obstacle{Outcome::error,
                  fmt::format("unlike measurements: {} is `{}` for the candidate, `{}` for the "
                              "baseline",
                              what, candidate, baseline)};
}

bool same_board(const BoardIdentity& a, const BoardIdentity& b) {
  return a.name == b.name && a.serial == b.serial;
}

// Another firmware on the same board is part of what is under test: that is how firmware is released. Another
// firmware on another board is not, it is two benches, and the difference could be anybody's.
std::optional<Obstacle> unlike_boards(const BoardIdentity& candidate, const BoardIdentity& baseline) {
  if (auto found = unlike("the kind of board", candidate.kind, baseline.kind)) return found;
  if (auto found =
          unlike("the provenance", to_string(candidate.provenance), to_string(baseline.provenance))) {
    return found;
  }
  if (same_board(candidate, baseline)) return std::nullopt;
  return unlike("the firmware of two different boards", candidate.image.short_hex(),
                baseline.image.short_hex());
}

}  // namespace

std::optional<Obstacle> obstacle(const Scorecard& candidate, const Scorecard& baseline,
                                 const VectorSet& vectors) {
  const std::string expected = vectors.digest.short_hex();
  if (auto found = unlike("the vector set", candidate.info.vectors_digest.short_hex(), expected))
    return found;
  if (auto found = unlike("the vector set", expected, baseline.info.vectors_digest.short_hex())) return found;
  if (auto found = obstacle_of_candidate(candidate)) return found;
  if (auto found = obstacle_of_baseline(baseline)) return found;
  return unlike_boards(candidate.info.board, baseline.info.board);
}

std::string unlike_modes(const TrialInfo& candidate, const TrialInfo& baseline) {
  if (candidate.mode == baseline.mode) return "";
  return fmt::format("the candidate ran in {} mode, the baseline in {} mode: run both in measure mode",
                     to_string(candidate.mode), to_string(baseline.mode));
}

// An emulated board's clock counts instructions, of which a probe costs none.
std::string unlike_polling(const TrialInfo& candidate, const TrialInfo& baseline) {
  if (candidate.polled == baseline.polled || candidate.board.provenance == Provenance::emulated) return "";
  const char* const with = candidate.polled ? "candidate" : "baseline";
  const char* const without = candidate.polled ? "baseline" : "candidate";
  return fmt::format(
      "a debug probe read the board's memory while the {} ran, which may cost it bus cycles, and not while "
      "the {} "
      "did: measure both over one kind of line",
      with, without);
}

std::string unlike_clocks(const BoardIdentity& candidate, const BoardIdentity& baseline) {
  if (!same_board(candidate, baseline)) {
    return fmt::format(
        "the candidate ran on board `{}` ({}), the baseline on `{}` ({}): compare on one board",
        candidate.name, candidate.serial, baseline.name, baseline.serial);
  }
  if (candidate.clock == baseline.clock && candidate.clock_hz == baseline.clock_hz) return "";
  return fmt::format("the candidate was timed by `{}` at {} Hz, the baseline by `{}` at {} Hz",
                     candidate.clock, candidate.clock_hz, baseline.clock, baseline.clock_hz);
}

std::string unmeasured(const Scorecard& card, const Quantity& quantity, const std::string& who) {
  const Measured& values = measured(card, quantity);
  const std::string what = fmt::format("{} of the {}", quantity.name, who);
  if (card.info.mode == RunMode::throughput)
    return what +
           " was measured in throughput mode, where transfer and inference overlap; run in measure mode";
  if (values.steps_per_base == 0) return fmt::format("the board of the {} has no {}", who, quantity.source);
  if (!values.sorted.empty()) return "";
  std::string none = fmt::format("no {} was measured", what);
  if (values.suspect == 0 && values.disturbed > 0) {
    return fmt::format(
        "{} that counts: {} rows are disturbed, for bytes arrived or something else ran while the model did; "
        "keep other threads away in the port's `thil_port_quiet_begin`",
        none, values.disturbed);
  }
  if (values.suspect == 0) return none;
  return fmt::format(
      "{} that can be trusted: the clock is suspect in {} rows ({}); correct `clock_hz` or `timer_hz` in "
      "the board's port",
      none, values.suspect, values.suspicion());
}

std::string unlike_measured(const Evidence& evidence, const Quantity& quantity) {
  const Scorecard &candidate = evidence.candidate, &baseline = evidence.baseline;
  for (const std::string& obstacle :
       {unlike_modes(candidate.info, baseline.info), unmeasured(candidate, quantity, "candidate"),
        unmeasured(baseline, quantity, "baseline"),
        quantity == kLatency ? unlike_polling(candidate.info, baseline.info) : std::string(),
        quantity == kLatency ? unlike_clocks(candidate.info.board, baseline.info.board)
                             : evidence.comparison.of(quantity).unlike}) {
    if (!obstacle.empty()) return obstacle;
  }
  return "";
}

}  // namespace tinyhil::gate
