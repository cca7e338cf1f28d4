// SPDX-License-Identifier: Apache-2.0
#include "run_outcome.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file_content.hpp"
#include "model/exit_code.hpp"
#include "model/failure_class.hpp"

namespace tinyhil::daemon {

namespace {

constexpr std::size_t kOutputMost = 64UL * 1024 * 1024;
constexpr int kFirstOfSignals = 128;

nlohmann::json output_of(const JobFolder& folder) {
  try {
    return nlohmann::json::parse(read_file(folder.output(), kOutputMost, "verdict"), nullptr, false);
  } catch (const Error&) {
    return nullptr;  // it was not even written: the exit code says more
  }
}

CampaignEnd verdicts_in(const nlohmann::json& output, int code) {
  CampaignEnd end;
  end.exit_code = code;
  for (const nlohmann::json& verdict : output.at("verdicts"))
    end.outcomes.push_back(
        {verdict.at("candidate").get<std::string>(), verdict.at("outcome").get<std::string>()});
  end.policy_digest = output.at("judged_by").value("policy_digest", "");
  return end;
}

// A path as whoever sent the files knows it: without the folder that the daemon laid them out in.
std::string as_sent(std::string text, const JobFolder& folder) {
  const std::string here = folder.files().string() + '/';
  for (std::size_t at = text.find(here); at != std::string::npos; at = text.find(here, at))
    text.erase(at, here.size());
  return text;
}

CampaignEnd problem_in(const nlohmann::json& output, const JobFolder& folder) {
  const nlohmann::json& error = output.at("error");
  const auto text = [&](const char* key) { return as_sent(error.at(key).get<std::string>(), folder); };
  CampaignEnd end;
  end.problem =
      CampaignProblem{error.at("exit_code").get<int>(), text("what"), text("where"), text("remedy")};
  const auto of = error.find("class");
  if (of != error.end() && of->is_string()) of->get_to(end.problem->failure_class);
  end.exit_code = end.problem->exit_code;
  return end;
}

// Also what it would have said of that.
CampaignEnd unwritten(const JobFolder& folder) {
  CampaignEnd end;
  end.problem = CampaignProblem{
      static_cast<int>(ExitCode::output), "its run could not write its output", folder.output().string(),
      "free space where the daemon's --state lies, and resume it", to_string(FailureClass::configuration)};
  end.exit_code = end.problem->exit_code;
  return end;
}

CampaignEnd without_document(const JobFolder& folder, int code) {
  if (code == static_cast<int>(ExitCode::output)) return unwritten(folder);
  const std::string how = code > kFirstOfSignals && code != static_cast<int>(ExitCode::interrupted) &&
                                  code != static_cast<int>(ExitCode::hung_up)
                              ? "was ended by signal " + std::to_string(code - kFirstOfSignals)
                              : "ended with exit code " + std::to_string(code) + " and said nothing";
  CampaignEnd end;
  end.problem =
      CampaignProblem{static_cast<int>(ExitCode::bench_fault), "its run " + how, folder.log().string(),
                      "see its log, and resume it", to_string(FailureClass::bench)};
  end.exit_code = end.problem->exit_code;
  return end;
}

}  // namespace

CampaignEnd run_outcome(const JobFolder& folder, int exit_code) {
  const nlohmann::json output = output_of(folder);
  try {
    if (output.is_object() && output.contains("error")) return problem_in(output, folder);
    if (output.is_object() && output.contains("verdicts")) return verdicts_in(output, exit_code);
  } catch (const nlohmann::json::exception&) {  // it is not what we write
    return without_document(folder, exit_code);
  }
  return without_document(folder, exit_code);
}

}  // namespace tinyhil::daemon
