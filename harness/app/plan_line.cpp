// SPDX-License-Identifier: Apache-2.0
#include "plan_line.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "bench/board_access.hpp"
#include "campaign/encodings.hpp"
#include "device/agent/packing.hpp"
#include "thil/wire.h"

namespace tinyhil::app {

namespace {

constexpr std::uint64_t kRowHead = 9;  // status, clock, second timer
constexpr std::uint32_t kEnough = 1 << 30;

std::uint64_t row_bytes(const gate::KnownModel& model, const Campaign& campaign) {
  const std::optional<TensorList> output = model.file ? model.file->output() : std::nullopt;
  if (campaign.results == ResultForm::digest || !output) return kRowHead + THIL_SHORT_DIGEST_SIZE;
  if (campaign.results == ResultForm::full) return kRowHead + output->bytes();
  const std::uint64_t elements = std::min<std::uint64_t>(campaign.top_k, output->elements());
  return kRowHead + elements * (2 + size_of(output->front().dtype));
}

// Of all encodings together: packed size / size.
double packing_of(const device::EncodedVectors& vectors) {
  double packed = 0, all = 0;
  for (const VectorSet* set : vectors) {
    const auto bytes = static_cast<double>(set->inputs.size());
    packed += bytes * device::choose_packing(set->inputs, set->input).ratio;
    all += bytes;
  }
  return all > 0 ? packed / all : 1;
}

campaign::LineWork work_of(const campaign::Inputs& inputs, const campaign::Encodings& encodings) {
  campaign::LineWork work{encodings.sets(), {}};
  for (const ModelFile& model : inputs.campaign.models) work.models.push_back(model.content.size());
  for (const gate::KnownModel& model : inputs.models) work.rows_each += row_bytes(model, inputs.campaign);
  work.rows_each *= static_cast<std::uint64_t>(inputs.campaign.repeats);
  work.packing = packing_of(work.vectors);
  return work;
}

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.3g} MB", static_cast<double>(bytes) / 1e6);
}

std::string minutes(const campaign::LineLoad& load, int baud) {
  return fmt::format("{:.1f} min", campaign::line_seconds(load, baud) / 60);
}

// What small slots cost.
void print_hint(const PlannedLine& line, std::size_t models) {
  const campaign::LineLoad& load = line.load;
  if (load.vector_pushes <= 1 && load.model_pushes <= models) return;
  const std::string repeated = load.vector_pushes > 1
                                   ? fmt::format("the vectors are sent {} times", load.vector_pushes)
                                   : fmt::format("models are sent {} times", load.model_pushes);
  fmt::print(
      "    the models do not fit the board together, so {}; {} model slots would make it {}\n"
      "    latencies of two models are then minutes apart, not taken by turns\n",
      repeated, models, minutes(line.roomy, line.baud));
}

std::optional<int> line_rate(const Board* board) {
  return board == nullptr ? std::nullopt : bench::board_access(*board)->line_rate();
}

}  // namespace

PlannedLine plan_line(const campaign::Inputs& inputs, const LineOptions& options, const Board* board) {
  const std::optional<int> rate = line_rate(board);  // with --baud, too: a mistake in the link is told
  PlannedLine line;
  line.baud_from = "assumed, see --baud";
  if (options.baud) {
    line.baud = *options.baud;
    line.baud_from = "--baud";
  } else if (rate) {
    line.baud = *rate;
    line.baud_from = "the bench's board " + board->name;
  }
  const campaign::Encodings encodings(inputs.vectors, inputs.campaign, campaign::model_inputs(inputs.models));
  const campaign::LineWork work = work_of(inputs, encodings);
  line.slots_given = options.model_slots || options.vector_slots || options.vector_slot_size;
  std::optional<campaign::BoardSlots> slots;
  if (line.slots_given) {
    slots.emplace();
    slots->models = options.model_slots.value_or(static_cast<std::uint16_t>(work.models.size()));
    slots->vectors = {options.vector_slots.value_or(1), options.vector_slot_size.value_or(kEnough)};
  }
  line.load = campaign::estimate_line(work, slots);
  line.roomy = campaign::estimate_line(work, std::nullopt);
  return line;
}

void print_line(const PlannedLine& line, const campaign::Inputs& inputs) {
  fmt::print("line: {} to the board and {} back for all {} vectors, {} at {} baud ({}){}\n",
             megabytes(line.load.to_device), megabytes(line.load.to_host), inputs.vectors.count,
             minutes(line.load, line.baud), line.baud, line.baud_from,
             line.slots_given ? "" : ", if the board holds all of it; else see --model-slots");
  print_hint(line, inputs.campaign.models.size());
}

nlohmann::ordered_json json_of(const PlannedLine& line) {
  return {{"bytes_to_device", line.load.to_device},
          {"bytes_to_host", line.load.to_host},
          {"seconds", campaign::line_seconds(line.load, line.baud)},
          {"baud", line.baud},
          {"baud_from", line.baud_from},
          {"model_pushes", line.load.model_pushes},
          {"vector_passes", line.load.vector_pushes}};
}

}  // namespace tinyhil::app
