// SPDX-License-Identifier: Apache-2.0
// A folder with a campaign that runs at once, out of data and models.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "base/file_content.hpp"
#include "base/write_file.hpp"
#include "campaign/mistakes.hpp"
#include "commands.hpp"
#include "formats/csv.hpp"
#include "formats/npz_writer.hpp"
#include "formats/tflite.hpp"
#include "model/csv_vectors.hpp"
#include "publish.hpp"
#include "quoted.hpp"

namespace tinyhil::app {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDataMax = std::size_t{1} << 30;
constexpr const char* kHeading = "# SPDX-License-Identifier: Apache-2.0\n";

std::string content_in(const fs::path& file, std::size_t most, const std::string& noun) {
  const std::vector<std::uint8_t> content = read_file(file, most, noun);
  return {content.begin(), content.end()};
}

struct NewModel {
  std::string name;  // of the file, with what a name may not have replaced
  std::string file;  // in the folder
  std::string content;
};

std::string name_for(const fs::path& file) {
  std::string name = file.stem().string();
  const auto may_have = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  };
  std::ranges::replace_if(
      name, [&](char c) { return !may_have(static_cast<unsigned char>(c)); }, '-');
  return name;
}

NewModel load_model(const fs::path& file) {
  const std::string name = name_for(file);
  return {name, "models/" + name + file.extension().string(), content_in(file, kModelSizeMax, "model file")};
}

std::vector<NewModel> load_models(const NewOptions& options) {
  std::vector<NewModel> models = {load_model(options.baseline)};
  for (const fs::path& candidate : options.candidates) models.push_back(load_model(candidate));
  std::set<std::string> names;
  for (const NewModel& model : models) {
    if (names.insert(model.name).second) continue;
    throw Error(ErrorKind::usage, "two models are called `" + model.name + "`", "command line",
                "give their files different names");
  }
  return models;
}

// Nothing where only the engine can read the file.
std::optional<Tensor> input_of(const NewModel& model) {
  const std::vector<std::uint8_t> content(model.content.begin(), model.content.end());
  if (!is_tflite(content)) return std::nullopt;
  const std::optional<TensorList> input = read_tflite(content, model.file).input();
  return input && input->is_single() ? std::optional(input->only()) : std::nullopt;
}

