// SPDX-License-Identifier: Apache-2.0
// What stands between a model and its run, before a byte of it goes to a board.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "base/file_content.hpp"
#include "campaign/board_line.hpp"
#include "campaign/engine_survey.hpp"
#include "campaign/open_device.hpp"
#include "commands.hpp"
#include "formats/tflite.hpp"
#include "model/campaign.hpp"
#include "transport/run_to_end.hpp"

namespace tinyhil::app {

namespace {

using Json = nlohmann::ordered_json;

// One model's answer.
struct Checked {
  std::filesystem::path file;
  std::size_t bytes = 0;
  TfliteModel model;
  campaign::EngineSurvey survey;
  std::vector<std::string> reasons;  // also of the board
};

DeviceIdentity greet(const CheckOptions& options) {
  const Bench bench = load_bench(*options.bench);
  const Board& board = options.board.empty() ? bench.boards.front() : bench.board(options.board);
  asio::io_context io(1);
  campaign::BoardLine line(board, [&] { return campaign::open_here(io.get_executor(), board); });
  transport::run_to_end(io, line.greet());
  return line.identity();
}

Checked check(const std::filesystem::path& file, const std::optional<DeviceIdentity>& board) {
  const std::vector<std::uint8_t> content = read_file(file, kModelSizeMax, "model file");
  Checked checked{file, content.size(), read_tflite(content, file.string()), {}, {}};
  checked.survey = campaign::survey_for_reference(content);
  // What another engine runs is for its board to say.
  if (!board || board->board.engine.starts_with("reference") || board->board.engine == "fixed")
    checked.reasons = checked.survey.reasons;
  if (board)
    for (std::string& reason : campaign::too_large_for(*board, content, checked.survey))
      checked.reasons.push_back(std::move(reason));
  return checked;
}

std::string shapes(const std::vector<std::optional<Tensor>>& tensors) {
  std::string text;
  for (const std::optional<Tensor>& tensor : tensors)
    text += (text.empty() ? "" : ", ") + (tensor ? tensor->shape() : std::string("of another type"));
  return text;
}

void print(const Checked& checked) {
  fmt::print("{}: {}\n", checked.file.string(),
             checked.reasons.empty() ? "runs" : fmt::format("{} reasons against it", checked.reasons.size()));
  for (const std::string& reason : checked.reasons) fmt::print("  - {}\n", reason);
  fmt::print("  {} bytes; in {}; out {}\n", checked.bytes, shapes(checked.model.inputs),
             shapes(checked.model.outputs));
  if (checked.survey.runs())
    fmt::print("  needs at most {} bytes of arena; {} steps of inner loops an inference\n",
               checked.survey.arena_bytes, checked.survey.work);
}

Json json_of(const Checked& checked) {
  return {{"model", checked.file.string()},
          {"runs", checked.reasons.empty()},
          {"reasons", checked.reasons},
          {"bytes", checked.bytes},
          {"arena_bytes", checked.survey.runs() ? Json(checked.survey.arena_bytes) : Json(nullptr)},
          {"steps", checked.survey.work}};
}

}  // namespace

ExitCode check_command(const CheckOptions& options) {
  if (options.models.empty() && !options.operators)
    throw Error(ErrorKind::usage, "no model to check", "check",
                "name a .tflite file, or ask for --operators");
  Json document{{"operators", campaign::operators_of_reference()}, {"models", Json::array()}};
  std::optional<DeviceIdentity> board;
  if (options.bench && !options.models.empty()) board = greet(options);
  ExitCode code = ExitCode::pass;
  for (const std::filesystem::path& file : options.models) {
    const Checked checked = check(file, board);
    document["models"].push_back(json_of(checked));
    if (!options.json) print(checked);
    if (!checked.reasons.empty()) code = ExitCode::fail;
  }
  if (options.operators && !options.json)
    for (const std::string& name : campaign::operators_of_reference()) fmt::print("{}\n", name);
  if (options.json) fmt::print("{}\n", document.dump(2, ' ', false, Json::error_handler_t::replace));
  return code;
}

}  // namespace tinyhil::app
