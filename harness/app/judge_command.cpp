// SPDX-License-Identifier: Apache-2.0
// Verdicts and reports from stored results; no board is touched.
#include "base/clock.hpp"
#include "campaign/mistakes.hpp"
#include "publish.hpp"

namespace tinyhil {

namespace {

Judgement judge_stored(const JudgeOptions& options, const Inputs& inputs) {
  const std::unique_ptr<RunStore> store = open_store(options.store, StoreAccess::read_only);
  return judge_run(*store, options.run, inputs, system_now());
}

}  // namespace

ExitCode judge_command(const JudgeOptions& options) {
  const Inputs inputs = load_inputs(options);
  refuse_mistakes(inputs, {});
  return publish(judge_stored(options, inputs), inputs, options);
}

ExitCode report_command(const JudgeOptions& options) {
  judge_command(options);  // the verdict is in the report; making it succeeded
  return ExitCode::pass;
}

}  // namespace tinyhil
