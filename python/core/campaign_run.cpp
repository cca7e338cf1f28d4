// SPDX-License-Identifier: Apache-2.0
// A run of a campaign on the boards of a bench, handed to Python as its rows arrive.
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <chrono>
#include <memory>
#include <mutex>

#include "base/error.hpp"
#include "bindings.hpp"
#include "campaign/choose_run.hpp"
#include "campaign/execution.hpp"
#include "campaign/inputs.hpp"
#include "campaign/mistakes.hpp"
#include "drive.hpp"
#include "model/inference_rows.hpp"
#include "rows.hpp"

namespace tinyhil::python {

namespace {

// Boards of a bench, which it keeps.
class OwnPlace {
 public:
  OwnPlace(Bench bench, const std::vector<std::string>& boards)
      : bench_(std::make_unique<const Bench>(std::move(bench))),
        place_{bench_.get(), campaign::choose_boards(*bench_, boards)} {}

  const campaign::Place& get() const { return place_; }

 private:
  std::unique_ptr<const Bench> bench_;
  campaign::Place place_;
};

// A run under way, handed over piece by piece. Python keeps the inputs and the place alive.
class CampaignRun {
 public:
  CampaignRun(const campaign::Inputs& inputs, const OwnPlace& where, const std::filesystem::path& store,
              bool resume)
      : store_(open_checked(inputs, where.get(), store)),
        run_(campaign::choose_run(inputs, where.get(), *store_,
                                  resume ? campaign::Begin::where_it_stopped : campaign::Begin::anew)) {
    execution_ = std::make_unique<campaign::Execution>(
        io_.get_executor(), campaign::PlannedRun{inputs, where.get().boards, {*store_, run_}},
        [this](const campaign::RunEvent& event) {
          if (const auto* stored = std::get_if<campaign::event::RowsStored>(&event))
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
  static std::unique_ptr<store::RunStore> open_checked(const campaign::Inputs& inputs,
                                                       const campaign::Place& place,
                                                       const std::filesystem::path& store) {
    campaign::refuse_mistakes(inputs, place);
    return store::open_store(store, store::StoreAccess::read_write);
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

  std::unique_ptr<store::RunStore> store_;
  RunRecord run_;
  std::vector<Arrived> arrived_;
  asio::io_context io_{1};
  std::unique_ptr<campaign::Execution> execution_;
  bool is_running_ = true;
  std::exception_ptr failure_;
};

}  // namespace

void bind_campaign_run(py::module_& module) {
  py::class_<OwnPlace>(module, "Place")
      .def(py::init<Bench, const std::vector<std::string>&>(), py::arg("bench"), py::arg("boards"));
  py::class_<CampaignRun>(module, "CampaignRun")
      .def(py::init<const campaign::Inputs&, const OwnPlace&, const std::filesystem::path&, bool>(),
           py::arg("inputs"), py::arg("place"), py::arg("store"), py::arg("resume"), py::keep_alive<1, 2>(),
           py::keep_alive<1, 3>())
      .def("next", &CampaignRun::next)
      .def("close", &CampaignRun::close)
      .def_property_readonly("id", &CampaignRun::id);
}

}  // namespace tinyhil::python
