// SPDX-License-Identifier: Apache-2.0
// What the commands that judge have in common: the same options in, the same words and files out.
#pragma once

#include "campaign/judgement.hpp"
#include "commands.hpp"
#include "model/exit_code.hpp"

namespace tinyhil::app {

campaign::Inputs load_inputs(const JudgeOptions& options);

// Where reports go: the folder asked for, or results/reports/<campaign>.
std::filesystem::path report_folder(const JudgeOptions& options, const Campaign& campaign);

// Writes the reports, prints what was waived, then one paragraph per candidate, verdict, reason and where the
// report is (or, with --json, the whole as one document), and returns the exit code; with --waived-ok, a
// waived release counts as passed.
ExitCode publish(const campaign::Judgement& judgement, const campaign::Inputs& inputs,
                 const JudgeOptions& options);

}  // namespace tinyhil::app
