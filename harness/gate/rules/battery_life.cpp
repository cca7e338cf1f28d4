// SPDX-License-Identifier: Apache-2.0
// {test: battery_life, at_least: 10 y, quantile: 0.05, capacity: 2040 mAh, period: 1 min}: a device that
// sleeps and wakes once a period for its inferences lives at least so long on one battery, in all but
// `quantile` of the cases that the uncertainties allow (stats/battery_life.hpp). The charge of an inference,
// and the currents asleep and waiting unless the policy states them, are those that a meter measured.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gate/gate.hpp"
#include "gate/internal/board_energy.hpp"
#include "gate/internal/finding.hpp"
#include "gate/rules/keys.hpp"
#include "stats/battery_life.hpp"

namespace tinyhil::gate {
namespace {

using stats::BatteryInput;

constexpr double kMicroPerUnit = 1e6;
constexpr double kSecondsPerDay = 86'400;
constexpr std::size_t kLeversTold = 3;
constexpr std::uint64_t kSeed = 1;  // any: 100,000 draws

// In coulombs or amperes: what energy_of() gives at one volt.
stats::Uncertain in_micro(const stats::EnergyBudget& budget) {
  return {kMicroPerUnit * budget.value, kMicroPerUnit * budget.standard()};
}

// The mean current of windows, each counting the same.
std::optional<stats::Uncertain> mean_current_ua(const std::vector<stats::MeasuredWindow>& windows) {
  std::vector<stats::WindowShare> shares;
  for (const stats::MeasuredWindow& window : windows) {
    if (window.length_s > 0)
      shares.push_back({&window, 1 / (window.length_s * static_cast<double>(windows.size()))});
  }
  if (shares.empty()) return std::nullopt;
  return in_micro(stats::energy_of(shares, {1, 0}));
}

class BatteryLife final : public Rule {
 public:
  explicit BatteryLife(const Section& section) {
    at_least_ = more_than_nothing(section, "at_least", section.years("at_least"), "10 y");
    if (section.has("quantile")) quantile_ = section.number("quantile", 0.0001, 0.5);
    read_battery(section);
    read_duty(section);
  }

  Finding judge(const Evidence& evidence) const override {
    const EnergyOfRun run = energy_of_run(evidence);
    if (!run.obstacles.empty()) return conclude("not applied", run.obstacles);
    std::vector<Check> checks;
    for (const BoardEnergy& board : run.boards) checks.push_back(check_of(board, evidence));
    return conclude(fmt::format("duty cycle on measured currents, Monte Carlo after JCGM 101, the life that "
                                "{} of the cases exceed",
                                percent(1 - quantile_)),
                    std::move(checks));
  }

  std::vector<Mistake> mistakes(const Known& known) const override {
    std::vector<Mistake> found;
    need_current(known, found);
    return found;
  }

  bool needs_random_sample() const override { return false; }
  bool needs_recordings() const override { return true; }

  std::vector<Term> terms() const override {
    return {looser_if_lower("at_least", at_least_), looser_if_higher("quantile", quantile_),
            looser_if_higher("capacity", model_[BatteryInput::capacity_mah].value)};
  }

 private:
  static double more_than_nothing(const Section& section, const std::string& key, double value,
                                  const std::string& example) {
    if (value <= 0)
      section.fail_at(key, "`" + key + "` is nothing", "write for example `" + key + ": " + example + "`");
    return value;
  }

  void read_battery(const Section& section) {
    stats::Uncertain& capacity = model_[BatteryInput::capacity_mah];
    capacity.value = more_than_nothing(section, "capacity", section.charge_mah("capacity"), "2040 mAh");
    if (const std::optional<double> spread = read_share(section, "capacity_spread"))
      capacity = {capacity.value, capacity.value * *spread / std::sqrt(3.0), stats::Spread::rectangular};
    model_[BatteryInput::self_discharge_per_year].value = read_share(section, "self_discharge").value_or(0);
    model_[BatteryInput::temperature_c].value =
        section.has("temperature") ? section.temperature_c("temperature") : model_.reference_c;
    if (section.has("derating")) model_[BatteryInput::derating_per_k].value = section.ratio("derating");
    if (section.has("shelf_life")) model_[BatteryInput::shelf_years].value = section.years("shelf_life");
  }

