// SPDX-License-Identifier: Apache-2.0
// A campaign with all that it names, its run, and what the gate says of it.
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "arrays.hpp"
#include "base/clock.hpp"
#include "bindings.hpp"
#include "campaign/choose_run.hpp"
#include "campaign/execution.hpp"
#include "campaign/inputs.hpp"
#include "campaign/judgement.hpp"
#include "campaign/mistakes.hpp"
#include "drive.hpp"
#include "model/exit_code.hpp"
#include "report/report.hpp"
#include "rows.hpp"
#include "store.hpp"

namespace tinyhil::python {

namespace {

const VectorSet& vectors_of(const py::object& self) { return self.cast<const Inputs&>().vectors; }

py::array inputs_of(const py::object& self) {
  const VectorSet& vectors = vectors_of(self);
  return view(dtype_of(vectors.input.dtype), batch_shape(vectors.count, vectors.input), vectors.inputs.data(),
              self);
}

py::dict slices_of(const py::object& self) {
  py::dict slices;
  for (const Slice& slice : vectors_of(self).slices) {
    slices[py::str(slice.name)] = py::make_tuple(column(slice.code, self), slice.values);
  }
  return slices;
}

// Bytes of each output as elements of its type: the file's own shape is not kept.
py::dict golden_of(const py::object& self) {
  py::dict all;
  const VectorSet& vectors = vectors_of(self);
  for (const auto& [name, golden] : vectors.golden) {
    const auto elements = static_cast<py::ssize_t>(golden.bytes_each / size_of(golden.dtype));
    all[py::str(name)] = view(dtype_of(golden.dtype), {static_cast<py::ssize_t>(vectors.count), elements},
                              golden.outputs.data(), self);
  }
  return all;
}

Inputs load(const std::filesystem::path& file, const std::vector<std::string>& candidates) {
  py::gil_scoped_release others_may_run;
  return load_inputs(load_campaign(file), candidates);
}

// In words, as `run` would refuse the campaign.
std::vector<std::string> complaints_of(const Inputs& inputs) {
  std::vector<std::string> words;
  for (const Mistake& mistake : mistakes_that_stop(inputs, {}))
    words.push_back(mistake.what + "; " + mistake.remedy);
  return words;
}

// A judgement with the vectors that its report names.
struct Judged {
  const Inputs& inputs;  // kept alive by Python
  Judgement judgement;

  Report report() const { return judgement.report(inputs.vectors); }
};

Judged judge_stored(const Inputs& inputs, SharedStore& shared, std::optional<std::int64_t> run) {
  py::gil_scoped_release others_may_run;
  const std::lock_guard turn(shared.mutex);
  return {inputs, judge_run(*shared.store, run, inputs, system_now())};
}

// Boards of a bench, which it keeps.
class OwnPlace {
 public:
  OwnPlace(Bench bench, const std::vector<std::string>& boards)
      : bench_(std::make_unique<const Bench>(std::move(bench))),
        place_{bench_.get(), choose_boards(*bench_, boards)} {}

  const Place& get() const { return place_; }

 private:
  std::unique_ptr<const Bench> bench_;
  Place place_;
};

// A run under way, handed over piece by piece. Python keeps the inputs and the place alive.
class CampaignRun {
 public:
  CampaignRun(const Inputs& inputs, const OwnPlace& where, const std::filesystem::path& store, bool resume)
      : store_(open_checked(inputs, where.get(), store)),
        run_(choose_run(inputs, where.get(), *store_, resume ? Begin::where_it_stopped : Begin::anew)) {
    execution_ =
        std::make_unique<Execution>(io_.get_executor(), inputs, where.get().boards, StoredRun{*store_, run_},
                                    [this](const RunEvent& event) {
                                      if (const auto* stored = std::get_if<event::RowsStored>(&event))
                                        arrived_.push_back({stored->trial, stored->rows});
                                    });
    asio::co_spawn(io_, execution_->run(), [this](std::exception_ptr thrown) {
      is_running_ = false;
      failure_ = thrown;
    });
  }
  ~CampaignRun() { close(); }
  CampaignRun(const CampaignRun&) = delete;
  CampaignRun& operator=(const CampaignRun&) = delete;

  // What was stored since the last call, as (model, is_control, board, rows); nothing at the end.
  std::optional<py::list> next() {
    while (execution_) {
      go_on();
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (!is_running_) {
        close();
        if (failure_) std::rethrow_exception(failure_);
      }
      if (!arrived_.empty()) return take_arrived();
    }
    return std::nullopt;
  }

  // What was whole is stored, and the run can be resumed.
  void close() {
    if (!execution_) return;
    py::gil_scoped_release others_may_run;
    if (is_running_) execution_->interrupt();
    while (is_running_ && io_.run_one() > 0) {
    }
    execution_.reset();
  }