std::vector<std::string> words_between_commas(const std::string& list) {
  std::vector<std::string> words;
  std::size_t begin = 0;
  while (begin < list.size()) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    words.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

std::string vectors_of(const NewOptions& options, const NewModel& baseline) {
  std::string content = content_in(options.data, kDataMax, "data file");
  if (options.data.extension() == ".npz") return content;
  if (options.data.extension() == ".csv") {
    const Csv csv = parse_csv(content, options.data.string());
    return npz_of(vectors_of_csv(csv, input_of(baseline), words_between_commas(options.classes)));
  }
  throw Error(ErrorKind::usage, "vectors are made from a .npz or a .csv file", options.data.string(),
              "save the data as one of them; docs/new.md has the columns");
}

std::string campaign_text(const std::string& name, const std::vector<NewModel>& models) {
  std::string text = std::string(kHeading) + "campaign: " + name + "\nvectors: vectors.npz\nmodels:\n";
  for (const NewModel& model : models)
    text += "  " + quoted(model.name) + ": {file: " + quoted(model.file) + "}\n";
  text += "baseline: " + quoted(models.front().name) + "\ncandidates: [";
  for (std::size_t i = 1; i < models.size(); ++i) text += (i == 1 ? "" : ", ") + quoted(models[i].name);
  return text + "]\nbench: bench.yaml\ngate: gate.yaml\n";
}

std::string gate_text(const std::string& name, const VectorSet& vectors) {
  std::string slices;
  for (const Slice& slice : vectors.slices) slices += (slices.empty() ? "" : ", ") + quoted(slice.name);
  std::string text = std::string(kHeading) + "policy: " + name + "-release\nalpha: 5 %\nrules:\n" +
                     "  - {id: accuracy, test: noninferiority, margin: 2 %}\n";
  if (!slices.empty())
    text += "  - {id: worst-slice, test: worst_slice, over: [" + slices + "], margin: 6 %, min_n: 30}\n";
  return text + "  - {id: no-faults, test: no_faults}\n";
}

// Where a build has put them, beside this program.
std::string new_bench_text() {
  const fs::path programs = fs::read_symlink("/proc/self/exe").parent_path();
  const fs::path agent = programs / "thil-agent-host";
  const fs::path firmware = programs.parent_path().parent_path() / "firmware-mps2-an386" / "agent.elf";
  std::string boards;
  if (fs::exists(agent)) {
    const std::string file = quoted(agent.string());
    boards += "  - name: host\n    provenance: process\n    image: " + file +
              "\n    link: {driver: process, command: [" + file + "]}\n";
  }
  if (fs::exists(firmware)) {
    boards += "  - name: m4\n    provenance: emulated\n    image: " + quoted(firmware.string()) +
              "\n    link: {driver: emulated, machine: mps2-an386}\n";
  }
  if (!boards.empty())
    return std::string(kHeading) +
           "# The agent as a process, and on an emulated Cortex-M4.\nbench: desk\nboards:\n" + boards;
  throw Error(ErrorKind::usage, "there is neither an agent nor firmware to run models on", agent.string(),
              "build them: ./dev build");
}

std::string readme_text(const std::string& name, const VectorSet& vectors) {
  std::string classes;
  for (const std::string& each : vectors.classes) classes += (classes.empty() ? "" : ", ") + each;
  return "# " + name + "\n\n" + std::to_string(vectors.count) +
         " vectors, classes in the order of the models' outputs: " + classes +
         ".\n\n"
         "    tinyhil run campaign.yaml              # the agent as a process: outputs are right, times mean "
         "nothing\n"
         "    tinyhil run campaign.yaml --board m4   # its firmware on an emulated Cortex-M4\n"
         "    tinyhil failures                       # which vectors were lost\n"
         "    tinyhil plan campaign.yaml             # how many vectors a verdict takes\n\n"
         "Next: margins in gate.yaml that follow from what is acceptable, your board in bench.yaml\n"
         "(`tinyhil discover`), expected outputs (`golden`) in vectors.npz.\n";
}

// "a/b" and "a/b/" are called b.
std::string name_of_folder(const fs::path& folder) {
  return folder.has_filename() ? folder.filename().string() : folder.parent_path().filename().string();
}

void write_scenario(const NewOptions& options) {
  const std::string name = name_of_folder(options.folder);
  const std::vector<NewModel> models = load_models(options);
  const std::string content = vectors_of(options, models.front());
  const VectorSet vectors = parse_vector_set({content.begin(), content.end()}, options.data);
  const std::string bench = new_bench_text();
  write_file(options.folder / "vectors.npz", content);
  for (const NewModel& model : models) write_file(options.folder / model.file, model.content);
  write_file(options.folder / "campaign.yaml", campaign_text(name, models));
  write_file(options.folder / "gate.yaml", gate_text(name, vectors));
  write_file(options.folder / "bench.yaml", bench);
  write_file(options.folder / "README.md", readme_text(name, vectors));
}

void refuse_existing(const fs::path& folder) {
  std::error_code none;
  if (fs::symlink_status(folder, none).type() == fs::file_type::not_found) return;
  throw Error(ErrorKind::usage, "there is something of this name already", folder.string(),
              "give another name, or move it away");
}

}  // namespace

ExitCode new_command(const NewOptions& options) {
  refuse_existing(options.folder);
  try {
    write_scenario(options);
    JudgeOptions made;
    made.campaign = options.folder / "campaign.yaml";
    campaign::refuse_mistakes(load_inputs(made), {});
    load_bench(options.folder / "bench.yaml");
  } catch (...) {
    std::error_code ignored;  // what went wrong is told
    fs::remove_all(options.folder, ignored);
    throw;
  }
  fmt::print("{:<13} {}\n{:<13} tinyhil run {}\n", "made", options.folder.string(), "now",
             (options.folder / "campaign.yaml").string());
  return ExitCode::pass;
}

}  // namespace tinyhil::app
