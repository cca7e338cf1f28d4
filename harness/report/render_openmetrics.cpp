// SPDX-License-Identifier: Apache-2.0
// OpenMetrics 1.0 text, for a dashboard of releases. An outcome is a state set, of which exactly one state is
// 1: what alerts on "not pass" misses nothing.
#include <fmt/format.h>

#include <cmath>
#include <set>

#include "report.hpp"
#include "report/internal/numbers.hpp"
#include "report/internal/printable.hpp"
#include "report/internal/words.hpp"

namespace tinyhil::report {
namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

constexpr Outcome kOutcomes[] = {Outcome::pass, Outcome::fail, Outcome::inconclusive, Outcome::error,
                                 Outcome::waived};

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : printable(text)) {
    if (c == '\\' || c == '"') result += '\\';
    result += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return result;
}

std::string written(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

// One metric with its samples, which have to stand together.
class Family {
 public:
  Family(std::string name, const std::string& type, const std::string& help, const std::string& unit = "")
      : name_(std::move(name)) {
    head_ = "# TYPE " + name_ + " " + type + "\n";
    if (!unit.empty()) head_ += "# UNIT " + name_ + " " + unit + "\n";
    head_ += "# HELP " + name_ + " " + escaped(help) + "\n";
  }

  // A second sample with the same labels would make the document invalid.
  void add(const Labels& labels, double value) {
    std::string list;
    for (const auto& [name, text] : labels)
      list += (list.empty() ? "" : ",") + name + "=\"" + escaped(text) + "\"";
    if (seen_.insert(list).second) samples_ += name_ + "{" + list + "} " + written(value) + "\n";
  }

  void add_state(const Labels& labels, Outcome outcome) {
    for (const Outcome state : kOutcomes) {
      Labels with_state = labels;
      with_state.emplace_back(name_, to_string(state));
      add(with_state, state == outcome ? 1 : 0);
    }
  }

  std::string text() const { return samples_.empty() ? "" : head_ + samples_; }

 private:
  std::string name_, head_, samples_;
  std::set<std::string> seen_;
};

std::string outcomes_of(const Report& report) {
  Family verdicts("tinyhil_verdict", "stateset", "What the gate says of a candidate.");
  Family rules("tinyhil_rule", "stateset", "What one rule of the policy says of a candidate.");
  for (const Verdict& verdict : report.verdicts) {
    const Labels labels = {{"campaign", report.run.campaign}, {"candidate", verdict.candidate}};
    verdicts.add_state(labels, verdict.outcome);
    for (const Finding& finding : verdict.findings) {
      Labels of_rule = labels;
      of_rule.emplace_back("rule", finding.rule);
      of_rule.emplace_back("severity", to_string(finding.severity));
      rules.add_state(of_rule, finding.outcome);
    }
  }
  return verdicts.text() + rules.text();
}

void add_check(std::map<std::string, Family>& families, Labels labels, const Check& check) {
  const BaseUnit unit = base_of(check.unit);
  const std::string name = fmt::format("tinyhil_check_{}", unit.name);
  Family& family =
      families
          .try_emplace(name, name, "gauge", "Estimate, interval and limit of what a rule checked.",
                       std::string(unit.name))
          .first->second;
  labels.emplace_back("subject", check.subject);
  const auto add = [&](const char* part, const std::optional<double>& value) {
    if (!value) return;
    Labels all = labels;
    all.emplace_back("part", part);
    family.add(all, *value * unit.factor);
  };
  add("estimate", check.estimate);
  if (check.interval) {
    add("low", check.interval->low);
    add("high", check.interval->high);
  }
  add("limit", check.limit);
}

std::string checks_of(const Report& report) {
  std::map<std::string, Family> families;
  for (const Verdict& verdict : report.verdicts) {
    for (const Finding& finding : verdict.findings) {
      for (const Check& check : finding.checks)
        add_check(
            families,
            {{"campaign", report.run.campaign}, {"candidate", verdict.candidate}, {"rule", finding.rule}},
            check);
    }
  }
  std::string text;
  for (const auto& [name, family] : families) text += family.text();
  return text;
}

Labels labels_of(const Report& report, const Scorecard& card) {
  const BoardIdentity& board = card.info.board;
  return {{"campaign", report.run.campaign},
          {"model", card.info.model},
          {"board", board.name},
          {"provenance", is_identified(board) ? to_string(board.provenance) : "not known"}};
}

void add_quantiles(std::map<std::string, Family>& families, const Labels& of_card, const Measured& measured) {
  const std::string_view name = measured.quantity.name;
  const BaseUnit unit = base_of(measured.quantity.unit);
  const std::string family_name = fmt::format("tinyhil_{}_{}", name, unit.name);
  Family& family = families
                       .try_emplace(family_name, family_name, "gauge",
                                    report::title_of(measured.quantity) + " of an inference at a quantile.",
                                    std::string(unit.name))
                       .first->second;
  for (const auto& [word, quantile] : {std::pair("0.5", 0.5), std::pair("0.99", 0.99), std::pair("1", 1.0)}) {
    Labels labels = of_card;
    labels.emplace_back("quantile", word);
    family.add(labels, measured.to_millionths(measured.steps_at(quantile)) * 1e-6);
  }
}

std::string quantities_of(const Report& report) {
  std::map<std::string, Family> families;
  for (const Scorecard& card : report.scorecards) {
    for (const Measured* measured : all_measured(card)) {
      if (measured->is_known()) add_quantiles(families, labels_of(report, card), *measured);
    }
  }
  std::string text;
  for (const auto& [name, family] : families) text += family.text();
  return text;
}

void add_figure(Family& family, Labels labels, const std::optional<UncertainFigure>& figure) {
  if (!figure) return;
  labels.emplace_back("part", "");
  for (const auto& [part, value] :
       {std::pair("estimate", figure->value), std::pair("low", figure->interval.low),
        std::pair("high", figure->interval.high)}) {
    labels.back().second = part;
    family.add(labels, value * 1e-6);
  }
}

Labels with(Labels labels, const char* name, const std::string& value) {
  labels.emplace_back(name, value);
  return labels;
}

// Of each board and meter apart: no number of a simulated meter is laid beside a measured one.
std::string energies_of(const Report& report) {
  Family energies("tinyhil_inference_energy_joules", "gauge", "Energy of an inference and its 95 % interval.",
                  "joules");
  Family currents("tinyhil_resting_current_amperes", "gauge",
                  "Current of a board that waits or sleeps and its 95 % interval.", "amperes");
  for (const BoardEnergyFigures& board : report.energies) {
    const Labels labels = {{"campaign", report.run.campaign},
                           {"board", board.board},
                           {"meter", board.meter.driver},
                           {"meter_range", board.meter.range_mode},
                           {"supply_volts", written(board.meter.supply_v)},
                           {"simulated", board.meter.simulated ? "true" : "false"}};
    for (const ModelEnergy& model : board.models) {
      const Labels of_model = with(labels, "model", model.model);
      add_figure(energies, with(of_model, "energy", "gross"), model.gross);
      add_figure(energies, with(of_model, "energy", "net"), model.net);
    }
    add_figure(currents, with(labels, "state", "idle"), board.idle_ua);
    add_figure(currents, with(labels, "state", "sleep"), board.sleep_ua);
  }
  return energies.text() + currents.text();
}

struct Gauge {
  const char* name;
  const char* unit;
  const char* help;
  double (*value)(const Scorecard&);
};

constexpr Gauge kGauges[] = {
    {"tinyhil_accuracy_ratio", "ratio", "Share of vectors classified rightly.",
     [](const Scorecard& card) { return card.accuracy.n == 0 ? std::nan("") : card.accuracy.value(); }},
    {"tinyhil_arena_bytes", "bytes", "Working memory that the model used.",
     [](const Scorecard& card) { return static_cast<double>(card.info.arena_used); }},
    {"tinyhil_model_bytes", "bytes", "Size of the model.",
     [](const Scorecard& card) { return static_cast<double>(card.info.model_size); }},
    {"tinyhil_inferences", "", "Inferences whose output counts.",
     [](const Scorecard& card) { return static_cast<double>(card.inferences); }},
    {"tinyhil_failed_inferences", "", "Inferences without a usable output.",
     [](const Scorecard& card) { return static_cast<double>(card.failed_inferences); }},
    {"tinyhil_quarantined_vectors", "", "Vectors on which the device failed twice.",
     [](const Scorecard& card) { return static_cast<double>(card.quarantined.size()); }},
    {"tinyhil_survived_faults", "", "Faults after which the run went on.",
     [](const Scorecard& card) { return static_cast<double>(count_faults(card)); }},
};

std::string gauges_of(const Report& report) {
  std::string text;
  for (const Gauge& gauge : kGauges) {
    Family family(gauge.name, "gauge", gauge.help, gauge.unit);
    for (const Scorecard& card : report.scorecards) family.add(labels_of(report, card), gauge.value(card));
    text += family.text();
  }
  return text;
}

}  // namespace

std::string render_openmetrics(const Report& report) {
  return outcomes_of(report) + checks_of(report) + gauges_of(report) + quantities_of(report) +
         energies_of(report) + "# EOF\n";
}

}  // namespace tinyhil::report
