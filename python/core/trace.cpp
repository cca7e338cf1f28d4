// SPDX-License-Identifier: Apache-2.0
// A recording of current, read as arrays: tinyhil.Trace. Times are seconds since its first sample.
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <algorithm>
#include <cmath>

#include "arrays.hpp"
#include "base/error.hpp"
#include "bindings.hpp"
#include "meter/trace_reader.hpp"

namespace tinyhil::python {

namespace {

constexpr std::size_t kColumnsMost = 100'000;

struct SampleSpan {
  double first;
  double end;
};

struct OpenTrace {
  explicit OpenTrace(const std::filesystem::path& path) : file(path), reader(path) {}

  [[noreturn]] void refuse(const std::string& what, const std::string& remedy) const {
    throw Error(ErrorKind::usage, what, file.string(), remedy);
  }
  SampleSpan span(double begin_s, double end_s) const {
    if (!std::isfinite(begin_s) || !std::isfinite(end_s) || begin_s > end_s)
      refuse("a stretch of the trace ends before it begins",
             "give begin_s and end_s in seconds, begin first");
    return {begin_s / reader.sample_s(), end_s / reader.sample_s()};
  }

  std::filesystem::path file;
  meter::TraceReader reader;
};

// As a slice does, it ends where the recording does.
py::array_t<float> current_of(const OpenTrace& trace, std::uint64_t first,
                              std::optional<std::uint64_t> count) {
  const std::uint64_t end = trace.reader.end();
  const std::uint64_t left = end - std::min(first, end);
  py::array_t<float> current(static_cast<py::ssize_t>(std::min(count.value_or(left), left)));
  const std::span<float> samples(current.mutable_data(), static_cast<std::size_t>(current.size()));
  py::gil_scoped_release others_may_run;
  trace.reader.current(std::min(first, end), samples);
  return current;
}

std::vector<meter::TraceColumn> columns_of_trace(const OpenTrace& trace, double begin_s, double end_s,
                                                 std::size_t count) {
  const SampleSpan span = trace.span(begin_s, end_s);
  if (count == 0 || count > kColumnsMost)
    trace.refuse(std::to_string(count) + " columns", "ask for 1 to " + std::to_string(kColumnsMost));
  py::gil_scoped_release others_may_run;
  return trace.reader.columns(span.first, span.end, count);
}

// low, high, mean, covered: NaN where nothing was recorded.
py::tuple columns_as_arrays(const OpenTrace& trace, double begin_s, double end_s, std::size_t count) {
  const std::vector<meter::TraceColumn> columns = columns_of_trace(trace, begin_s, end_s, count);
  const auto size = static_cast<py::ssize_t>(columns.size());
  py::array_t<float> low(size), high(size);
  py::array_t<double> mean(size), covered(size);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool is_gap = columns[i].covered <= 0;
    low.mutable_data()[i] = is_gap ? std::nanf("") : columns[i].low_a;
    high.mutable_data()[i] = is_gap ? std::nanf("") : columns[i].high_a;
    mean.mutable_data()[i] = is_gap ? std::nan("") : columns[i].mean_a;
    covered.mutable_data()[i] = columns[i].covered * trace.reader.sample_s();
  }
  return py::make_tuple(low, high, mean, covered);
}

std::vector<meter::Gap> gaps_of(const OpenTrace& trace) {
  const std::span<const meter::Gap> gaps = trace.reader.gaps();
  return {gaps.begin(), gaps.end()};
}

}  // namespace

void bind_trace(py::module_& module) {
  py::class_<meter::Gap>(module, "Gap")
      .def_readonly("first", &meter::Gap::first)
      .def_readonly("count", &meter::Gap::count)
      .def_property_readonly("cause", [](const meter::Gap& gap) { return to_string(gap.cause); });
  py::class_<OpenTrace>(module, "TraceFile")
      .def(py::init<const std::filesystem::path&>(), py::arg("file"))
      .def_property_readonly("meter", [](const OpenTrace& trace) { return trace.reader.start().identity; })
      .def_property_readonly("start_ns", [](const OpenTrace& trace) { return trace.reader.start().start_ns; })
      .def_property_readonly("sample_s", [](const OpenTrace& trace) { return trace.reader.sample_s(); })
      .def_property_readonly("end", [](const OpenTrace& trace) { return trace.reader.end(); })
      .def_property_readonly("samples", [](const OpenTrace& trace) { return trace.reader.samples(); })
      .def_property_readonly("gaps", &gaps_of)
      .def("current", &current_of, py::arg("first"), py::arg("count"))
      .def("columns", &columns_as_arrays, py::arg("begin_s"), py::arg("end_s"), py::arg("count"))
      .def(
          "charge_c",
          [](const OpenTrace& trace, double begin_s, double end_s) {
            const SampleSpan span = trace.span(begin_s, end_s);
            return trace.reader.charge_c(span.first, span.end);
          },
          py::arg("begin_s"), py::arg("end_s"))
      .def(
          "covered_s",
          [](const OpenTrace& trace, double begin_s, double end_s) {
            const SampleSpan span = trace.span(begin_s, end_s);
            return trace.reader.covered(span.first, span.end) * trace.reader.sample_s();
          },
          py::arg("begin_s"), py::arg("end_s"));
}

}  // namespace tinyhil::python