  std::int64_t id() const { return run_.id; }

 private:
  // Only for a campaign without mistakes: of any other nothing is stored.
  static std::unique_ptr<RunStore> open_checked(const Inputs& inputs, const Place& place,
                                                const std::filesystem::path& store) {
    refuse_mistakes(inputs, place);
    return open_store(store, StoreAccess::read_write);
  }

  void go_on() {
    py::gil_scoped_release others_may_run;
    const auto until = std::chrono::steady_clock::now() + kLookAround;
    while (is_running_ && io_.run_one_until(until) > 0) {
    }
  }

  struct Arrived {
    TrialInfo info;
    InferenceRows rows;
  };

  py::list take_arrived() {
    py::list list;
    for (Arrived& each : arrived_) {
      Rows rows{std::move(each.rows), each.info.output, each.info.top_k};
      list.append(py::make_tuple(each.info.model, each.info.role == TrialRole::control, each.info.board.name,
                                 each.info.board.clock_hz, to_string(each.info.mode), std::move(rows)));
    }
    arrived_.clear();
    return list;
  }

  std::unique_ptr<RunStore> store_;
  RunRecord run_;
  std::vector<Arrived> arrived_;
  asio::io_context io_{1};
  std::unique_ptr<Execution> execution_;
  bool is_running_ = true;
  std::exception_ptr failure_;
};

void bind_inputs(py::module_& module) {
  py::class_<Inputs>(module, "Inputs")
      .def(py::init(&load), py::arg("file"), py::arg("candidates"))
      .def("complaints", &complaints_of)
      .def_property_readonly("name", [](const Inputs& inputs) { return inputs.campaign.name; })
      .def_property_readonly("file", [](const Inputs& inputs) { return inputs.campaign.file; })
      .def_property_readonly("baseline", [](const Inputs& inputs) { return inputs.campaign.baseline; })
      .def_property_readonly("candidates", [](const Inputs& inputs) { return inputs.campaign.candidates; })
      .def_property_readonly("models", [](const Inputs& inputs) { return inputs.campaign.models; })
      .def_property_readonly("bench", [](const Inputs& inputs) { return inputs.campaign.bench; })
      .def_property_readonly("policy", [](const Inputs& inputs) { return inputs.campaign.policy; })
      .def_property_readonly("repeats", [](const Inputs& inputs) { return inputs.campaign.repeats; })
      .def_property_readonly("vectors_file", [](const Inputs& inputs) { return inputs.vectors.file; })
      .def_property_readonly("vectors_sha256",
                             [](const Inputs& inputs) { return inputs.vectors.digest.hex(); })
      .def_property_readonly("vector_count", [](const Inputs& inputs) { return inputs.vectors.count; })
      .def_property_readonly("input", [](const Inputs& inputs) { return inputs.vectors.input; })
      .def_property_readonly("classes", [](const Inputs& inputs) { return inputs.vectors.classes; })
      .def_property_readonly("inputs", &inputs_of)
      .def_property_readonly("labels",
                             [](const py::object& self) { return column(vectors_of(self).labels, self); })
      .def_property_readonly("group",
                             [](const py::object& self) { return column(vectors_of(self).group, self); })
      .def_property_readonly("slices", &slices_of)
      .def_property_readonly("golden", &golden_of)
      .def("judge", &judge_stored, py::arg("store"), py::arg("run"), py::keep_alive<0, 1>());
}

}  // namespace

void bind_campaign(py::module_& module) {
  bind_inputs(module);
  py::class_<Judged>(module, "Judged")
      .def_property_readonly("run", [](const Judged& judged) { return judged.judgement.run; })
      .def_property_readonly(
          "exit_code",
          [](const Judged& judged) { return static_cast<int>(exit_code(judged.judgement.verdicts)); })
      .def("json", [](const Judged& judged) { return render_json(judged.report()); })
      .def(
          "write",
          [](const Judged& judged, const std::filesystem::path& folder) {
            py::gil_scoped_release others_may_run;
            write_reports(judged.report(), folder);
          },
          py::arg("folder"));
  py::class_<OwnPlace>(module, "Place")
      .def(py::init<Bench, const std::vector<std::string>&>(), py::arg("bench"), py::arg("boards"));
  py::class_<CampaignRun>(module, "CampaignRun")
      .def(py::init<const Inputs&, const OwnPlace&, const std::filesystem::path&, bool>(), py::arg("inputs"),
           py::arg("place"), py::arg("store"), py::arg("resume"), py::keep_alive<1, 2>(),
           py::keep_alive<1, 3>())
      .def("next", &CampaignRun::next)
      .def("close", &CampaignRun::close)
      .def_property_readonly("id", &CampaignRun::id);
}

}  // namespace tinyhil::python
