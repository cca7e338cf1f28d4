// SPDX-License-Identifier: Apache-2.0
// The results database, for reading.
#include "store.hpp"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "energy.hpp"
#include "model/inference_rows.hpp"
#include "rows.hpp"

namespace tinyhil::python {

namespace {

// With the store to itself and without the GIL.
template <class Read>
auto reading(SharedStore& shared, Read read) {
  py::gil_scoped_release others_may_run;
  const std::lock_guard turn(shared.mutex);
  return read(*shared.store);
}

py::object describe_fault(const std::optional<Fault>& fault) {
  return fault ? py::cast(describe(*fault)) : py::none();
}

py::list describe_survived(const std::vector<SurvivedFault>& faults) {
  py::list list;
  for (const SurvivedFault& fault : faults) {
    py::dict entry;
    entry["what"] = describe(fault.fault);
    entry["vector"] = fault.vector ? py::object(py::int_(fault.vector->value)) : py::none();
    entry["of_the_device"] = fault.of_the_device;
    list.append(std::move(entry));
  }
  return list;
}

Rows rows_of(SharedStore& shared, const Trial& trial) {
  InferenceRows rows = reading(shared, [&](const store::RunStore& store) { return store.rows(trial.id); });
  return {std::move(rows), trial.info.output, trial.info.top_k};
}

std::vector<Recording> recordings_of(SharedStore& shared, std::int64_t run) {
  return reading(shared, [&](const store::RunStore& store) {
    store.require_intact(run);
    return store.recordings(run);
  });
}

void bind_run(py::module_& module) {
  py::class_<RunRecord>(module, "RunRecord")
      .def_readonly("id", &RunRecord::id)
      .def_readonly("campaign", &RunRecord::campaign)
      .def_readonly("campaign_file", &RunRecord::campaign_file)
      .def_property_readonly("campaign_sha256",
                             [](const RunRecord& run) { return run.campaign_digest.hex(); })
      .def_property_readonly("policy_sha256", [](const RunRecord& run) { return run.policy_digest.hex(); })
      .def_readonly("bench", &RunRecord::bench)
      .def_readonly("started_at", &RunRecord::started_at)
      .def_readonly("host", &RunRecord::host)
      .def_readonly("version", &RunRecord::version)
      .def_property_readonly(
          "sampling",
          [](const RunRecord& run) { return run.sampling ? to_text(*run.sampling) : std::string(); })
      .def_readonly("order_seed", &RunRecord::order_seed)
      .def_readonly("boards", &RunRecord::boards)
      .def_property_readonly("failed_attempts", [](const RunRecord& run) {
        py::list list;
        for (const FailedAttempt& each : run.failed_attempts)
          list.append(py::make_tuple(each.boards, each.failure_class, each.what));
        return list;
      });
}

void bind_trial(py::module_& module) {
  py::class_<Trial>(module, "TrialRecord")
      .def_readonly("id", &Trial::id)
      .def_property_readonly("model", [](const Trial& trial) { return trial.info.model; })
      .def_property_readonly("model_sha256", [](const Trial& trial) { return trial.info.model_digest.hex(); })
      .def_property_readonly("model_size", [](const Trial& trial) { return trial.info.model_size; })
      .def_property_readonly("is_control",
                             [](const Trial& trial) { return trial.info.role == TrialRole::control; })
      .def_property_readonly("vectors_sha256",
                             [](const Trial& trial) { return trial.info.vectors_digest.hex(); })
      .def_property_readonly("vector_count", [](const Trial& trial) { return trial.info.vector_count; })
      .def_property_readonly("repeats", [](const Trial& trial) { return trial.info.repeats; })
      .def_property_readonly("mode", [](const Trial& trial) { return to_string(trial.info.mode); })
      .def_property_readonly("top_k", [](const Trial& trial) { return trial.info.top_k; })
      .def_property_readonly("arena_used", [](const Trial& trial) { return trial.info.arena_used; })
      .def_property_readonly(
          "input", [](const Trial& trial) { return only_of(trial.info.input, "input", trial.info.model); })
      .def_property_readonly(
          "output", [](const Trial& trial) { return only_of(trial.info.output, "output", trial.info.model); })
      .def_property_readonly("inputs", [](const Trial& trial) { return tensors_of(trial.info.input); })
      .def_property_readonly("outputs", [](const Trial& trial) { return tensors_of(trial.info.output); })
      .def_property_readonly("board", [](const Trial& trial) { return describe_board(trial.info.board); })
      .def_property_readonly("state", [](const Trial& trial) { return to_string(trial.state); })
      .def_property_readonly("fault", [](const Trial& trial) { return describe_fault(trial.fault); })
      .def_property_readonly("survived", [](const Trial& trial) { return describe_survived(trial.survived); })
      .def_property_readonly("drawn", [](const Trial& trial) { return trial.drawn; });
}

}  // namespace

void bind_store(py::module_& module) {
  bind_run(module);
  bind_trial(module);
  py::class_<SharedStore>(module, "Store")
      .def(py::init<const std::filesystem::path&>(), py::arg("file"))
      .def("runs",
           [](SharedStore& shared) {
             return reading(shared, [](const store::RunStore& store) { return store.runs(); });
           })
      .def(
          "run",
          [](SharedStore& shared, std::int64_t id) {
            return reading(shared, [&](const store::RunStore& store) { return store.run(id); });
          },
          py::arg("id"))
      .def(
          "trials",
          [](SharedStore& shared, std::int64_t run) {
            return reading(shared, [&](const store::RunStore& store) {
              store.require_intact(run);
              return store.trials_without_rows(run);
            });
          },
          py::arg("run"))
      .def("rows", &rows_of, py::arg("trial"))
      .def("recordings", &recordings_of, py::arg("run"))
      .def(
          "energies",
          [](SharedStore& shared, std::int64_t run) { return energies_of(recordings_of(shared, run)); },
          py::arg("run"))
      .def(
          "broken_link",
          [](SharedStore& shared, std::int64_t run) -> py::object {
            const auto broken =
                reading(shared, [&](const store::RunStore& store) { return store.verify_chain(run); });
            if (!broken) return py::none();
            return py::cast(broken->table + " " + std::to_string(broken->row) + ": " + broken->what);
          },
          py::arg("run"));
}

}  // namespace tinyhil::python
