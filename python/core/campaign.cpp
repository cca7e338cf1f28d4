// SPDX-License-Identifier: Apache-2.0
// A campaign with all that it names, and what the gate says of its runs.
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <cmath>

#include "arrays.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "bindings.hpp"
#include "campaign/inputs.hpp"
#include "campaign/judgement.hpp"
#include "campaign/mistakes.hpp"
#include "metric/output_scorer.hpp"
#include "metric/rows.hpp"
#include "model/exit_code.hpp"
#include "model/inference_rows.hpp"
#include "model/task.hpp"
#include "report/report.hpp"
#include "rows.hpp"
#include "store.hpp"

namespace tinyhil::python {

namespace {

const VectorSet& vectors_of(const py::object& self) { return self.cast<const campaign::Inputs&>().vectors; }

std::vector<py::array> inputs_of(const py::object& self) {
  const VectorSet& vectors = vectors_of(self);
  return views(vectors.input, vectors.count, vectors.inputs.data(), self);
}

py::dict slices_of(const py::object& self) {
  py::dict slices;
  for (const Slice& slice : vectors_of(self).slices) {
    slices[py::str(slice.name)] = py::make_tuple(column(slice.code, self), slice.values);
  }
  return slices;
}

py::array targets_of(const py::object& self) {
  const VectorSet& vectors = vectors_of(self);
  const auto count = static_cast<py::ssize_t>(vectors.count);
  const auto width = static_cast<py::ssize_t>(vectors.targets.size() / vectors.count);
  return view(py::dtype::of<float>(), {count, width}, vectors.targets.data(), self);
}

// What would be read beyond the vectors, or as elements that it is not.
void check_scorable(const campaign::Inputs& inputs, const Rows& rows) {
  const VectorSet& vectors = inputs.vectors;
  vectors.task->check_output("that gave these", rows.output, vectors);
  const std::string file = vectors.file.string();
  if (rows.top_k > 0 && !vectors.task->traits().class_is_largest)
    throw Error(ErrorKind::usage, "only the largest elements of each output are known", file,
                "run with `results: full`");
  for (const std::uint32_t vector : rows.rows.vector) {
    if (vector < vectors.count) continue;
    throw Error(ErrorKind::usage,
                "an inference is of vector " + std::to_string(vector) + ", and there are " +
                    std::to_string(vectors.count),
                file, "give inferences of this campaign");
  }
}

// As the task scores each row's output; NaN without an answer.
py::array_t<float> scores_of(const campaign::Inputs& inputs, const Rows& rows) {
  TrialInfo info;
  info.output = rows.output;
  info.top_k = rows.top_k;
  check_scorable(inputs, rows);
  metric::OutputScorer scorer(info, inputs.vectors);
  py::array_t<float> scores(static_cast<py::ssize_t>(rows.rows.size()));
  auto values = scores.mutable_unchecked<1>();
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    const std::size_t size = rows.rows.output_size;
    const metric::Output output = metric::Output(rows.rows.outputs).subspan(row * size, size);
    const bool counts =
        metric::gave_output(RowStatus{rows.rows.status[row]}) && metric::is_meaningful(info, output);
    values(static_cast<py::ssize_t>(row)) =
        counts ? scorer.score(output, rows.rows.vector[row]).score : std::nanf("");
  }
  return scores;
}

// Bytes of each output as elements of its type: the file's own shape is not kept.
py::dict golden_of(const py::object& self) {
  py::dict all;
  const VectorSet& vectors = vectors_of(self);
  for (const auto& [name, golden] : vectors.golden)
    all[py::str(name)] = views(golden.output, vectors.count, golden.outputs.data(), self);
  return all;
}

campaign::Inputs load(const std::filesystem::path& file, const std::vector<std::string>& candidates) {
  py::gil_scoped_release others_may_run;
  return campaign::load_inputs(load_campaign(file), candidates);
}

// In words, as `run` would refuse the campaign.
std::vector<std::string> complaints_of(const campaign::Inputs& inputs) {
  std::vector<std::string> words;
  for (const gate::Mistake& mistake : campaign::mistakes_that_stop(inputs, {}))
    words.push_back(mistake.what + "; " + mistake.remedy);
  return words;
}

// A judgement with the vectors that its report names.
struct Judged {
  const campaign::Inputs& inputs;  // kept alive by Python
  campaign::Judgement judgement;

