// SPDX-License-Identifier: Apache-2.0
// What the recordings of a run amount to, in numbers with their uncertainty: made by metric/, read by
// report/. Energies in microjoules, currents in microamperes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "meter.hpp"
#include "recording.hpp"
#include "scorecard.hpp"

namespace tinyhil {

struct UncertaintyTerm {
  std::string source;   // "gain"
  std::string shape;    // "rectangular", "normal", "Student, 19 degrees of freedom"
  double standard = 0;  // in the unit of the figure
};

struct UncertainFigure {
  double value = 0;
  double standard = 0;  // combined standard uncertainty (JCGM 100)
  Interval interval;    // that holds the true one with 95 %
  std::vector<UncertaintyTerm> terms;
};

// One of a model's layers, or what lies between inferences. Of one inference, mean over the windows.
struct LayerFigure {
  double energy_uj = 0;
  double standard_uj = 0;  // by scatter and by the cuts between layers
  double time_us = 0;
};

struct ModelEnergy {
  std::string model;
  std::uint64_t windows = 0;                            // that count
  std::uint64_t incomplete = 0;                         // that do not
  std::string why_incomplete;                           // the first of them
  std::uint64_t inferences = 0;                         // proven ones in the windows that count
  std::optional<UncertainFigure> gross;                 // an inference
  std::optional<UncertainFigure> net;                   // beyond what the board takes waiting
  double lowest_uj = 0, median_uj = 0, highest_uj = 0;  // of the vectors, gross
  std::optional<double> mlperf_uj;                      // as MLPerf Tiny states it
  std::string no_mlperf;                                // why there is none
  std::vector<LayerFigure> layers;  // between inferences, then each layer; empty: not known
};

// Of one board, by one meter.
struct BoardEnergyFigures {
  std::string board;
  MeterIdentity meter;
  std::vector<std::string> traces;
  std::optional<UncertainFigure> idle_ua, sleep_ua;
  std::vector<ModelEnergy> models;  // in the order asked for
};

}  // namespace tinyhil
