// SPDX-License-Identifier: Apache-2.0
// What a current meter measured: recordings of a run as columns, and the figures that follow from them.
#include "energy.hpp"

#include <pybind11/stl.h>

#include <algorithm>
#include <cmath>

#include "arrays.hpp"
#include "bindings.hpp"
#include "metric/energy.hpp"
#include "stats/recorded_energy.hpp"

namespace tinyhil::python {

namespace {

constexpr double kMicrounits = 1e6;

using Windows = std::vector<MeasuredWindow>;

// Microjoules of an inference, gross; NaN where the window does not count, or holds none.
double energy_uj(const MeasuredWindow& window, const MeterIdentity& meter) {
  if (window.kind != WindowKind::inference || !stats::counts(window)) return std::nan("");
  const stats::InferenceWindow alone{stats::window_of(window, meter), {}, window.report.proven, 0};
  const auto energy =
      stats::energy_per_inference({&alone, 1}, stats::Baseline::none, stats::supply_of(meter));
  return energy ? kMicrounits * energy->value : std::nan("");
}

double current_ua(const MeasuredWindow& window, const MeterIdentity& meter) {
  return stats::counts(window) ? kMicrounits * stats::mean_a(stats::window_of(window, meter)) : std::nan("");
}

template <class Value>
auto column_of(const Windows& windows, Value value) {
  using Element = std::invoke_result_t<Value&, const MeasuredWindow&>;
  py::array_t<Element> values(static_cast<py::ssize_t>(windows.size()));
  std::ranges::transform(windows, values.mutable_data(), value);
  values.attr("setflags")(py::arg("write") = false);
  return values;
}

template <class Value>
py::list texts_of(const Windows& windows, Value value) {
  py::list list;
  for (const MeasuredWindow& window : windows) list.append(py::str(value(window)));
  return list;
}

// Seconds and coulombs as they are stored, beside what they amount to.
void add_measured(py::dict& columns, const Recording& recording) {
  const Windows& windows = recording.windows;
  const MeterIdentity& meter = recording.info.meter;
  columns["begin_s"] = column_of(windows, [](const MeasuredWindow& each) { return each.begin_s; });
  columns["length_s"] = column_of(windows, [](const MeasuredWindow& each) { return each.length_s; });
  columns["missing_s"] = column_of(windows, [](const MeasuredWindow& each) { return each.missing_s; });
  columns["charge_c"] = column_of(windows, [](const MeasuredWindow& each) { return each.charge_c; });
  columns["current_ua"] =
      column_of(windows, [&](const MeasuredWindow& each) { return current_ua(each, meter); });
  columns["energy_uj"] =
      column_of(windows, [&](const MeasuredWindow& each) { return energy_uj(each, meter); });
}

py::dict columns_of(const Recording& recording) {
  const Windows& windows = recording.windows;
  py::dict columns;
  columns["kind"] = texts_of(windows, [](const MeasuredWindow& each) { return to_string(each.kind); });
  columns["model"] = texts_of(windows, [](const MeasuredWindow& each) { return each.model; });
  columns["vector"] = column_of(windows, [](const MeasuredWindow& each) {
    return each.vector ? static_cast<std::int64_t>(each.vector->value) : std::int64_t{-1};
  });
  columns["block"] = column_of(windows, [](const MeasuredWindow& each) { return each.block; });
  columns["asked"] = column_of(windows, [](const MeasuredWindow& each) { return each.asked; });
  columns["proven"] = column_of(windows, [](const MeasuredWindow& each) { return each.report.proven; });
  columns["counts"] = column_of(windows, [](const MeasuredWindow& each) { return stats::counts(each); });
  columns["state"] = texts_of(windows, [](const MeasuredWindow& each) {
    return each.state == WindowState::complete ? "complete" : "incomplete";
  });
  columns["why"] = texts_of(windows, [](const MeasuredWindow& each) { return each.why; });
  add_measured(columns, recording);
  return columns;
}

void bind_meter(py::module_& module) {
  py::class_<MeterIdentity>(module, "Meter")
      .def_readonly("driver", &MeterIdentity::driver)
      .def_readonly("serial", &MeterIdentity::serial)
      .def_readonly("firmware", &MeterIdentity::firmware)
      .def_readonly("calibrated", &MeterIdentity::calibrated)
      .def_readonly("expires", &MeterIdentity::expires)
      .def_readonly("simulated", &MeterIdentity::simulated)
      .def_readonly("rate_hz", &MeterIdentity::rate_hz)
      .def_readonly("range_mode", &MeterIdentity::range_mode)
      .def_readonly("supply_v", &MeterIdentity::supply_v)
      .def("__repr__", [](const MeterIdentity& meter) {
        return "<Meter " + meter.driver + (meter.simulated ? ", simulated>" : ">");
      });
}

void bind_figures(py::module_& module) {
  py::class_<UncertaintyTerm>(module, "UncertaintyTerm")
      .def_readonly("source", &UncertaintyTerm::source)
      .def_readonly("shape", &UncertaintyTerm::shape)
      .def_readonly("standard", &UncertaintyTerm::standard);
  py::class_<UncertainFigure>(module, "Figure")
      .def_readonly("value", &UncertainFigure::value)
      .def_readonly("standard", &UncertainFigure::standard)
      .def_property_readonly("low", [](const UncertainFigure& figure) { return figure.interval.low; })
      .def_property_readonly("high", [](const UncertainFigure& figure) { return figure.interval.high; })
      .def_readonly("terms", &UncertainFigure::terms)
      .def("__float__", [](const UncertainFigure& figure) { return figure.value; })
      .def("__repr__", [](const UncertainFigure& figure) {
        return py::str("<Figure {:.4g} ({:.4g} to {:.4g}, 95 %)>")
            .format(figure.value, figure.interval.low, figure.interval.high);
      });
  py::class_<LayerFigure>(module, "LayerEnergy")
      .def_readonly("energy_uj", &LayerFigure::energy_uj)
      .def_readonly("standard_uj", &LayerFigure::standard_uj)
      .def_readonly("time_us", &LayerFigure::time_us);
}

// What lies between inferences is no layer.
std::vector<LayerFigure> layers_of(const ModelEnergy& energy) {
  return {energy.layers.begin() + (energy.layers.empty() ? 0 : 1), energy.layers.end()};
}

std::optional<LayerFigure> between_of(const ModelEnergy& energy) {
  if (energy.layers.empty()) return std::nullopt;
  return energy.layers.front();
}

void bind_energies(py::module_& module) {
  py::class_<ModelEnergy>(module, "ModelEnergy")
      .def_readonly("model", &ModelEnergy::model)
      .def_readonly("windows", &ModelEnergy::windows)
      .def_readonly("incomplete", &ModelEnergy::incomplete)
      .def_readonly("why_incomplete", &ModelEnergy::why_incomplete)
      .def_readonly("inferences", &ModelEnergy::inferences)
      .def_readonly("gross_uj", &ModelEnergy::gross)
      .def_readonly("net_uj", &ModelEnergy::net)
      .def_readonly("lowest_uj", &ModelEnergy::lowest_uj)
      .def_readonly("median_uj", &ModelEnergy::median_uj)
      .def_readonly("highest_uj", &ModelEnergy::highest_uj)
      .def_readonly("mlperf_tiny_uj", &ModelEnergy::mlperf_uj)
      .def_readonly("no_mlperf_tiny", &ModelEnergy::no_mlperf)
      .def_property_readonly("between_inferences", &between_of)
      .def_property_readonly("layers", &layers_of)
      .def("__repr__", [](const ModelEnergy& energy) { return "<ModelEnergy " + energy.model + ">"; });
  py::class_<BoardEnergyFigures>(module, "BoardEnergy")
      .def_readonly("board", &BoardEnergyFigures::board)
      .def_readonly("meter", &BoardEnergyFigures::meter)
      .def_readonly("traces", &BoardEnergyFigures::traces)
      .def_readonly("idle_ua", &BoardEnergyFigures::idle_ua)
      .def_readonly("sleep_ua", &BoardEnergyFigures::sleep_ua)
      .def_readonly("models", &BoardEnergyFigures::models)
      .def("__repr__", [](const BoardEnergyFigures& board) { return "<BoardEnergy " + board.board + ">"; });
}

void bind_recording(py::module_& module) {
  py::class_<Recording>(module, "RecordingRecord")
      .def_readonly("id", &Recording::id)
      .def_property_readonly("board", [](const Recording& recording) { return recording.info.board; })
      .def_property_readonly("meter", [](const Recording& recording) { return recording.info.meter; })
      .def_readonly("started_at", &Recording::started_at)
      .def_property_readonly("state",
                             [](const Recording& recording) { return to_string(recording.end.state); })
      .def_property_readonly("fault",
                             [](const Recording& recording) {
                               return recording.end.fault ? std::optional(describe(*recording.end.fault))
                                                          : std::nullopt;
                             })
      .def_property_readonly("trace", [](const Recording& recording) { return recording.end.trace; })
      .def_property_readonly("samples", [](const Recording& recording) { return recording.end.samples; })
      .def("columns", &columns_of)
      .def("__len__", [](const Recording& recording) { return recording.windows.size(); });
}

}  // namespace

std::vector<BoardEnergyFigures> energies_of(const std::vector<Recording>& recordings) {
  std::vector<std::string> models;
  for (const Recording& recording : recordings) {
    for (const MeasuredWindow& window : recording.windows) {
      const bool is_new = std::ranges::find(models, window.model) == models.end();
      if (window.kind == WindowKind::inference && is_new) models.push_back(window.model);
    }
  }
  return metric::energy_figures(recordings, models);
}

void bind_energy(py::module_& module) {
  bind_meter(module);
  bind_figures(module);
  bind_energies(module);
  bind_recording(module);
  module.def("energies", &energies_of, py::arg("recordings"));
}

}  // namespace tinyhil::python