  report::Report report() const { return judgement.report(inputs.vectors); }
};

Judged judge_stored(const campaign::Inputs& inputs, SharedStore& shared, std::optional<std::int64_t> run) {
  py::gil_scoped_release others_may_run;
  const std::lock_guard turn(shared.mutex);
  return {inputs, campaign::judge_run(*shared.store, run, inputs, system_now())};
}

void bind_inputs(py::module_& module) {
  py::class_<TaskTraits>(module, "Task")
      .def_readonly("kind", &TaskTraits::kind)
      .def_readonly("measure", &TaskTraits::measure)
      .def_readonly("has_classes", &TaskTraits::has_classes)
      .def_readonly("is_right_or_wrong", &TaskTraits::is_right_or_wrong)
      .def("__repr__",
           [](const TaskTraits& task) { return "<Task " + task.kind + ": " + task.measure + ">"; });
  py::class_<campaign::Inputs>(module, "Inputs")
      .def(py::init(&load), py::arg("file"), py::arg("candidates"))
      .def("complaints", &complaints_of)
      .def_property_readonly("name", [](const campaign::Inputs& inputs) { return inputs.campaign.name; })
      .def_property_readonly("file", [](const campaign::Inputs& inputs) { return inputs.campaign.file; })
      .def_property_readonly("baseline",
                             [](const campaign::Inputs& inputs) { return inputs.campaign.baseline; })
      .def_property_readonly("candidates",
                             [](const campaign::Inputs& inputs) { return inputs.campaign.candidates; })
      .def_property_readonly("models", [](const campaign::Inputs& inputs) { return inputs.campaign.models; })
      .def_property_readonly("bench", [](const campaign::Inputs& inputs) { return inputs.campaign.bench; })
      .def_property_readonly("policy", [](const campaign::Inputs& inputs) { return inputs.campaign.policy; })
      .def_property_readonly("repeats",
                             [](const campaign::Inputs& inputs) { return inputs.campaign.repeats; })
      .def_property_readonly("vectors_file",
                             [](const campaign::Inputs& inputs) { return inputs.vectors.file; })
      .def_property_readonly("vectors_sha256",
                             [](const campaign::Inputs& inputs) { return inputs.vectors.digest.hex(); })
      .def_property_readonly("vector_count",
                             [](const campaign::Inputs& inputs) { return inputs.vectors.count; })
      .def_property_readonly("tensors",
                             [](const campaign::Inputs& inputs) { return tensors_of(inputs.vectors.input); })
      .def_property_readonly("classes", [](const campaign::Inputs& inputs) { return inputs.vectors.classes; })
      .def_property_readonly("inputs", &inputs_of)
      .def_property_readonly("labels",
                             [](const py::object& self) { return column(vectors_of(self).labels, self); })
      .def_property_readonly("task",
                             [](const campaign::Inputs& inputs) { return inputs.campaign.task->traits(); })
      .def_property_readonly("targets", &targets_of)
      .def(
          "check_output",
          [](const campaign::Inputs& inputs, const std::string& model, const std::vector<Tensor>& outputs) {
            inputs.vectors.task->check_output(model, TensorList(outputs), inputs.vectors);
          },
          py::arg("model"), py::arg("outputs"))
      .def("scores", &scores_of, py::arg("rows"))
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
      .def_property_readonly("energies", [](const Judged& judged) { return judged.judgement.energies; })
      .def("json", [](const Judged& judged) { return report::render_json(judged.report()); })
      .def(
          "write",
          [](const Judged& judged, const std::filesystem::path& folder) {
            py::gil_scoped_release others_may_run;
            report::write_reports(judged.report(), folder);
          },
          py::arg("folder"));
}

}  // namespace tinyhil::python
