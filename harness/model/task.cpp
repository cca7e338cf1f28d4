// SPDX-License-Identifier: Apache-2.0
#include "task.hpp"

#include <cassert>

#include "base/error.hpp"
#include "formats/section.hpp"

namespace tinyhil {

#define TINYHIL_DRIVER(name) SharedTask make_##name(const Section& section);
#include "drivers.inc"
#undef TINYHIL_DRIVER

namespace {

struct TaskEntry {
  const char* kind;
  SharedTask (*make)(const Section&);
};

constexpr TaskEntry kTasks[] = {
#define TINYHIL_DRIVER(name) {#name, make_##name},
#include "drivers.inc"
#undef TINYHIL_DRIVER
};

}  // namespace

std::vector<std::string> task_kinds() {
  std::vector<std::string> kinds;
  for (const TaskEntry& entry : kTasks) kinds.emplace_back(entry.kind);
  return kinds;
}

void Task::need_single_output(const std::string& model, const TensorList& output,
                              const std::string& file) const {
  if (output.is_single()) return;
  throw Error(ErrorKind::usage,
              "model `" + model + "` has " + std::to_string(output.size()) + " outputs, " + output.shape() +
                  "; a " + traits().kind + " reads a single one",
              file, "compare models with one output");
}

SharedTask make_task(const Section& section) {
  const std::string kind = section.choice("kind", task_kinds());
  for (const TaskEntry& entry : kTasks) {
    if (entry.kind != kind) continue;
    SharedTask task = entry.make(section);
    section.finish();
    return task;
  }
  assert(false && "choice() returned one of them");
  return nullptr;
}

SharedTask classification() {
  static const SharedTask task = make_task(Section::parse("kind: classification", "default"));
  return task;
}

}  // namespace tinyhil