  void read_duty(const Section& section) {
    const double period =
        more_than_nothing(section, "period", seconds_of(section.duration("period")), "1 min");
    model_[BatteryInput::wakeups_per_day].value = kSecondsPerDay / period;
    model_[BatteryInput::inferences_per_wakeup].value =
        static_cast<double>(section.integer("inferences", 1, 1'000'000, 1));
    if (const auto awake = section.optional_duration("awake"))
      model_[BatteryInput::idle_s_per_wakeup].value = seconds_of(*awake);
    if (section.has("sleep_current")) stated_sleep_ua_ = section.current_ua("sleep_current");
    if (section.has("radio_charge") || section.has("radio_period")) {
      model_[BatteryInput::radio_uc].value = section.charge_uc("radio_charge");
      const double radio_period =
          more_than_nothing(section, "radio_period", seconds_of(section.duration("radio_period")), "1 h");
      model_[BatteryInput::radio_per_day].value = kSecondsPerDay / radio_period;
    }
  }

  static double seconds_of(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
  }

  // Nothing where what it needs was not measured; then `missing` says what.
  std::optional<stats::BatteryModel> measured_model(const BoardEnergy& board, const std::string& candidate,
                                                    std::string& missing) const {
    stats::BatteryModel model = model_;
    const std::vector<stats::InferenceWindow> windows = board.windows(candidate);
    const auto charge = stats::energy_per_inference(windows, stats::Baseline::none, {1, 0});
    const auto idle = mean_current_ua(board.rests(WindowKind::idle));
    auto sleep = mean_current_ua(board.rests(WindowKind::sleep));
    if (stated_sleep_ua_) sleep = stats::Uncertain{*stated_sleep_ua_};
    if (!charge) missing = "the charge of an inference";
    if (!idle && model[BatteryInput::idle_s_per_wakeup].value > 0) missing = "the current of waiting";
    if (!sleep) missing = "the current of sleep (`sleep_current` states it)";
    if (!missing.empty()) return std::nullopt;
    model[BatteryInput::inference_uc] = in_micro(*charge);
    double seconds = 0;
    for (const stats::InferenceWindow& window : windows)
      seconds += window.window.length_s / static_cast<double>(window.proven);
    model[BatteryInput::inference_s].value = seconds / static_cast<double>(windows.size());
    if (idle) model[BatteryInput::idle_ua] = *idle;
    model[BatteryInput::sleep_ua] = *sleep;
    return model;
  }

  Check check_of(const BoardEnergy& board, const Evidence& evidence) const {
    Check check;
    check.subject = "battery life, board " + board.board;
    check.outcome = Outcome::inconclusive;
    std::string missing;
    const auto model = measured_model(board, evidence.candidate.info.model, missing);
    if (!model) {
      check.reason =
          fmt::format("battery life is not known: on board {} {} was not measured", board.board, missing);
      return check;
    }
    const stats::BatteryLife life = stats::battery_life(*model, kSeed);
    check.estimate = stats::battery_years_quantile(*model, quantile_, kSeed);
    check.n = board.windows(evidence.candidate.info.model).size();
    check.unit = Unit::years;
    check.limit = at_least_;
    check.allowed = Allowed::at_least;
    check.quantity = "battery_life";
    check.outcome = *check.estimate >= at_least_ ? Outcome::pass : Outcome::fail;
    check.reason = fmt::format(
        "{} of devices live {:.3g} years or longer (5 %, median, 95 %: {:.3g}, {:.3g}, {:.3g}) on {:.4g} uA "
        "in the mean, as measured on board {}{}; at least {:.3g} years required{}",
        percent(1 - quantile_), *check.estimate, life.p5_years, life.p50_years, life.p95_years,
        stats::average_ua(*model), board.board, simulated_note(board.meter()), at_least_, levers_of(*model));
    return check;
  }

  // What moves the life most.
  static std::string levers_of(const stats::BatteryModel& model) {
    std::string words;
    const std::vector<stats::BatteryLever> levers = stats::battery_tornado(model);
    for (std::size_t i = 0; i < std::min(levers.size(), kLeversTold); ++i) {
      const auto [low, high] = std::minmax(levers[i].years_at_low, levers[i].years_at_high);
      words += fmt::format("{} {} ({:.3g} to {:.3g} years)", i == 0 ? "; what matters most:" : ",",
                           stats::to_string(levers[i].input), low, high);
    }
    return words;
  }

  double at_least_ = 0;  // years
  double quantile_ = 0.05;
  stats::BatteryModel model_;  // what the policy states
  std::optional<double> stated_sleep_ua_;
};

}  // namespace

std::unique_ptr<Rule> make_battery_life(const Section& section) {
  return std::make_unique<BatteryLife>(section);
}

}  // namespace tinyhil::gate
