// SPDX-License-Identifier: Apache-2.0
// Verdicts and reports from stored results; no board is touched.
#include "base/clock.hpp"
#include "campaign/mistakes.hpp"
#include "publish.hpp"

namespace tinyhil::app {

namespace {

campaign::Judgement judge_stored(const JudgeOptions& options, const campaign::Inputs& inputs) {
  const std::unique_ptr<store::RunStore> store =
      store::open_store(options.store, store::StoreAccess::read_only);
  return campaign::judge_run(*store, options.run, inputs, system_now());
}

}  // namespace

ExitCode judge_command(const JudgeOptions& options) {
  const campaign::Inputs inputs = load_inputs(options);
  campaign::refuse_mistakes(inputs, {});
  return publish(judge_stored(options, inputs), inputs, options);
}

ExitCode report_command(const JudgeOptions& options) {
  judge_command(options);  // the verdict is in the report; making it succeeded
  return ExitCode::pass;
}

}  // namespace tinyhil::app
